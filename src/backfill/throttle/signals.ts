import { activeConnections, longTransaction } from "./activity.ts";
import { customCheck, customSql } from "./custom.ts";
import { replicaLag, slots, walRate } from "./replication.ts";
import type { Signal } from "./signal.ts";
import { vacuum } from "./vacuum.ts";

export const signals: readonly Signal[] = [
  customCheck,
  customSql,
  longTransaction,
  activeConnections,
  vacuum,
  replicaLag,
  slots,
  walRate,
];
