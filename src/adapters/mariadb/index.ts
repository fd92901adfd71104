/** The adapter for MariaDB and MySQL, over MariaDB's own driver `mariadb`. */
import type { Adapter } from "../adapter.ts";
import { checkOptions } from "../check-options.ts";
import { importDriver } from "../import-driver.ts";
import type { MysqlDriver } from "../mysql/driver.ts";
import { type MysqlOptions, mysqlKinds, withDriver } from "../mysql/with-driver.ts";
import { asOfMysql2, MariadbConnection, optionsOf } from "./connection.ts";

export type { MysqlConnectionExtras as ConnectionExtras } from "../mysql/connect.ts";
export type { MysqlOptions } from "../mysql/with-driver.ts";

/**
 * Connects to MariaDB or MySQL. Needs the package `mariadb`, and nothing before the first connection.
 *
 * @throws {ReleaseError} `option_unknown`, `option_invalid`
 */
export function mariadb(options: MysqlOptions): Adapter {
  return withDriver(driver, checkOptions("mariadb()", options, mysqlKinds));
}

const driver: MysqlDriver = {
  connect: async (request) => {
    const names = { driver: "mariadb", adapter: "mariadb" };
    const { createConnection } = await importDriver(() => import("mariadb"), names);
    try {
      const connection = await createConnection(optionsOf(request));
      return await new MariadbConnection(connection, request).begin();
    } catch (error) {
      throw asOfMysql2(error);
    }
  },
};
