/** The adapter for PostgreSQL, over the driver `postgres` (Postgres.js). */
import type { Adapter } from "../adapter.ts";
import { checkOptions } from "../check-options.ts";
import { importDriver } from "../import-driver.ts";
import type { PostgresDriver } from "../postgres/driver.ts";
import { type PostgresOptions, postgresKinds, withDriver } from "../postgres/with-driver.ts";
import { connectPostgresJs } from "./connect.ts";

export type { PostgresConnectionExtras as ConnectionExtras } from "../postgres/connect.ts";
export type { PostgresOptions } from "../postgres/with-driver.ts";

/**
 * Connects to PostgreSQL. Needs the package `postgres`, and nothing before the first connection.
 *
 * @throws {ReleaseError} `option_unknown`, `option_invalid`
 */
export function postgresJs(options: PostgresOptions): Adapter {
  return withDriver(driver, checkOptions("postgresJs()", options, postgresKinds));
}

const driver: PostgresDriver = {
  package: "postgres",
  connect: async (request) => {
    const names = { driver: "postgres", adapter: "postgres-js" };
    const { default: postgres } = await importDriver(() => import("postgres"), names);
    return connectPostgresJs(postgres, request);
  },
};
