/** The adapter for PostgreSQL, over the driver `pg`. */
import type { Adapter } from "../adapter.ts";
import { pgDriver } from "./pg.ts";
import { type PostgresOptions, withDriver } from "./with-driver.ts";

export type { PostgresConnectionExtras as ConnectionExtras } from "./connect.ts";
export { postgresDialect } from "./dialect.ts";
export type { PostgresOptions } from "./with-driver.ts";

/** Connects to PostgreSQL. Needs the package `pg`, and nothing before the first connection. */
export function postgres(options: PostgresOptions): Adapter {
  return withDriver(pgDriver, options);
}
