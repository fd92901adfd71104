/** Declares the driver: the one part that an adapter over another package brings itself. */
import type { SecureContextOptions } from "node:tls";
import type { Row } from "../adapter.ts";

/** A package that connects to MySQL or MariaDB. */
export type MysqlDriver = {
  /**
   * Makes one connection, or fails with the error of the package or the server. Its errors have the number of the
   * server in `errno`, and in `code` a name: `ER_…`, one of the network, or `PROTOCOL_…` when the connection is lost.
   *
   * @throws {ReleaseError} `driver_missing`
   */
  connect(request: MysqlDriverRequest): Promise<MysqlConnection>;
};

/** The request for one connection. */
export type MysqlDriverRequest = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Default: none, for the server itself. */
  readonly database?: string | undefined;
  readonly socketPath?: string | undefined;
  /** Default: no TLS. */
  readonly ssl?: MysqlTls | undefined;
  readonly application: string;
  readonly connectTimeoutMs: number;
};

/** Settings of TLS, as `mysql2` has them. */
export type MysqlTls = SecureContextOptions & {
  readonly rejectUnauthorized?: boolean | undefined;
  /** Whether the name in the certificate must be that of the server. */
  readonly verifyIdentity?: boolean | undefined;
};

/** One open connection. Statements on it run in the order in which they were sent. */
export interface MysqlConnection {
  /**
   * The id that the server gave it at the beginning; behind a pooler it is not that of the server.
   */
  readonly connectionId: number | null;
  /** Which database it began with. */
  readonly database: string | undefined;
  /** Calls `lost` from now on when the connection ends. */
  onLost(lost: (reason: unknown) => void): void;
  /**
   * Without parameters by the text protocol, with them by a prepared statement. Times are text, big integers numbers
   * where these are exact and else text; a procedure gives its last rows.
   */
  query(sql: string, parameters?: readonly MysqlInput[]): Promise<MysqlResult>;
  /** Whether the server has a transaction open. */
  inTransaction(): Promise<boolean>;
  /** Shows the server that the connection is in use; changes nothing of the session. */
  ping(): Promise<void>;
  /** Forgets all of the session but its database. */
  reset(): Promise<void>;
  /** Ends the connection without waiting. */
  hangUp(): void;
  /** Says goodbye; to a server that does not answer it hangs up. */
  close(): Promise<void>;
}

export type MysqlInput = null | boolean | number | bigint | string | Date | Buffer;

export type MysqlResult = {
  readonly rows: readonly Row[];
  /** How many rows the statement changed. */
  readonly changed: number;
  /** How many warnings it left, where it gave no rows. */
  readonly warnings: number;
};

/** Ends a connection politely; a server that does not answer in time is hung up on. */
export async function sayGoodbye(connection: {
  end(): Promise<void>;
  destroy(): void;
}): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const hangUp = setTimeout(resolve, goodbyeMs);
  await Promise.race([connection.end(), late]);
  clearTimeout(hangUp);
  connection.destroy();
}

/** How long a server may take to say goodbye. */
const goodbyeMs = 2_000;

/** SERVER_STATUS_IN_TRANS of https://dev.mysql.com/doc/dev/mysql-server/latest/mysql__com_8h.html */
export const statusInTransaction = 1;
