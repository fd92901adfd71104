/** For the tests of an app: databases with the migrations of its release. */
export type { MigratedOptions } from "./migrated.ts";
export { type MigratedPglite, migratedPglite } from "./migrated-pglite.ts";
export {
  type MigratedPostgres,
  migratedPostgres,
  type ServerOptions,
} from "./migrated-postgres.ts";
export { describeAdapter } from "./moved.ts";
export { type TestConnection, type TestTransactions, transactionPerTest } from "./transactions.ts";
