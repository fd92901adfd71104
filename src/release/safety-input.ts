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
  /** Whether rules take every table for large. */
  readonly strict: boolean;
  /** The rules leave migrations up to this version alone. Default: they judge all. */
  readonly startAfter: Version | undefined;
  /** The steps to run, in their order. */
  readonly steps: readonly Step[];
  /** Every migration of the release, oldest first: applied ones tell which objects are there. */
  readonly files: readonly MigrationFile[];
  /** The release's own rules. */
  readonly ownRules: readonly Rule[];
  readonly source: Source;
  readonly session: Session;
  readonly prepare: Omit<PrepareInput, "migrations">;
  /** The lock policies of the repo and of the command. */
  readonly policies: {
    readonly repo: LockPolicySettings;
    readonly command?: LockPolicySettings | undefined;
  };
};
