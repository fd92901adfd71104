import { createConnection } from "mysql2/promise";
import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { startMariadb } from "./mariadb.ts";
import { startPgbouncer } from "./pgbouncer.ts";
import { freshDatabase } from "./postgres.ts";

test("a fresh database is empty and nobody else's", async () => {
  const [one, two] = await Promise.all([freshDatabase(), freshDatabase()]);
  await ask(one.url, "CREATE TABLE posts (id int)");
  const tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
  expect(await ask(one.url, tables)).toEqual([{ tablename: "posts" }]);
  expect(await ask(two.url, tables)).toEqual([]);
  await Promise.all([one.drop(), two.drop()]);
});

const mariadb = await startMariadb();
afterAll(() => mariadb?.stop());

describe.skipIf(mariadb === undefined)("MariaDB", () => {
  test("answers, in a database of its own", async () => {
    const connection = await createConnection(mariadb?.url ?? "");
    const [rows] = await connection.query(
      "SELECT DATABASE() AS repo, VERSION() LIKE '%MariaDB%' AS yes",
    );
    await connection.end();
    expect(rows).toEqual([{ repo: "slipway", yes: 1 }]);
  });
});

const upstream = await freshDatabase();
const pgbouncer = await startPgbouncer(upstream.url, { poolSize: 1 });
afterAll(() => pgbouncer?.stop());

describe.skipIf(pgbouncer === undefined)("PgBouncer", () => {
  test("two clients share one connection, between two transactions", async () => {
    const url = pgbouncer?.url ?? "";
    const pid = "SELECT pg_backend_pid() AS pid, current_database() AS repo";
    const one = await connect(url);
    const two = await connect(url);
    const rows = [await one.query(pid), await two.query(pid)].map((result) => result.rows[0]);
    await Promise.all([one.end(), two.end()]);
    expect(rows[0]).toEqual(rows[1]);
    expect(rows[0].repo).toBe(new URL(upstream.url).pathname.slice(1));
  });
});

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = await connect(url);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
