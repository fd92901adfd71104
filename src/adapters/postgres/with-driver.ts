/** The adapter for PostgreSQL, over whichever driver. */
import { type KindsOf, name, object } from "../../core/model/kind.ts";
import type { Adapter } from "../adapter.ts";
import { readAtConnect } from "../check-options.ts";
import { givenText } from "../given.ts";
import { givenConnectTimeout, givenLease } from "../given-milliseconds.ts";
import { readAddress, showAddress } from "./address.ts";
import { connect, type PostgresConnectionExtras } from "./connect.ts";
import { postgresDialect } from "./dialect.ts";
import type { PostgresDriver } from "./driver.ts";
import { type LockBy, refuseOtherWay } from "./lock-by.ts";
import { PostgresSession } from "./session.ts";
import { postgresStorage } from "./storage.ts";

/** Where the database is, and how to connect to it. */
export type PostgresOptions = {
  /** `postgres://user:password@host:port/database`, or a function that is called when a connection is made. */
  readonly url: string | (() => string);
  /** The address past a connection pooler. Default: `url`. When given, Slipway connects only there. */
  readonly directUrl?: string | (() => string) | undefined;
  /** The settings of a connection beside its URL: TLS, a password from elsewhere. */
  readonly connection?: PostgresConnectionExtras | undefined;
  /**
   * The role that the migrations run as, such as the owner of the tables: `SET ROLE` for each session that works. The
   * user of the URL must be a member of it. Default: the user of the URL. A pooler does not pass it on; there say
   * `ALTER ROLE login SET role = owner`, or give `directUrl`.
   */
  readonly role?: string | undefined;
  /** How long to wait for a connection, in milliseconds. Default: 10 000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * After how much silence the server takes the migration lock away, in milliseconds. Default: 30 000.
   * Longer survives longer pauses of the process; shorter lets others in sooner after it froze.
   */
  readonly lockLeaseMs?: number | undefined;
  /**
   * The kind of the migration lock. `advisory` is PostgreSQL's own; a server that gives it to two
   * connections at once is
   * refused. `row` is a row of `slipway_lock` with a lease, for servers that speak PostgreSQL's protocol and lack those
   * locks: give it to all releases that migrate the database, for the two ways do not know of each other. Default: `advisory`.
   */
  readonly lockBy?: LockBy | undefined;
};

/** The kinds of these options, for the adapters of all drivers. */
export const postgresKinds: KindsOf<PostgresOptions> = {
  url: readAtConnect,
  directUrl: readAtConnect,
  connection: object,
  role: name,
  connectTimeoutMs: readAtConnect,
  lockLeaseMs: readAtConnect,
  lockBy: readAtConnect,
};

/** Connects to PostgreSQL by this driver, and does nothing before the first connection. */
export function withDriver(driver: PostgresDriver, options: PostgresOptions): Adapter {
  const { connection: extras = {} } = options;
  const { url: given, directUrl } = options;
  // A blank at its beginning comes from a file or a variable, and is no part of it.
  const url = () =>
    (directUrl === undefined ? givenText("url", given) : givenText("directUrl", directUrl)).trim();
  return {
    name: "postgres",
    dialect: postgresDialect,
    describe: () => describe(url),
    open: async (open) => {
      const { application, signal } = open;
      refuseOtherWay(options.lockBy);
      const leaseMs = givenLease(options.lockLeaseMs);
      const connectTimeoutMs = givenConnectTimeout(options.connectTimeoutMs);
      // An advisory lock needs no rights, and its connection looks at the others, which the role could not see.
      const role = open.role === "work" || options.lockBy === "row" ? options.role : undefined;
      const another = () =>
        connect(driver, { url: url(), application, connectTimeoutMs, extras, role, signal });
      return new PostgresSession(await another(), {
        ...open,
        leaseMs,
        lockBy: options.lockBy,
        connect: another,
      });
    },
    at: (other) => withDriver(driver, { ...options, url: other, directUrl: undefined }),
    storage: postgresStorage({
      url,
      connect: (maintenance) =>
        connect(driver, {
          url: maintenance,
          application: "slipway",
          connectTimeoutMs: givenConnectTimeout(options.connectTimeoutMs),
          extras,
        }),
    }),
  };
}

function describe(url: () => string): string {
  try {
    const address = readAddress(url());
    return address === undefined ? "postgres (its URL cannot be read)" : showAddress(address);
  } catch {
    // Only messages show this: a connection throws the error itself.
    return "postgres (its URL is not set)";
  }
}
