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

/** Whether it is installed; says how to install it where it is not. CI does without. */
export function pgpoolIsThere(): boolean {
  return programOf() !== undefined;
}

function programOf(): string | undefined {
  return debianProgram("pgpool", "pgpool2", { optional: true });
}

/**
 * Starts a private Pgpool-II in front of a primary and its standby, which sends every SELECT that it can to the standby;
 * its URL leads to the same database through it. Gives nothing when Pgpool-II is not installed, after saying how to
 * install it.
 */
export async function startPgpool(
  primary: string,
  standby: string,
  more: readonly string[] = [],
): Promise<Server | undefined> {
  const command = programOf();
  if (command === undefined) return undefined;
  const user = serverUser("postgres");
  const folder = serverFolder("pgpool", user);
  const port = await freePort();
  const file = join(folder, "pgpool.conf");
  const control = await freePort();
  const lines = [...settings({ primary, standby, folder, port, control }), ...more];
  writeServerFile(file, `${lines.join("\n")}\n`, user);
  for (const empty of ["pool_hba.conf", "pcp.conf"]) writeServerFile(join(folder, empty), "", user);
  const url = new URL(primary);
  url.host = `127.0.0.1:${port}`;
  const stop = await startServer({
    command,
    args: ["-n", "-f", file, "-a", join(folder, "pool_hba.conf"), "-F", join(folder, "pcp.conf")],
    folder,
    user,
    stopSignal: "SIGINT",
    probe: () => queryOnce(url.href),
  });
  return { url: url.href, stop };
}

type Place = {
  readonly primary: string;
  readonly standby: string;
  readonly folder: string;
  readonly port: number;
  readonly control: number;
};

function settings({ primary, standby, folder, port, control }: Place): string[] {
  const { username, password } = new URL(primary);
  const backends = [primary, standby].flatMap((url, index) => [
    `backend_hostname${index} = '127.0.0.1'`,
    `backend_port${index} = ${new URL(url).port}`,
    `backend_weight${index} = ${index}`,
  ]);
  return [
    "listen_addresses = '127.0.0.1'",
    `port = ${port}`,
    "pcp_listen_addresses = '127.0.0.1'",
    `pcp_port = ${control}`,
    `socket_dir = '${folder}'`,
    `pcp_socket_dir = '${folder}'`,
    `pid_file_name = '${join(folder, "pgpool.pid")}'`,
    `logdir = '${folder}'`,
    `work_dir = '${folder}'`,
    "backend_clustering_mode = 'streaming_replication'",
    ...backends,
    "load_balance_mode = on",
    "num_init_children = 12",
    "max_pool = 1",
    "enable_pool_hba = off",
    "allow_clear_text_frontend_auth = on",
    "pool_passwd = ''",
    "use_watchdog = off",
    "sr_check_period = 1",
    `sr_check_user = '${username}'`,
    `sr_check_password = '${decodeURIComponent(password)}'`,
    "sr_check_database = 'postgres'",
    // How far the standby is behind must not decide where a SELECT goes: that is the case to be seen.
    "delay_threshold = 0",
    "failover_on_backend_error = off",
  ];
}

async function queryOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT 1");
  } finally {
    await client.end();
  }
}
