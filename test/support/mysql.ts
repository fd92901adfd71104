/** Databases on a MariaDB that runs for the tests. */
import { randomBytes } from "node:crypto";
import { afterAll } from "vitest";
import type { Adapter, Row } from "../../src/adapters/adapter.ts";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { startMariadb } from "./mariadb.ts";
import type { Server } from "./server.ts";

/** A password that must be percent-encoded, and that is no other word of its URL. */
export const mysqlPassword = "s3cret/#?%";

/** An empty database of a test's own, and its owner. */
export type MysqlDatabase = {
  readonly url: string;
  readonly adapter: Adapter;
  /** Runs one statement on a connection of its own. */
  query(sql: string): Promise<readonly Row[]>;
  dispose(): Promise<void>;
};

/** A MariaDB for the tests of one file, with the owner of its databases; `undefined` where it is not installed. */
export async function mariadbOfFile(
  ...how: Parameters<typeof startMariadb>
): Promise<Server | undefined> {
  const server = await startMariadb(...how);
  afterAll(() => server?.stop());
  if (server !== undefined) await addOwner(server.url);
  return server;
}

/** Makes a user with `mysqlPassword` that may do everything. */
async function addOwner(serverUrl: string): Promise<void> {
  const run = (sql: string) => once(mysql({ url: serverUrl }), sql);
  await run(`CREATE USER owner@'127.0.0.1' IDENTIFIED BY '${mysqlPassword}'`);
  await run("GRANT ALL PRIVILEGES ON *.* TO owner@'127.0.0.1'");
}

/** Makes an empty database with a random name. */
export async function freshMysql(serverUrl: string): Promise<MysqlDatabase> {
  const url = new URL(serverUrl);
  url.pathname = `/t_${randomBytes(6).toString("hex")}`;
  url.username = "owner";
  url.password = encodeURIComponent(mysqlPassword);
  const adapter = mysql({ url: url.href });
  await adapter.storage?.create();
  return {
    url: url.href,
    adapter,
    query: (sql) => once(adapter, sql),
    dispose: async () => void (await adapter.storage?.drop({ force: true })),
  };
}

async function once(adapter: Adapter, sql: string): Promise<readonly Row[]> {
  const session = await adapter.open({ role: "work", application: "test" });
  try {
    return await session.query(sql);
  } finally {
    await session.close();
  }
}
