/** Making a connection with the driver `mysql2`. */
import type { Connection, ConnectionOptions, SslOptions } from "mysql2/promise";
import { givenInTime } from "../given.ts";
import { importDriver } from "../import-driver.ts";
import { type Address, readAddress } from "./address.ts";
import { connectionFailed, databaseMissing, unreadableUrl } from "./connection-failure.ts";
import { quote } from "./sql-text.ts";
import { readParameters } from "./url-parameters.ts";

/** What a connection may need beside its URL. What the URL says wins. */
export type ConnectionExtras = {
  /** `true` asks for TLS and checks the server's certificate and name; or settings of your own. Default: no TLS. */
  readonly ssl?: boolean | SslOptions | undefined;
  /** A password that is not in the URL, for example a token that expires. */
  readonly password?: string | (() => string | Promise<string>) | undefined;
};

/** What one connection is made from. */
export type ConnectRequest = {
  readonly url: string;
  readonly application: string;
  readonly connectTimeoutMs: number;
  readonly extras: ConnectionExtras;
  /** `none`: the server itself, because the database may not be there. Default: the one that the URL names. */
  readonly database?: "none" | undefined;
};

/**
 * An open connection. It hears its own errors, so one that comes while it is idle never ends the process.
 *
 * @throws {ConnectionFailed}
 * @throws {ReleaseError} `driver_missing`
 */
export async function connect(request: ConnectRequest): Promise<Connection> {
  const address = await addressOf(request);
  const options = driverOptions(request, address);
  const names = { driver: "mysql2", adapter: "mysql" };
  const { createConnection } = await importDriver(() => import("mysql2/promise"), names);
  try {
    const connection = await createConnection(options);
    connection.on("error", () => {});
    return connection;
  } catch (error) {
    throw connectionFailed(error, address);
  }
}

/**
 * Gives a connection the session that it began with. The server takes its own character set and keeps the database, so
 * both are said again.
 */
export async function resetConnection(connection: Connection): Promise<void> {
  // The driver has not always known it.
  const { reset }: Partial<Pick<Connection, "reset">> = connection;
  await (reset === undefined ? connection.changeUser({}) : reset.call(connection));
  const { database } = connection.config;
  if (database) await connection.query(`USE ${quote(database)}`);
}

/** Says goodbye; to a server that does not answer it hangs up. */
export async function disconnect(connection: Connection): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const hangUp = setTimeout(resolve, goodbyeMs);
  await Promise.race([connection.end(), late]);
  clearTimeout(hangUp);
  connection.destroy();
}

const goodbyeMs = 2_000;

async function addressOf(request: ConnectRequest): Promise<Address> {
  const { url, extras, database } = request;
  const address = readAddress(url);
  if (address === undefined) throw unreadableUrl();
  if (address.database === "" && database !== "none") throw databaseMissing();
  if (address.password !== "" || extras.password === undefined) return address;
  const { password } = extras;
  const { connectTimeoutMs } = request;
  return {
    ...address,
    password: await givenInTime("connection.password", password, connectTimeoutMs),
  };
}

function driverOptions(request: ConnectRequest, address: Address): ConnectionOptions {
  const { host, port, user, password, database } = address;
  const { socketPath, ssl = request.extras.ssl } = readParameters(request.url);
  return {
    host,
    port: Number(port),
    user,
    password,
    ...(request.database === "none" ? {} : { database }),
    ...(socketPath === undefined ? {} : { socketPath }),
    ...(ssl ? { ssl: ssl === true ? { verifyIdentity: true } : ssl } : {}),
    connectTimeout: request.connectTimeoutMs,
    connectAttributes: { program_name: request.application },
    charset: "utf8mb4",
    timezone: "Z",
    dateStrings: true,
    // Big integers as text where a number is not exact. As text throughout, MySQL 8 would give `SELECT 1` as "1".
    supportBigNumbers: true,
    // The driver would set IGNORE_SPACE, which makes the names of functions reserved words.
    flags: ["-IGNORE_SPACE"],
  };
}
