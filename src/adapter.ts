/** The parts of your own adapter: the contract as types, and helpers that many databases share. */
export {
  type Adapter,
  type BatchLimits,
  type BatchSettings,
  ConnectionFailed,
  type ErrorKind,
  type Fence,
  type FenceRequest,
  type Lease,
  type LockAttempt,
  type Notice,
  type OpenOptions,
  type Refusal,
  type Row,
  type Session,
  StatementFailed,
  type Storage,
} from "./adapters/adapter.ts";
export { givenText } from "./adapters/given.ts";
export { type HeldLock, heldLock, type LockKeeping } from "./adapters/held-lock.ts";
export { importDriver } from "./adapters/import-driver.ts";
export { type Claims, claimant, type ProcessLock, processLock } from "./adapters/process-lock.ts";
export { runInOrder } from "./adapters/run-in-order.ts";
export type { BackfillSql, ColumnFacts, SignalSql } from "./core/language/backfill-sql.ts";
export { defineDialect, standardLiteral, standardQuote } from "./core/language/define-dialect.ts";
export {
  type Dialect,
  type DialectDefinition,
  type RuleDialect,
  type SafetySql,
  UnsupportedOperation,
} from "./core/language/dialect.ts";
export type { OperationOf, SchemaOperation } from "./core/language/operation.ts";
export type {
  Column,
  ColumnChange,
  Constraint,
  ForeignKey,
  Index,
} from "./core/language/table-parts.ts";
export type { LockHolder } from "./core/model/errors.ts";
export { isFragment } from "./core/model/fragment.ts";
export type { LockPolicy } from "./core/model/lock-policy.ts";
export type { Named } from "./core/model/named.ts";
export type { CatalogProbe, Rebuilt } from "./core/model/probe.ts";
export { redact } from "./core/model/redact.ts";
export type { Statement, StatementPolicy } from "./core/model/statement.ts";
export type { SqlSyntax } from "./core/sql/token.ts";
