/** One signal that a throttle can watch. */

import type { Dialect } from "../../core/language/dialect.ts";
import type { Throttle } from "../../core/language/throttle.ts";
import type { MigrationDatabase } from "../../core/model/migration-database.ts";
import type { BackfillTarget } from "../target.ts";

export type SignalContext = {
  readonly db: MigrationDatabase;
  readonly dialect: Dialect;
  readonly target: BackfillTarget;
  readonly now: () => number;
  /** Values that a signal keeps from one reading to the next. */
  readonly memory: Map<string, Reading>;
};

/** An earlier reading of a signal. */
export type Reading = { readonly at: number; readonly value: number; readonly rate?: number };

export type Signal = {
  readonly name: string;
  /** What it tells something about: backfills that share it share the answer. */
  readonly of: "server" | "database" | "table";
  /** The throttle's limit for the signal; `undefined` when it sets none. */
  readonly limit: (throttle: Throttle) => unknown;
  /** Why to hold. Throws when it cannot tell. */
  readonly read: (context: SignalContext, throttle: Throttle) => Promise<string | undefined>;
};
