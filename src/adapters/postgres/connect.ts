/** Making a connection, with whichever driver. */
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { isReleaseError } from "../../core/model/errors.ts";
import { ConnectionFailed } from "../adapter.ts";
import { givenInTime } from "../given.ts";
import { notUnderstood, readAddress, withPassword } from "./address.ts";
import { connectionFailed, roleNotTaken, unreadableUrl } from "./connection-failure.ts";
import type { PostgresConnection, PostgresDriver } from "./driver.ts";
import { hostsOf } from "./hosts.ts";
import { connectToPrimary } from "./several-hosts.ts";

/** The settings of a connection beside its URL. The URL wins. */
export type PostgresConnectionExtras = {
  /** TLS settings, for example a certificate authority of your own. Default: what `sslmode` in the URL says. */
  readonly ssl?: boolean | TlsOptions | undefined;
  /** A password that is not in the URL, for example a token that expires. */
  readonly password?: string | (() => string | Promise<string>) | undefined;
  /** Settings of the session, as `-c name=value`. Poolers refuse them. */
  readonly options?: string | undefined;
};

/** The request for one connection. */
export type PostgresConnectRequest = {
  readonly url: string;
  readonly application: string;
  readonly connectTimeoutMs: number;
  readonly extras: PostgresConnectionExtras;
  /** The role to work as. Default: the user of the URL. */
  readonly role?: string | undefined;
  /** Gives up connecting. Default: the timeout alone does. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * An open connection; to the primary, where the URL names several hosts.
 *
 * @throws {ConnectionFailed}
 * @throws {ReleaseError} `driver_missing`
 */
export async function connect(
  driver: PostgresDriver,
  request: PostgresConnectRequest,
): Promise<PostgresConnection> {
  const urls = hostsOf(request.url);
  const [only = ""] = urls;
  if (urls.length === 1) return connectToOne(driver, { ...request, url: only });
  return connectToPrimary(urls, (url) => connectToOne(driver, { ...request, url }));
}

async function connectToOne(
  driver: PostgresDriver,
  { extras, role, ...request }: PostgresConnectRequest,
): Promise<PostgresConnection> {
  const { password, ...rest } = extras;
  const url = withPassword(
    request.url,
    password === undefined
      ? undefined
      : await givenInTime("connection.password", password, request.connectTimeoutMs),
  );
  const reason = notUnderstood(url, driver.package);
  if (reason !== undefined) {
    const hint =
      "Write several hosts as postgres://user@a:5432,b:5432/app, or name one, the primary.";
    throw new ConnectionFailed(reason, { hint, lasting: true });
  }
  const address = readAddress(url);
  if (address === undefined) throw unreadableUrl();
  let connection: PostgresConnection | undefined;
  try {
    connection = await driver.connect({ ...rest, ...request, url, role });
    if (role !== undefined) await refuseOtherRole(connection, role);
    return connection;
  } catch (error) {
    connection?.hangUp();
    if (error instanceof ConnectionFailed || isReleaseError(error)) throw error;
    throw connectionFailed(error, address, role);
  }
}

/** A pooler may be set to ignore the options of its clients. */
async function refuseOtherRole(connection: PostgresConnection, role: string): Promise<void> {
  const { rows } = await connection.query("SELECT current_user AS is");
  if (rows[0]?.is !== role) throw roleNotTaken(String(rows[0]?.is), role);
}
