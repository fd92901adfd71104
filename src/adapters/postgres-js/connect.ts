/** Making a connection with Postgres.js, which keeps a pool: here it is a pool of one, that is never filled again. */
import type { Socket } from "node:net";
import type postgres from "postgres";
import { readAddress } from "../postgres/address.ts";
import {
  type PostgresConnection,
  type PostgresDriverRequest,
  withRole,
} from "../postgres/driver.ts";
import { openSocket } from "../postgres/socket.ts";
import { textTypes } from "../postgres/text-values.ts";
import { PostgresJsConnection } from "./connection.ts";

/** The export of the package. */
export type PostgresJs = typeof postgres;

/** An open connection, or the error of the package, the server or the network. */
export async function connectPostgresJs(
  driver: PostgresJs,
  request: PostgresDriverRequest,
): Promise<PostgresConnection> {
  const { application, connectTimeoutMs, url } = request;
  const { host = "", port = "", ...user } = readAddress(url) ?? {};
  // The package reads the rest of the URL: `sslmode`, and settings of the session.
  const { options: read } = driver(url.replace("@/", "@localhost/"), {});
  // The package takes parts of the address for settings, which no server knows.
  const { options = request.options, ...rest } = read.connection;
  const settings = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !/^(?:user|password|host|port|database)$/.test(name)),
  );
  const socket = await openSocket({ host, port }, { tls: request.ssl ?? read.ssl, ...request });
  const all: object = {
    ...{ ...user, host, port: Number(port), types: textTypes },
    connection: {
      ...settings,
      application_name: application,
      options: withRole(options as string | undefined, request.role),
    },
    target_session_attrs: read.target_session_attrs,
    connect_timeout: connectTimeoutMs / 1000,
    max: 1,
    // By default it ends a connection after half an hour.
    max_lifetime: null,
    idle_timeout: null,
    prepare: false,
    // It would ask with operators that a schema of the user's may have too, and its failure ends the process.
    fetch_types: false,
    ...onlyOn(socket),
  };
  const connection = new PostgresJsConnection({ host, port }, socket, (onnotice) =>
    driver({ ...all, onnotice }),
  );
  try {
    await connection.query("");
    return connection;
  } catch (error) {
    connection.hangUp();
    throw error;
  }
}

/**
 * Keeps the package from connecting again by itself: it would continue in the middle of a
 * transaction on a connection that knows nothing of it. Its types do not have the option.
 * https://github.com/porsager/postgres#custom-socket
 */
function onlyOn(socket: Socket): object {
  const sockets = [socket];
  const take = () => {
    const taken = sockets.pop();
    if (taken === undefined) throw new Error("Connection terminated");
    return taken;
  };
  return { socket: take, ssl: false };
}
