/** Every signal of a throttle, in the order in which they are asked. */
import type { Throttle } from "../../core/backfill/throttle.ts";
import type { Dialect } from "../../core/dialect.ts";
import type { MigrationDatabase } from "../../core/schema/operation.ts";
import type { Target } from "../target.ts";
import { activeConnections, longTransaction } from "./activity.ts";
import { customCheck, customSql } from "./custom.ts";
import { replicaLag, slots, walRate } from "./replication.ts";
import { vacuum } from "./vacuum.ts";

export type SignalContext = {
  readonly db: MigrationDatabase;
  readonly dialect: Dialect;
  readonly target: Target;
  readonly now: () => number;
  /** What a signal keeps from one reading to the next. */
  readonly memory: Map<string, Reading>;
};

/** What a signal read earlier. */
export type Reading = { readonly at: number; readonly value: number; readonly rate?: number };

export type Signal = {
  readonly name: string;
  /** What the throttle says about it; `undefined` when it is not asked for. */
  readonly limit: (throttle: Throttle) => unknown;
  /** Why to hold. Throws when it cannot tell. */
  readonly read: (context: SignalContext, throttle: Throttle) => Promise<string | undefined>;
};

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
