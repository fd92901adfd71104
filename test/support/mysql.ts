/** Databases on a MariaDB that runs for the tests. */
import { randomBytes } from "node:crypto";
import { afterAll, inject } from "vitest";
import type { Adapter, Row } from "../../src/adapters/adapter.ts";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { mysqlPassword, startSharedMariadb } from "./mysql-owner.ts";
import type { Server } from "./server.ts";

/** An empty database of a test's own, and its owner. */
export type MysqlDatabase = {
  readonly url: string;
  readonly adapter: Adapter;
  /** Runs one statement on a connection of its own. */
  query(sql: string): Promise<readonly Row[]>;
  dispose(): Promise<void>;
};

/** The MariaDB of the whole run; `undefined` where it is not installed. Its global settings stay as they are. */
export async function mariadbOfRun(): Promise<{ readonly url: string } | undefined> {
  const answer = await fetch(inject("mariadbDesk"));
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text === "" ? undefined : { url: text };
}

/** A MariaDB for a file that needs settings of its own, or changes those of the server. */
export async function mariadbOfFile(settings: readonly string[] = []): Promise<Server | undefined> {
  const server = await startSharedMariadb(settings);
  afterAll(() => server?.stop());
  return server;
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
