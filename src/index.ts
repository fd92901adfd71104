/** The whole surface of "slipway". */
export type { Adapter, Notice, Session } from "./adapters/adapter.ts";
export {
  type BackfillDefinition,
  type BackfillRow,
  type BackfillValue,
  defineBackfill,
} from "./core/backfill/definition.ts";
export type { Throttle } from "./core/backfill/throttle.ts";
export type { Blocker, LockWait, NamedLock } from "./core/blocker.ts";
export {
  describeHolder,
  type ErrorCode,
  type ErrorDetails,
  isReleaseError,
  ReleaseError,
} from "./core/errors.ts";
export type { LockPolicySettings } from "./core/lock-policy.ts";
export {
  type AppliedMigration,
  type Direction,
  defineMigration,
  type MigrationDefinition,
  type MigrationSettings,
  type Phase,
  type Version,
  type VersionInput,
} from "./core/migration.ts";
export type { Action, Step } from "./core/plan/prepare.ts";
export type { Rollout, RolloutStep } from "./core/plan/rollout.ts";
export type { StatusRow } from "./core/plan/status.ts";
export type { TableSize, TableSizes } from "./core/rules/severity.ts";
export type { MigrationBuilder } from "./core/schema/builder.ts";
export type { ColumnType } from "./core/schema/column-type.ts";
export type { SchemaDefaults } from "./core/schema/defaults.ts";
export {
  type Fragment,
  type MigrationDatabase,
  type Operation,
  type RunFunction,
  sql,
} from "./core/schema/operation.ts";
export type { AlterTableBuilder, TableBuilder } from "./core/schema/table-builder.ts";
export type { EventResult, HistoryEvent } from "./engine/event-table.ts";
export type { RunEvent } from "./engine/events.ts";
export type { Outcome } from "./engine/run.ts";
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
  WaitOptions,
} from "./release/options.ts";
export type { RepoReadiness } from "./release/readiness.ts";
export type { ListenOptions, Release, RepoPlan } from "./release/release.ts";
export type { RepoStatus } from "./release/status.ts";
export type { Verification } from "./release/verify.ts";
export { json } from "./reporters/json.ts";
export { silent } from "./reporters/silent.ts";
export { terminal } from "./reporters/terminal.ts";
export type { Listener } from "./rpc/listen.ts";
