/** The adapter for MySQL and MariaDB, over whichever driver. */
import { type KindsOf, object } from "../../core/model/kind.ts";
import type { Adapter, OpenOptions } from "../adapter.ts";
import { readAtConnect } from "../check-options.ts";
import { givenText } from "../given.ts";
import { givenConnectTimeout, givenLease } from "../given-milliseconds.ts";
import { readAddress, showAddress } from "./address.ts";
import { connect, type MysqlConnectionExtras } from "./connect.ts";
import { connectionFailed, cutOffFromCluster } from "./connection-failure.ts";
import { mysqlDialect } from "./dialect.ts";
import type { MysqlConnection, MysqlDriver } from "./driver.ts";
import { assumedServer, type MysqlServer, readServer, serverQuery } from "./server.ts";
import { MysqlSession } from "./session.ts";
import { sessionSettings } from "./session-settings.ts";
import { mysqlStorage } from "./storage.ts";

/** Where the database is. */
export type MysqlOptions = {
  /** `mysql://user:password@host:port/database`, or a function that is called when a connection is made. */
  readonly url: string | (() => string);
  /** The settings of a connection beside its URL: TLS, a password from elsewhere. */
  readonly connection?: MysqlConnectionExtras | undefined;
  /** How long to wait for a connection, in milliseconds. Default: 10 000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * After how much silence the server takes the migration lock away, in milliseconds. Default: 30 000.
   * Longer survives longer pauses of the process; shorter lets others in sooner after it froze.
   */
  readonly lockLeaseMs?: number | undefined;
};

/** The kinds of these options, for the adapters of both drivers. */
export const mysqlKinds: KindsOf<MysqlOptions> = {
  url: readAtConnect,
  connection: object,
  connectTimeoutMs: readAtConnect,
  lockLeaseMs: readAtConnect,
};

/** Connects to MySQL or MariaDB by this driver, and does nothing before the first connection. */
export function withDriver(driver: MysqlDriver, options: MysqlOptions): Adapter {
  const { connection: extras = {} } = options;
  const url = () => givenText("url", options.url).trim();
  return {
    name: "mysql",
    dialect: mysqlDialect(assumedServer),
    describe: () => describe(url),
    open: async (open) => {
      const { application } = open;
      const leaseMs = givenLease(options.lockLeaseMs);
      const connectTimeoutMs = givenConnectTimeout(options.connectTimeoutMs);
      const another = () => connect(driver, { url: url(), application, connectTimeoutMs, extras });
      const { connection, server } = await caughtUp(async () => {
        const made = await another();
        return { connection: made, server: await askServer(made, url) };
      }, open);
      return new MysqlSession(connection, {
        ...open,
        server,
        leaseMs,
        connect: another,
      });
    },
    at: (other) => withDriver(driver, { ...options, url: other }),
    storage: mysqlStorage({
      url,
      connect: (server) =>
        connect(driver, {
          url: server,
          application: "slipway",
          connectTimeoutMs: givenConnectTimeout(options.connectTimeoutMs),
          extras,
          database: "none",
        }),
    }),
  };
}

type Connected = { readonly connection: MysqlConnection; readonly server: MysqlServer };

/**
 * A node of a cluster may be behind the commits of another one: a run could read there a history of the past. While
 * every node waits for a change of a table, the node is read as it is.
 */
async function caughtUp(
  open: () => Promise<Connected>,
  { role }: Pick<OpenOptions, "role">,
): Promise<Connected> {
  const made = await open();
  if (made.server.galera !== true || role !== "work") return made;
  const { isCaughtUp, isCutOff } = await import("./cluster/caught-up.ts");
  if (await isCaughtUp(made.connection)) return made;
  made.connection.hangUp();
  const again = await open();
  if (!(await isCutOff(again.connection))) return again;
  await again.connection.close();
  throw cutOffFromCluster();
}

/** A connection that is lost so early was never made. */
async function askServer(connection: MysqlConnection, url: () => string): Promise<MysqlServer> {
  try {
    const { rows } = await connection.query(serverQuery);
    const { version, sqlMode, galera } = rows[0] ?? {};
    const server = readServer(String(version), { sqlMode: String(sqlMode), galera: galera === 1 });
    await connection.query(sessionSettings(server));
    return server;
  } catch (error) {
    await connection.close();
    const address = readAddress(url());
    throw address === undefined ? error : connectionFailed(error, address);
  }
}

function describe(url: () => string): string {
  try {
    const given = url();
    const address = readAddress(given);
    if (address === undefined) return "mysql (its URL cannot be read)";
    return showAddress(address, URL.parse(given)?.searchParams.getAll("socketPath").at(-1));
  } catch {
    // Only messages show this: a connection throws the error itself.
    return "mysql (its URL is not set)";
  }
}
