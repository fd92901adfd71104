/** The whole surface of "slipway". */
export type { Adapter, Notice, Session } from "./adapters/adapter.ts";
export {
  type BackfillDefinition,
  type BackfillRow,
  type BackfillValue,
  defineBackfill,
} from "./core/language/backfill-definition.ts";
export type { MigrationBuilder } from "./core/language/builder.ts";
export type { ColumnType, CustomTypes, WrittenType } from "./core/language/column-type.ts";
export type { SchemaDefaults } from "./core/language/defaults.ts";
export { defineMigration, type MigrationDefinition } from "./core/language/migration-definition.ts";
export type { Operation, RunFunction } from "./core/language/operation.ts";
export type { AlterTableBuilder, TableBuilder } from "./core/language/table-builder.ts";
export type { Throttle } from "./core/language/throttle.ts";
export type { Blocker, LockWait, NamedLock } from "./core/model/blocker.ts";
export {
  describeHolder,
  type ErrorCode,
  type ErrorDetails,
  isReleaseError,
  ReleaseError,
} from "./core/model/errors.ts";
export { type Fragment, sql } from "./core/model/fragment.ts";
export type { LockPolicySettings } from "./core/model/lock-policy.ts";
export type {
  AppliedMigration,
  Direction,
  MigrationSettings,
  Phase,
  Version,
  VersionInput,
} from "./core/model/migration.ts";
export type { MigrationDatabase } from "./core/model/migration-database.ts";
export type { Warning, WarningCode, WarningDetails } from "./core/model/warnings.ts";
export type { Action } from "./core/plan/prepare.ts";
export type { Rollout, RolloutStep } from "./core/plan/rollout.ts";
export type { StatusRow } from "./core/plan/status.ts";
export type { Step } from "./core/plan/step.ts";
export { defineRule, type RuleDefinition } from "./core/safety/rules/define-rule.ts";
export type { TableSize, TableSizes } from "./core/safety/rules/grade.ts";
export type { Judgement, Rule } from "./core/safety/rules/rule.ts";
export type { EventResult, HistoryEvent } from "./engine/event-table.ts";
export type { RunEvent } from "./engine/events.ts";
export type { Outcome } from "./engine/outcome.ts";
export type { OnEvent, ToldEvent } from "./engine/told-event.ts";
export type { ReleaseChanges } from "./release/changes.ts";
export type { Manifest, MigrationsOption, ReleaseConfig, RepoConfig } from "./release/config.ts";
export { defineRelease } from "./release/define-release.ts";
export { env } from "./release/env.ts";
export type { RepoHistory } from "./release/history.ts";
export type { InventoryEntry, RepoInventory } from "./release/inventory.ts";
export type { RepoOutcome } from "./release/migrate.ts";
export type {
  BootOptions,
  HistoryOptions,
  MarkOptions,
  MigrateDataOptions,
  MigrateOptions,
  ReadyOptions,
  RollbackOptions,
  RollbackTarget,
  StatusOptions,
  TargetOptions,
  VerifyOptions,
  VerifySchemaOptions,
  WaitOptions,
} from "./release/options.ts";
export type { RepoReadiness } from "./release/readiness.ts";
export type { ListenOptions, Release } from "./release/release.ts";
export type { RepoPlan } from "./release/repo-plan.ts";
export { defineSeeds, type Seeds } from "./release/seed.ts";
export type { RepoStatus } from "./release/status.ts";
export type { Verification } from "./release/verify.ts";
export type { SchemaVerification } from "./release/verify-schema.ts";
export { json } from "./reporters/json.ts";
export { silent } from "./reporters/silent.ts";
export { terminal } from "./reporters/terminal.ts";
export type { Listener } from "./rpc/listen.ts";
