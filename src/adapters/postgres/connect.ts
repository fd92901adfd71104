/** Making a connection with the driver `pg`. */
import type { ConnectionOptions as TlsOptions } from "node:tls";
import type { Client } from "pg";
import { ConnectionFailed } from "../adapter.ts";
import { givenInTime } from "../given.ts";
import { importDriver } from "../import-driver.ts";
import { notUnderstood, readAddress, withPassword } from "./address.ts";
import { connectionFailed, roleNotTaken, unreadableUrl } from "./connection-failure.ts";

/** What a connection may need beside its URL. What the URL says wins. */
export type ConnectionExtras = {
  /** TLS settings, for example a certificate authority of your own. Default: what `sslmode` in the URL says. */
  readonly ssl?: boolean | TlsOptions | undefined;
  /** A password that is not in the URL, for example a token that expires. */
  readonly password?: string | (() => string | Promise<string>) | undefined;
  /** Settings of the session, as `-c name=value`. Poolers refuse them. */
  readonly options?: string | undefined;
};

/** What one connection is made from. */
export type ConnectRequest = {
  readonly url: string;
  readonly application: string;
  readonly connectTimeoutMs: number;
  readonly extras: ConnectionExtras;
  /** The role to work as. Default: the user of the URL. */
  readonly role?: string | undefined;
};

/**
 * A connected client. It hears its own errors, so one that comes while it is idle never ends the process.
 *
 * @throws {ConnectionFailed}
 * @throws {ReleaseError} `driver_missing`
 */
export async function connect(request: ConnectRequest): Promise<Client> {
  const { application, connectTimeoutMs, extras, role } = request;
  const { password, ...rest } = extras;
  const url = withPassword(
    request.url,
    password === undefined
      ? undefined
      : await givenInTime("connection.password", password, connectTimeoutMs),
  );
  const reason = notUnderstood(url);
  if (reason !== undefined) {
    const hint = "Name one host, the primary, in the URL or as directUrl.";
    throw new ConnectionFailed(reason, { hint, lasting: true });
  }
  const address = readAddress(url);
  if (address === undefined) throw unreadableUrl();
  const names = { driver: "pg", adapter: "postgres" };
  const { default: pg } = await importDriver(() => import("pg"), names);
  let client: Client | undefined;
  try {
    client = new pg.Client({
      ...rest,
      connectionString: url,
      application_name: application,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      // Else the system waits two hours before it asks whether a server that is silent is still there.
      keepAliveInitialDelayMillis: 10_000,
    });
    // The URL may name the application too, and would win: what is ours is known by this name.
    const { connectionParameters } = client as unknown as {
      readonly connectionParameters: { readonly options?: string };
    };
    const options = withRole(connectionParameters.options, role);
    Object.assign(connectionParameters, { application_name: application, options });
    client.on("error", () => {});
    listenForVersion(client);
    await client.connect();
    if (role !== undefined) await refuseOtherRole(client, role);
    return client;
  } catch (error) {
    // The driver leaves the socket open when it is the one that gives up, and the server waits for it.
    client?.connection.stream.destroy();
    if (error instanceof ConnectionFailed) throw error;
    throw connectionFailed(error, address, role);
  }
}

/**
 * As a setting of the session's beginning `RESET ROLE` and `RESET ALL` come back to it.
 * https://www.postgresql.org/docs/current/sql-set-role.html
 */
function withRole(options: string | undefined, role: string | undefined): string | undefined {
  if (role === undefined) return options;
  return [options, `-c role=${role.replace(/[\\\s]/g, "\\$&")}`].filter(Boolean).join(" ");
}

/** A pooler may be told to ignore the options of its clients. */
async function refuseOtherRole(client: Client, role: string): Promise<void> {
  const { rows } = await client.query("SELECT current_user AS is");
  if (rows[0]?.is !== role) throw roleNotTaken(String(rows[0]?.is), role);
}

const majors = new WeakMap<Client, number>();

/** The major version of the server, which it tells at the beginning; a pooler may not. */
export function serverMajor(client: Client): number | undefined {
  return majors.get(client);
}

function listenForVersion(client: Client): void {
  type Status = { readonly parameterName: string; readonly parameterValue: string };
  client.connection.on("parameterStatus", ({ parameterName, parameterValue }: Status) => {
    const major = Number.parseInt(parameterValue, 10);
    if (parameterName === "server_version" && major > 0) majors.set(client, major);
  });
}

/** Says goodbye; to a server that does not answer it hangs up. */
export async function disconnect(client: Client): Promise<void> {
  const hangUp = setTimeout(() => client.connection.stream.destroy(), goodbyeMs);
  try {
    await client.end();
  } finally {
    clearTimeout(hangUp);
  }
}

const goodbyeMs = 2_000;
