import type { Session } from "../adapters/adapter.ts";
import type { LockPolicySettings } from "../core/model/lock-policy.ts";
import type { MigrationFile, Version } from "../core/model/migration.ts";
import type { PrepareInput, Step } from "../core/plan/step.ts";
import type { Rule } from "../core/safety/rules/rule.ts";
import type { Source } from "../engine/discovery/source.ts";
import type { SafeMode } from "./config.ts";

export type SafetyInput = {
  readonly repo: string;
  readonly mode: SafeMode;
  /** Whether every table is taken to be large. */
  readonly strict: boolean;
  /** Up to which version nothing is said. Default: it is said of all. */
  readonly startAfter: Version | undefined;
  /** What is to run, in its order. */
  readonly steps: readonly Step[];
  /** Every migration of the release, oldest first: what has run tells what is there. */
  readonly files: readonly MigrationFile[];
  /** Rules of the release's own. */
  readonly ownRules: readonly Rule[];
  readonly source: Source;
  readonly session: Session;
  readonly prepare: Omit<PrepareInput, "migrations">;
  /** What is said of locks: by the repo, and by the command. */
  readonly policies: {
    readonly repo: LockPolicySettings;
    readonly command?: LockPolicySettings | undefined;
  };
};
