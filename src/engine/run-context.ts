import type { Fence, Lease, Session } from "../adapters/adapter.ts";
import type { LockPolicySettings } from "../core/model/lock-policy.ts";
import type { Version } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import type { Step } from "../core/plan/step.ts";
import type { Edge } from "./events.ts";
import type { RunFacts } from "./run-facts.ts";

/** The repo, the connections and the settings with which steps run. */
export type RunContext = {
  readonly repo: string;
  readonly session: Session;
  /** `undefined` when the lock is switched off. */
  readonly lease: Lease | undefined;
  /** `undefined` when the lock is switched off. */
  readonly fence: Fence | undefined;
  /** Another connection like that of `session`, for when that one is lost. */
  readonly reopen: () => Promise<Session>;
  /** One more connection, with the rights to look at others, which is given up when the signal aborts. */
  readonly observe: (signal: AbortSignal) => Promise<Session>;
  /** The connection that looks at the locks of the other one. `undefined`: nobody looks. */
  readonly watcher: Session | undefined;
  /** The lock policies of the repo and of the command. */
  readonly policies: {
    readonly repo: LockPolicySettings;
    readonly command: LockPolicySettings | undefined;
  };
  /** Code in a migration of a schema counts as taking strong locks, that in one of data does not but sees all rows. */
  readonly lane: "schema" | "data";
  readonly historyTable: Named;
  /**
   * The migrations that the journal says something of, read under the lock, once it was made. Default: each step makes the
   * journal where it is missing, and asks it.
   */
  readonly begun?: ReadonlySet<Version> | undefined;
  readonly facts: RunFacts;
  readonly edge: Edge;
};

/** Where a step stands in its run. */
export type StepPlace = {
  /** The step behind it. */
  readonly next?: Step | undefined;
  /** Its first unit was announced with the record of the step before. Default: it was not. */
  readonly isAnnounced?: boolean;
};
