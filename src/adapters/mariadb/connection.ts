/** One connection of the driver `mariadb`. */

import type { Connection, ConnectionConfig, SqlError } from "mariadb";
import type { Row } from "../adapter.ts";
import {
  type MysqlConnection,
  type MysqlDriverRequest,
  type MysqlInput,
  type MysqlResult,
  type MysqlTls,
  statusInTransaction,
} from "../mysql/driver.ts";
import { OfDriver } from "../mysql/driver-connection.ts";

/** It gives values as `mysql2` does. */
export function optionsOf(request: MysqlDriverRequest): ConnectionConfig {
  const { application, connectTimeoutMs, ssl, database, socketPath, ...server } = request;
  return {
    ...server,
    ...(database === undefined ? {} : { database }),
    ...(socketPath === undefined ? {} : { socketPath }),
    ...(ssl === undefined ? {} : { ssl: tlsOf(ssl) }),
    connectTimeout: connectTimeoutMs,
    connectAttributes: { program_name: application },
    charset: "utf8mb4",
    timezone: "Z",
    dateStrings: true,
    checkDuplicate: false,
    ...bitsAreBytes,
    // Else the system waits two hours before it asks whether a server that is silent is still there.
    keepAliveDelay: 10_000,
  };
}

/** Else a column of one bit is a boolean. The types of the driver do not have the option. */
const bitsAreBytes: object = { bitOneIsBoolean: false };

/** Here the name is checked whenever the certificate is. */
function tlsOf({ verifyIdentity, ...tls }: MysqlTls): NonNullable<ConnectionConfig["ssl"]> {
  const unnamed = verifyIdentity === false ? { checkServerIdentity: () => undefined } : {};
  const { rejectUnauthorized = true } = tls;
  return { ...tls, ...unnamed, rejectUnauthorized };
}

/** A connection of the MariaDB connector. */
export class MariadbConnection extends OfDriver<Connection> implements MysqlConnection {
  async query(sql: string, parameters: readonly MysqlInput[] = []): Promise<MysqlResult> {
    try {
      return resultOf(
        await this.answered(
          parameters.length === 0
            ? this.connection.query(sql)
            : this.connection.execute(sql, [...parameters]),
        ),
      );
    } catch (error) {
      throw asOfMysql2(error);
    }
  }

  /** The driver keeps the state of the session from the server's last answer. */
  async inTransaction(): Promise<boolean> {
    await this.query("DO 0");
    return ((this.connection.info?.status ?? 0) & statusInTransaction) !== 0;
  }

  /** The session as the server has it for others; to be called before anything else. */
  async begin(): Promise<this> {
    await this.query(withoutIgnoreSpace);
    return this;
  }

  ping(): Promise<void> {
    return this.answered(this.connection.ping());
  }

  async reset(): Promise<void> {
    await this.answered(this.connection.reset());
    await this.begin();
  }
}

/** The driver sets IGNORE_SPACE, which makes the names of functions reserved words, and has no option for it. */
const withoutIgnoreSpace =
  "SET SESSION sql_mode = IF(FIND_IN_SET('IGNORE_SPACE', @@GLOBAL.sql_mode) > 0, @@SESSION.sql_mode, TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',IGNORE_SPACE,', ',')))";

type Packet = { readonly affectedRows: number; readonly warningStatus: number };

/** Rows, or how many there are; a procedure gives several, and the last rows count. */
function resultOf(given: unknown): MysqlResult {
  if (!Array.isArray(given)) {
    const { affectedRows: changed = 0, warningStatus: warnings = 0 } = (given ??
      {}) as Partial<Packet>;
    return { rows: [], changed, warnings };
  }
  const last = given.filter((part) => Array.isArray(part)).at(-1);
  return { rows: (last ?? given).map(rowOf), changed: 0, warnings: 0 };
}

/** Big integers are numbers where these are exact, and else text. */
function rowOf(row: object): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, outcoming(value)]));
}

function outcoming(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** An error as `mysql2` has it: its words without the statement and its values, and a code with its meaning. */
export function asOfMysql2(error: unknown): unknown {
  if (!(error instanceof Error && "sqlMessage" in error)) return error;
  const { sqlMessage, cause } = error as SqlError;
  error.message = sqlMessage ?? error.message;
  const code = codes[(error as SqlError).code ?? ""] ?? networkCode(cause);
  return code === undefined ? error : Object.assign(error, { code });
}

/** Those of the driver's own. https://github.com/mariadb-corporation/mariadb-connector-nodejs */
const codes: { readonly [code: string]: string } = {
  ER_CONNECTION_TIMEOUT: "ETIMEDOUT",
  ER_SERVER_SSL_DISABLED: "HANDSHAKE_NO_SSL_SUPPORT",
  ER_CONNECTION_ALREADY_CLOSED: "PROTOCOL_CONNECTION_LOST",
  ER_CMD_NOT_EXECUTED_DESTROYED: "PROTOCOL_CONNECTION_LOST",
  ER_SOCKET_UNEXPECTED_CLOSE: "PROTOCOL_CONNECTION_LOST",
  ER_CMD_CONNECTION_CLOSED: "PROTOCOL_CONNECTION_LOST",
  ER_SOCKET: "PROTOCOL_CONNECTION_LOST",
};

function networkCode(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
}
