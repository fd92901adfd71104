/** The adapter for PostgreSQL, over the driver `pg`. */
import type { Adapter } from "../adapter.ts";
import { checkOptions } from "../check-options.ts";
import { pgDriver } from "./pg.ts";
import { type PostgresOptions, postgresKinds, withDriver } from "./with-driver.ts";

export type { PostgresConnectionExtras as ConnectionExtras } from "./connect.ts";
export { postgresDialect } from "./dialect.ts";
export type { PostgresOptions } from "./with-driver.ts";

/**
 * Connects to PostgreSQL. Needs the package `pg`, and nothing before the first connection.
 *
 * @throws {ReleaseError} `option_unknown`, `option_invalid`
 */
export function postgres(options: PostgresOptions): Adapter {
  return withDriver(pgDriver, checkOptions("postgres()", options, postgresKinds));
}
