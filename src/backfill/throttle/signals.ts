import type { throttleLimits } from "../../core/language/throttle.ts";
import { activeConnections, longTransaction } from "./activity.ts";
import { flowControl, receiveQueue } from "./cluster.ts";
import { customCheck, customSql } from "./custom.ts";
import { replicaLag, slots, walRate } from "./replication.ts";
import type { Signal } from "./signal.ts";
import { vacuum } from "./vacuum.ts";

/**
 * The signals, in the order in which a throttle reads them. A limit that nobody reads does not
 * compile.
 */
export const signals: readonly Signal[] = Object.values({
  check: customCheck,
  sql: customSql,
  longTransactionMs: longTransaction,
  activeConnections,
  autovacuum: vacuum,
  replicaLagMs: replicaLag,
  slotBytes: slots,
  walBytesPerSecond: walRate,
  flowControlPaused: flowControl,
  receiveQueue,
} satisfies { readonly [Limit in keyof typeof throttleLimits]: Signal });
