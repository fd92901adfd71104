/** The driver `mysql2`. */

import type { Connection, ConnectionOptions, QueryResult, ResultSetHeader } from "mysql2/promise";
import type { Row } from "../adapter.ts";
import { importDriver } from "../import-driver.ts";
import {
  type MysqlConnection,
  type MysqlDriver,
  type MysqlDriverRequest,
  type MysqlInput,
  type MysqlResult,
  statusInTransaction,
} from "./driver.ts";
import { OfDriver } from "./driver-connection.ts";

export const mysql2Driver: MysqlDriver = {
  connect: async (request) => {
    const names = { driver: "mysql2", adapter: "mysql" };
    const { createConnection } = await importDriver(() => import("mysql2/promise"), names);
    return new Mysql2Connection(await createConnection(driverOptions(request)), request);
  },
};

function driverOptions({ application, connectTimeoutMs, ...server }: MysqlDriverRequest) {
  const options: ConnectionOptions = {
    ...(Object.fromEntries(
      Object.entries(server).filter(([, value]) => value !== undefined),
    ) as ConnectionOptions),
    connectTimeout: connectTimeoutMs,
    connectAttributes: { program_name: application },
    charset: "utf8mb4",
    timezone: "Z",
    dateStrings: true,
    // Big integers as text where a number is not exact. As text throughout, MySQL 8 would give `SELECT 1` as "1".
    supportBigNumbers: true,
    // Else the driver takes a stack trace of each query and writes it out for each error, a table that is not there yet too.
    trace: false,
    // The driver would set IGNORE_SPACE, which makes the names of functions reserved words.
    flags: ["-IGNORE_SPACE"],
  };
  return options;
}

class Mysql2Connection extends OfDriver<Connection> implements MysqlConnection {
  async query(sql: string, parameters: readonly MysqlInput[] = []): Promise<MysqlResult> {
    const [result] = await this.answered(
      parameters.length === 0
        ? this.connection.query<QueryResult>(sql)
        : this.connection.execute<QueryResult>(sql, [...parameters]),
    );
    const { affectedRows: changed = 0, warningStatus: warnings = 0 } = Array.isArray(result)
      ? {}
      : (result as Partial<ResultSetHeader>);
    return { rows: rowsOf(result), changed, warnings };
  }

  /** The server says so with each answer that has no rows. https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html */
  async inTransaction(): Promise<boolean> {
    const asked = this.connection.query<ResultSetHeader>("DO 0");
    const [{ serverStatus }] = await this.answered(asked);
    return (serverStatus & statusInTransaction) !== 0;
  }

  ping(): Promise<void> {
    return this.answered(this.connection.ping());
  }

  async reset(): Promise<void> {
    // The driver has not always known it.
    const { reset }: Partial<Pick<Connection, "reset">> = this.connection;
    await this.answered(
      reset === undefined ? this.connection.changeUser({}) : reset.call(this.connection),
    );
  }
}

/** The rows of a result: the last ones where a procedure gives several, none of a statement that gives no rows. */
function rowsOf(result: QueryResult): readonly Row[] {
  if (!Array.isArray(result)) return [];
  const lists = result.filter((part): part is Row[] & typeof part => Array.isArray(part));
  return lists.at(-1) ?? (result.filter((part) => !isHeader(part)) as readonly Row[]);
}

function isHeader(part: object): boolean {
  return "constructor" in part && part.constructor.name === "ResultSetHeader";
}
