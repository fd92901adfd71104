/** Every signal of a throttle, in the order in which they are asked. */
import type { Session } from "../../adapters/adapter.ts";
import type { Throttle } from "../../core/backfill/throttle.ts";
import type { Target } from "../target.ts";
import { activeConnections, longTransaction } from "./activity.ts";
import { customCheck, customSql } from "./custom.ts";
import { replicaLag, slots, walRate } from "./replication.ts";
import { vacuum } from "./vacuum.ts";

export type SignalContext = {
  readonly session: Session;
  readonly target: Target;
  readonly now: () => number;
  /** What a signal keeps from one reading to the next. */
  readonly memory: Map<string, { readonly at: number; readonly value: number }>;
};

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
