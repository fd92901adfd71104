/** The adapter for MySQL and MariaDB, over the driver `mysql2`. */
import type { Adapter } from "../adapter.ts";
import { checkOptions } from "../check-options.ts";
import { mysql2Driver } from "./mysql2.ts";
import { type MysqlOptions, mysqlKinds, withDriver } from "./with-driver.ts";

export type { MysqlConnectionExtras as ConnectionExtras } from "./connect.ts";
export { mysqlDialect } from "./dialect.ts";
export type { MysqlServer, ServerVersion } from "./server.ts";
export type { MysqlOptions } from "./with-driver.ts";

/**
 * Connects to MySQL or MariaDB. Needs the package `mysql2`, and nothing before the first connection.
 *
 * @throws {ReleaseError} `option_unknown`, `option_invalid`
 */
export function mysql(options: MysqlOptions): Adapter {
  return withDriver(mysql2Driver, checkOptions("mysql()", options, mysqlKinds));
}
