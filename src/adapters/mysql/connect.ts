/** Making a connection, with whichever driver. */
import { isReleaseError } from "../../core/model/errors.ts";
import { givenInTime } from "../given.ts";
import { type MysqlAddress, readAddress } from "./address.ts";
import { connectionFailed, databaseMissing, unreadableUrl } from "./connection-failure.ts";
import type { MysqlConnection, MysqlDriver, MysqlTls } from "./driver.ts";
import { readParameters } from "./url-parameters.ts";

/** The settings of a connection beside its URL. The URL wins. */
export type MysqlConnectionExtras = {
  /** `true` asks for TLS and checks the server's certificate and name; or settings of your own. Default: no TLS. */
  readonly ssl?: boolean | MysqlTls | undefined;
  /** A password that is not in the URL, for example a token that expires. */
  readonly password?: string | (() => string | Promise<string>) | undefined;
};

/** The request for one connection. */
export type MysqlConnectRequest = {
  readonly url: string;
  readonly application: string;
  readonly connectTimeoutMs: number;
  readonly extras: MysqlConnectionExtras;
  /** `none`: the server itself, because the database may not be there. Default: the one that the URL names. */
  readonly database?: "none" | undefined;
};

/**
 * An open connection.
 *
 * @throws {ConnectionFailed}
 * @throws {ReleaseError} `driver_missing`
 */
export async function connect(
  driver: MysqlDriver,
  request: MysqlConnectRequest,
): Promise<MysqlConnection> {
  const { url, application, connectTimeoutMs, extras } = request;
  const address = await addressOf(request);
  const { socketPath, ssl = extras.ssl } = readParameters(url);
  try {
    return await driver.connect({
      ...address,
      port: Number(address.port),
      database: request.database === "none" ? undefined : address.database,
      socketPath,
      ssl: ssl === true ? { verifyIdentity: true } : ssl || undefined,
      application,
      connectTimeoutMs,
    });
  } catch (error) {
    throw isReleaseError(error) ? error : connectionFailed(error, address);
  }
}

async function addressOf(request: MysqlConnectRequest): Promise<MysqlAddress> {
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
