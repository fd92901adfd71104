/** A Galera cluster of real nodes on loopback. */
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { debianProgram } from "./debian.ts";
import { tellMissing } from "./missing.ts";
import {
  freePort,
  runOnce,
  type Server,
  type ServerUser,
  serverFolder,
  serverUser,
  serverUserName,
  startServer,
  writeServerFile,
} from "./server.ts";

/** Where Debian's galera-4 puts it, and other systems. */
const providers = [
  "/usr/lib/galera/libgalera_smm.so",
  "/usr/lib64/galera-4/libgalera_smm.so",
  "/usr/lib/libgalera_smm.so",
];

/** One node of a cluster. */
export type GaleraNode = Server & { readonly port: number };

export type Galera = {
  /** The first one is the primary component also when it is alone. */
  readonly nodes: readonly GaleraNode[];
  stop(): Promise<void>;
};

/** An empty database of a test's own on a cluster. */
export type GaleraDatabase = {
  /** One address for each node. */
  readonly urls: readonly string[];
  /** Runs statements on one node, which has done first what the cluster committed before. */
  query(sql: string, node?: number): Promise<readonly RowDataPacket[]>;
  dispose(): Promise<void>;
};

/** Makes a database with a random name; every node knows it when this resolves. */
export async function freshGalera({ nodes }: Galera): Promise<GaleraDatabase> {
  const name = `t_${randomBytes(6).toString("hex")}`;
  const urls = nodes.map(({ url }) => Object.assign(new URL(url), { pathname: `/${name}` }).href);
  await askAt(nodes[0]?.url ?? "", `CREATE DATABASE ${name}`);
  for (const { url } of nodes) await askAt(url, "SELECT 1");
  return {
    urls,
    query: (sql, node = 0) => askAt(urls[node] ?? "", sql),
    dispose: async () => void (await askAt(nodes[0]?.url ?? "", `DROP DATABASE ${name}`)),
  };
}

/** One statement on a connection of its own. */
export async function askAt(url: string, sql: string): Promise<readonly RowDataPacket[]> {
  const connection = await createConnection({ uri: url });
  try {
    await connection.query("SET SESSION wsrep_sync_wait = 1");
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

const account = `
CREATE DATABASE slipway;
CREATE USER 'slipway'@'127.0.0.1' IDENTIFIED BY 'slipway';
GRANT ALL PRIVILEGES ON *.* TO 'slipway'@'127.0.0.1' WITH GRANT OPTION;
`;

/**
 * Starts a cluster of so many nodes, one after the other; each takes the data of the first by rsync.
 * Gives nothing, after saying why, where MariaDB or Galera is not installed.
 */
export async function startGalera(
  size: number,
  more: readonly string[] = [],
): Promise<Galera | undefined> {
  const command = debianProgram("mariadbd", "mariadb-server");
  const install = debianProgram("mariadb-install-db", "mariadb-server");
  if (command === undefined || install === undefined) return undefined;
  if (debianProgram("rsync", "rsync") === undefined) return undefined;
  const provider = providers.find((file) => existsSync(file));
  if (provider === undefined) {
    tellMissing("libgalera_smm.so is missing: apt-get install -y galera-4");
    return undefined;
  }
  const user = serverUser("mysql");
  const places = await placesOf(size);
  const nodes: GaleraNode[] = [];
  const stop = async () => {
    for (const node of nodes.toReversed()) await node.stop();
  };
  try {
    for (const index of places.keys())
      nodes.push(await startNode({ command, install, provider, user, places, index, more }));
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, stop };
}

type Place = {
  readonly port: number;
  readonly group: number;
  readonly ist: number;
  readonly sst: number;
};

async function placesOf(size: number): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (let index = 0; index < size; index++)
    places.push({
      port: await freePort(),
      group: await freePort(),
      ist: await freePort(),
      sst: await freePort(),
    });
  return places;
}

type NodeRequest = {
  readonly command: string;
  readonly install: string;
  readonly provider: string;
  readonly user: ServerUser;
  readonly places: readonly Place[];
  readonly index: number;
  readonly more: readonly string[];
};

async function startNode(request: NodeRequest): Promise<GaleraNode> {
  const { command, install, provider, user, places, index, more } = request;
  const size = places.length;
  const { port, group, ist, sst } = places[index]!;
  const folder = serverFolder(`galera${index}`, user, { inMemory: true });
  const data = `--datadir=${join(folder, "data")}`;
  const temporary = `--tmpdir=${folder}`;
  const initFile = join(folder, "account.sql");
  if (index === 0) {
    const owner = ["--auth-root-authentication-method=normal", `--user=${serverUserName(user)}`];
    runOnce(install, ["--no-defaults", data, temporary, "--skip-test-db", ...owner], user);
    writeServerFile(initFile, account, user);
  } else {
    mkdirSync(join(folder, "data"), { mode: 0o700 });
    if (user.uid !== undefined) chownSync(join(folder, "data"), user.uid, user.gid ?? user.uid);
  }
  const peers = places.map((place) => `127.0.0.1:${place.group}`).join(",");
  const url = `mysql://slipway:slipway@127.0.0.1:${port}/slipway`;
  const stop = await startServer({
    command,
    args: [
      "--no-defaults",
      data,
      temporary,
      ...(index === 0 ? ["--wsrep-new-cluster", `--init-file=${initFile}`] : []),
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      "--skip-networking=0",
      "--skip-name-resolve",
      "--socket=mariadb.sock",
      "--innodb-flush-log-at-trx-commit=0",
      "--innodb-buffer-pool-size=64M",
      "--binlog-format=ROW",
      "--innodb-autoinc-lock-mode=2",
      "--wsrep-on=ON",
      `--wsrep-provider=${provider}`,
      "--wsrep-cluster-name=slipway",
      `--wsrep-cluster-address=gcomm://${peers}`,
      `--wsrep-node-name=node${index}`,
      `--wsrep-node-address=127.0.0.1:${group}`,
      "--wsrep-sst-method=rsync",
      `--wsrep-sst-receive-address=127.0.0.1:${sst}`,
      `--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:${group};ist.recv_addr=127.0.0.1:${ist};gcache.size=32M;pc.weight=${index === 0 ? size : 1}`,
      ...more,
    ],
    folder,
    user,
    stopSignal: "SIGTERM",
    probe: () => askReady(url),
  });
  return { url, port, stop };
}

/** A node takes connections before it has its data, and refuses what they ask. */
async function askReady(url: string): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: 2_000 });
  try {
    const [rows] = await connection.query<RowDataPacket[]>("SHOW STATUS LIKE 'wsrep_ready'");
    if (rows[0]?.Value !== "ON") throw new Error("not in the cluster yet");
  } finally {
    await connection.end();
  }
}
