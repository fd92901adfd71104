/** Everything that a reporter can hear while something runs. */

import type { Notice } from "../adapters/adapter.ts";
import type { Blocker, LockWait, NamedLock } from "../core/model/blocker.ts";
import type { LockHolder } from "../core/model/errors.ts";
import type { Direction, Phase, Version } from "../core/model/migration.ts";
import type { StatementProgress } from "../core/model/statement-progress.ts";
import type { Warning } from "../core/model/warnings.ts";
import type { Forecast } from "../core/safety/forecast/forecast.ts";

/** Which migration an event is about. */
export type MigrationRef = {
  readonly repo: string;
  readonly version: Version;
  readonly name: string;
};

/** The migrations of one repo that a release waits for before it starts. */
export type WaitingFor = {
  readonly repo: string;
  readonly pending: readonly { readonly version: Version; readonly name: string }[];
  /** How many tenants lack something. Default: none, or nobody asked. */
  readonly tenants?: number | undefined;
  /** Who holds the migration lock, and so most likely runs them. */
  readonly holder?: LockHolder | undefined;
  /** Why the server could not be asked. */
  readonly reason?: string | undefined;
};

/** Something that happened in a run, for reporters and for `emit`: switch on `type`. */
export type RunEvent =
  | ({ readonly type: "warning"; readonly repo: string } & Warning)
  | {
      readonly type: "nothing_to_do";
      readonly repo: string;
      readonly direction: Direction;
      /** How many are pending that the target or phase leaves out. Default: none is, or none was given. */
      readonly left?: number;
      /** The phase that was given. Default: none was, or nothing is left out. */
      readonly phase?: Phase;
    }
  | {
      readonly type: "lock_waiting";
      readonly repo: string;
      readonly waitedMs: number;
      readonly holder: LockHolder | undefined;
    }
  | ({ readonly type: "waiting"; readonly waitedMs: number } & WaitingFor)
  | { readonly type: "lock_taken"; readonly repo: string; readonly waitedMs: number }
  | {
      readonly type: "migration_started";
      readonly migration: MigrationRef;
      readonly direction: Direction;
      readonly callback: "change" | "up" | "down";
    }
  | {
      /** The forecast of slow work. `migration_finished` gives the time that it took. */
      readonly type: "forecast";
      readonly migration: MigrationRef;
      readonly forecasts: readonly Forecast[];
    }
  | { readonly type: "operation"; readonly migration: MigrationRef; readonly words: string }
  | {
      readonly type: "sql";
      readonly repo: string;
      readonly by: "migration" | "migrator";
      readonly sql: string;
      readonly parameters?: readonly unknown[];
    }
  | { readonly type: "notice"; readonly repo: string; readonly notice: Notice }
  | ({
      /** A try that ended because others were in the way. What it had done is rolled back. */
      readonly type: "blocked";
      readonly migration: MigrationRef;
      readonly operation: string | undefined;
      /** From 1. */
      readonly attempt: number;
      readonly reason: "lock_timeout" | "deadlock";
      /** How long the try took: for no longer did anybody wait behind it. */
      readonly tookMs: number;
      /** When it is tried again; `undefined` when it is not. */
      readonly nextInMs: number | undefined;
    } & LockWait)
  | {
      /**
       * The transactions that were open when a statement began that waits for all older ones, such
       * as a concurrent build.
       */
      readonly type: "waits_for";
      readonly migration: MigrationRef;
      readonly operation: string;
      readonly blockers: readonly Blocker[];
    }
  | ({
      /** Each second of a statement that takes longer than three, with the progress that the server reports. */
      readonly type: "statement_progress";
      readonly migration: MigrationRef;
      /** The operations that the server got together: one, or all of a transaction. */
      readonly operations: readonly string[];
      readonly elapsedMs: number;
    } & StatementProgress)
  | {
      /** A try that worked, and that took long enough to be seen holding locks. */
      readonly type: "locks_held";
      readonly migration: MigrationRef;
      readonly attempt: number;
      /** How long the try took: no lock was held for longer. */
      readonly tookMs: number;
      readonly held: readonly NamedLock[];
    }
  | {
      /** A connection that was in the way, and idle in its transaction, was ended. */
      readonly type: "blocker_ended";
      readonly migration: MigrationRef;
      readonly blocker: Blocker;
    }
  | {
      readonly type: "migration_finished";
      readonly migration: MigrationRef;
      readonly direction: Direction;
      readonly durationMs: number;
      /** The forecast, from the fastest to the slowest. Default: there was none. */
      readonly forecastMs?: readonly [number, number] | undefined;
    }
  | {
      readonly type: "backfill_started";
      readonly migration: MigrationRef;
      readonly table: string;
      /** As the statistics have it. */
      readonly rowsExpected: number;
      /** Whether an earlier run, or another process, has begun it. */
      readonly joined: boolean;
    }
  | ({ readonly type: "backfill_progress"; readonly migration: MigrationRef } & BackfillProgress)
  | {
      readonly type: "backfill_held";
      readonly migration: MigrationRef;
      /** Why nothing runs now; `undefined` when it continues. */
      readonly reason: string | undefined;
    }
  | {
      readonly type: "backfill_ended";
      readonly migration: MigrationRef;
      /** `finished` means the whole of it; after any other end it can continue. */
      readonly end: "finished" | "time_over" | "interrupted" | "paused" | "cancelled" | "failed";
      readonly rowsSeen: number;
      readonly rowsChanged: number;
    }
  | { readonly type: "fleet_up_to_date"; readonly repo: string; readonly tenants: number }
  | {
      /** Tenants that failed in an earlier run are left alone. */
      readonly type: "fleet_quarantined";
      readonly repo: string;
      readonly tenants: number;
    }
  | {
      /** A run over many tenants begins. */
      readonly type: "fleet_started";
      readonly repo: string;
      /** How many lack something. */
      readonly behind: number;
      readonly connections: number;
    }
  | {
      /** The tenants of this wave come before the next ones. */
      readonly type: "fleet_wave";
      readonly repo: string;
      readonly wave: "canary" | "first" | "rest";
      readonly tenants: number;
    }
  | ({ readonly type: "fleet_progress"; readonly repo: string } & FleetCounts)
  | {
      readonly type: "tenant_failed";
      readonly repo: string;
      readonly tenant: string;
      readonly version: Version;
      readonly name: string;
      readonly reason: string;
    }
  | {
      readonly type: "fleet_ended";
      readonly repo: string;
      /** How many this process has migrated. */
      readonly migrated: number;
      readonly failed: number;
      /** How many were not begun, because too many had failed. */
      readonly left: number;
      readonly durationMs: number;
    }
  | {
      readonly type: "migration_failed";
      readonly migration: MigrationRef;
      readonly direction: Direction;
      readonly reason: string;
    };

/** How far a run over many tenants is, as this process sees it. */
export type FleetCounts = {
  readonly done: number;
  readonly failed: number;
  readonly behind: number;
  readonly perSecond: number;
  /** When it will be done at this rate; `undefined` while there is none. */
  readonly leftMs: number | undefined;
};

/** How far a backfill is, by all processes together, and how fast this one sees it go. */
export type BackfillProgress = {
  readonly rowsSeen: number;
  readonly rowsChanged: number;
  readonly rowsExpected: number;
  readonly rowsDead: number;
  readonly rowsPerSecond: number;
  /** The size of the latest batch. */
  readonly batchRows: number;
  readonly batchMs: number;
  readonly workers: number;
  /** When it will be done at this rate; `undefined` while there is none. */
  readonly leftMs: number | undefined;
};

/** Hears events, in order. Must not throw. */
export type Emit = (event: RunEvent) => void;

/** The world that a run needs besides its connections. */
export type Edge = {
  readonly emit: Emit;
  /** Milliseconds since an arbitrary start, for durations. */
  readonly now: () => number;
  /** Resolves after this many milliseconds, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number;
  /** Aborts when the run is to stop at the next safe point; its reason is the name of the operating system's signal. */
  readonly signal: AbortSignal;
};
