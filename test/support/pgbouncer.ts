import { join } from "node:path";
import pg from "pg";
import { debianProgram } from "./debian.ts";
import {
  freePort,
  type Server,
  serverFolder,
  serverUser,
  startServer,
  writeServerFile,
} from "./server.ts";

export type PgbouncerOptions = {
  /** Default: transaction. */
  readonly mode?: "transaction" | "session" | "statement";
  /** More settings, one a line. Default: none. */
  readonly more?: readonly string[];
  /** Connections to the server. Default: 5. */
  readonly poolSize?: number;
  /** Default: 200. */
  readonly clients?: number;
  /** A file with the lines of `[databases]`, which may change. Default: all of them on the server. */
  readonly databases?: string;
  /** Seconds after which a connection to the server is closed, once nobody uses it. Default: its own, an hour. */
  readonly serverLifetime?: number;
};

/**
 * Starts a private PgBouncer in front of a PostgreSQL, by default in transaction mode; its URL leads to the
 * same database through the pool, and any other database of that server is behind it as well.
 * Gives nothing when PgBouncer is not installed, after saying how to install it.
 */
export async function startPgbouncer(
  upstream: string,
  options: PgbouncerOptions = {},
): Promise<Server | undefined> {
  const command = debianProgram("pgbouncer", "pgbouncer");
  if (command === undefined) return undefined;
  const user = serverUser("postgres");
  const folder = serverFolder("pgbouncer", user);
  const port = await freePort();
  const settingsFile = join(folder, "pgbouncer.ini");
  writeServerFile(settingsFile, settings(new URL(upstream), port, options), user);
  const url = new URL(upstream);
  url.host = `127.0.0.1:${port}`;
  const stop = await startServer({
    command,
    args: [settingsFile],
    folder,
    user,
    stopSignal: "SIGTERM",
    probe: () => queryOnce(url.href),
  });
  return { url: url.href, stop };
}

function settings(
  upstream: URL,
  port: number,
  {
    mode = "transaction",
    poolSize = 5,
    clients = 200,
    serverLifetime = 3_600,
    databases,
    more = [],
  }: PgbouncerOptions,
): string {
  const { hostname, username } = upstream;
  const login = `user=${username} password=${decodeURIComponent(upstream.password)}`;
  return `[databases]
${databases === undefined ? `* = host=${hostname} port=${upstream.port || 5432} ${login}` : `%include ${databases}`}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = ${poolSize}
max_client_conn = ${clients}
server_lifetime = ${serverLifetime}
ignore_startup_parameters = extra_float_digits
${more.join("\n")}
`;
}

async function queryOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.query("SELECT 1");
  } finally {
    await client.end();
  }
}
