/** Two PostgreSQL servers under Patroni, with etcd, on loopback. */
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { debianProgram } from "./debian.ts";
import { startPgbouncer } from "./pgbouncer.ts";
import {
  freePort,
  type Server,
  serverFolder,
  serverUser,
  startServer,
  writeServerFile,
} from "./server.ts";

/** A cluster whose leader changes, and one address for all of it. */
export type Patroni = {
  /** With both hosts. */
  readonly address: string;
  /** The address of the present leader alone; waits until there is one that takes writes. */
  leader(): Promise<string>;
  /** Waits until the other server follows and is the synchronous standby. */
  isWhole(): Promise<void>;
  /** Patroni makes the other server the leader, as for maintenance. */
  switchOver(): Promise<void>;
  /** The leader's server is killed as by a crash. */
  crash(): Promise<void>;
  /** A PgBouncer that a callback of Patroni sends to each new leader; nothing where it is not installed. */
  startPooler(): Promise<Server | undefined>;
  stop(): Promise<void>;
};

const names = ["one", "two"];

/** Gives nothing, after saying why, where a program is missing. */
export async function startPatroni(): Promise<Patroni | undefined> {
  const patroni = debianProgram("patroni", "patroni");
  const etcd = debianProgram("etcd", "etcd-server");
  const postgres = debianProgram("postgres", "postgresql-15", "/usr/lib/postgresql/15/bin");
  if (patroni === undefined || etcd === undefined || postgres === undefined) return undefined;
  const user = serverUser("postgres");
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of stops.toReversed()) await one();
  };
  const [client, peer] = [await freePort(), await freePort()];
  const [clientUrl, peerUrl] = [client, peer].map((port) => `http://127.0.0.1:${port}`);
  const etcdFolder = serverFolder("etcd", user, { inMemory: true });
  stops.push(
    await startServer({
      command: etcd,
      args: [
        `--data-dir=${join(etcdFolder, "data")}`,
        `--listen-client-urls=${clientUrl}`,
        `--advertise-client-urls=${clientUrl}`,
        `--listen-peer-urls=${peerUrl}`,
        `--initial-advertise-peer-urls=${peerUrl}`,
        `--initial-cluster=default=${peerUrl}`,
      ],
      folder: etcdFolder,
      user,
      stopSignal: "SIGTERM",
      probe: async () => void (await fetch(`${clientUrl}/version`)),
    }),
  );
  const poolerFolder = serverFolder("leader", user);
  const databases = join(poolerFolder, "databases.ini");
  const pidFile = join(poolerFolder, "pgbouncer.pid");
  stops.push(async () => rmSync(poolerFolder, { recursive: true, force: true }));
  const ports: number[] = [];
  const apis: string[] = [];
  for (const name of names) {
    const folder = serverFolder("patroni", user, { inMemory: true });
    const [port, api] = [await freePort(), await freePort()];
    const file = join(folder, "patroni.yml");
    const callback = join(folder, "follow.sh");
    writeServerFile(callback, followSh({ port, databases, pidFile }), user);
    chmodSync(callback, 0o700);
    writeServerFile(file, settingsOf({ name, folder, port, api, client, callback }), user);
    ports.push(port);
    apis.push(`http://127.0.0.1:${api}`);
    stops.push(
      await startServer({
        command: patroni,
        args: [file],
        folder,
        user,
        stopSignal: "SIGTERM",
        probe: () => ask(urlOf(port), "select 1").then(() => undefined),
      }),
    );
  }
  const leader = () => writerOf(ports.map(urlOf));
  const nameOf = async () => names[ports.map(urlOf).indexOf(await leader())] ?? "";
  return {
    address: urlOf(`${ports[0]},127.0.0.1:${ports[1]}`),
    leader,
    isWhole: async () => {
      // Patroni promotes no standby that it has not noted as in step, which it does after the server has.
      while (!(await isNoted(apis[0] ?? "")) || !(await isFollowed(await leader())))
        await sleep(100);
    },
    switchOver: async () => {
      const from = await nameOf();
      const body = JSON.stringify({ leader: from });
      // Patroni refuses it until it knows of the standby that is in step.
      for (; (await nameOf()) === from; await sleep(500))
        await fetch(`${apis[0]}/switchover`, { method: "POST", body });
    },
    crash: async () => {
      const from = await nameOf();
      const [row] = await ask(await leader(), "show data_directory");
      const file = readFileSync(join(String(row?.data_directory), "postmaster.pid"), "utf8");
      process.kill(Number(file.split("\n")[0]), "SIGQUIT");
      while ((await nameOf()) === from) await sleep(100);
    },
    startPooler: async () =>
      startPgbouncer(await leader(), { databases, more: [`pidfile = ${pidFile}`] }),
    stop,
  };
}

/**
 * Patroni calls it with an action, a role and the name of the cluster.
 * https://patroni.readthedocs.io/en/latest/yaml_configuration.html#postgresql
 */
function followSh(of: {
  readonly port: number;
  readonly databases: string;
  readonly pidFile: string;
}): string {
  return `#!/bin/sh
case "$2" in
  master | primary)
    echo "* = host=127.0.0.1 port=${of.port} user=postgres password=secret" > ${of.databases}.new
    mv ${of.databases}.new ${of.databases}
    if [ -s ${of.pidFile} ]; then kill -HUP "$(cat ${of.pidFile})"; fi
    ;;
esac
exit 0
`;
}

function urlOf(port: number | string): string {
  return `postgres://postgres:secret@127.0.0.1:${port}/postgres`;
}

async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function writerOf(urls: readonly string[]): Promise<string> {
  for (;;) {
    for (const url of urls) {
      const rows = await ask(url, "select pg_is_in_recovery() as standby").catch(() => []);
      if (rows[0]?.standby === false) return url;
    }
    await sleep(100);
  }
}

async function isFollowed(url: string): Promise<boolean> {
  const sql = "select 1 from pg_stat_replication where sync_state = 'sync' and state = 'streaming'";
  return (await ask(url, sql).catch(() => [])).length > 0;
}

async function isNoted(api: string): Promise<boolean> {
  const answer = await fetch(`${api}/cluster`).catch(() => undefined);
  const cluster = (await answer?.json()) as
    | { readonly members: readonly { readonly role: string }[] }
    | undefined;
  return cluster?.members.some(({ role }) => role === "sync_standby") ?? false;
}

/** https://patroni.readthedocs.io/en/latest/yaml_configuration.html; JSON is YAML. */
function settingsOf(of: {
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly api: number;
  readonly client: number;
  readonly callback: string;
}): string {
  const api = `127.0.0.1:${of.api}`;
  const own = `127.0.0.1:${of.port}`;
  const login = (username: string) => ({ username, password: "secret" });
  return JSON.stringify({
    scope: "slipway",
    name: of.name,
    restapi: { listen: api, connect_address: api },
    etcd3: { host: `127.0.0.1:${of.client}` },
    bootstrap: {
      dcs: {
        ttl: 20,
        loop_wait: 1,
        retry_timeout: 5,
        // A server that crashes is not started in its place: the other one takes over.
        master_start_timeout: 0,
        synchronous_mode: true,
        postgresql: { use_pg_rewind: true, parameters: { wal_log_hints: "on" } },
      },
      initdb: [{ encoding: "UTF8" }, { locale: "C" }],
      pg_hba: ["host replication all 127.0.0.1/32 md5", "host all all 127.0.0.1/32 md5"],
    },
    postgresql: {
      listen: own,
      connect_address: own,
      data_dir: join(of.folder, "data"),
      bin_dir: "/usr/lib/postgresql/15/bin",
      pgpass: join(of.folder, "pgpass"),
      callbacks: { on_start: of.callback, on_role_change: of.callback },
      authentication: {
        replication: login("replicator"),
        superuser: login("postgres"),
        rewind: login("rewinder"),
      },
      parameters: { unix_socket_directories: of.folder },
    },
  });
}
