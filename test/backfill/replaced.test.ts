/** A table that is swapped for another one while a backfill is under way. */
import { createConnection } from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { defineBackfill, sql } from "../../src/index.ts";
import { sleep } from "../../src/release/sleep.ts";
import { refusal, releaseOn } from "../conformance/support/release.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { freshMysql, mariadbOfFile } from "../support/mysql.ts";

const mariadb = await mariadbOfFile();

type Definition = Parameters<typeof defineBackfill>[0];
type Database = Pick<TestDatabase, "adapter" | "query" | "dispose">;

const rows = 60;
/** A name that a file cannot have as it is. */
const table = "my-posts";
const small = { table, key: "id", batchSize: 10, maxBatchSize: 10, parallel: 1, pauseMs: 25 };

/** The modes, with a count of how often each row was written. */
const modes: Readonly<Record<string, Definition>> = {
  set: { ...small, set: { n: sql`n + 1` } },
  "set over a snapshot": { ...small, snapshot: true, set: { n: sql`n + 1` } },
  each: { ...small, each: (row) => ({ n: Number(row.n) + 1 }) },
  effect: { ...small, effect: async (row) => ({ n: Number(row.n) + 1 }) },
};

describe.each(["pglite", "postgres", "sqlite", "mariadb"] as const)("on %s", (kind) => {
  const isThere = kind !== "mariadb" || mariadb !== undefined;
  const q = (name: string) => (kind === "mariadb" ? `\`${name}\`` : `"${name}"`);
  let database: Database;

  beforeEach(async () => {
    if (!isThere) return;
    database = await (kind === "mariadb" ? freshMysql(mariadb?.url ?? "") : testDatabase(kind));
    await make(table);
    await make("fresh");
  });
  afterEach(() => database?.dispose());

  async function make(name: string): Promise<void> {
    await database.query(
      `create table ${q(name)} (id integer not null primary key, n integer not null)`,
    );
    const values = Array.from({ length: rows }, (_, i) => `(${i}, 0)`);
    await database.query(`insert into ${q(name)} values ${values.join(", ")}`);
  }

  async function swap(): Promise<void> {
    await database.query(`alter table ${q(table)} rename to ${q("gone")}`);
    await database.query(`alter table ${q("fresh")} rename to ${q(table)}`);
  }

  /** How often the rows of a table were written: `0 1` when some were not, and some once. */
  async function written(name = table): Promise<string> {
    const found = await database.query(`select distinct n from ${q(name)} order by n`);
    return found.map(({ n }) => String(n)).join(" ");
  }

  /** A release that has something done to the database when its worker rests for the first time. */
  function interrupted(definition: Definition, act: () => Promise<void>) {
    const { release, events } = releaseOn(
      database,
      {},
      { dataMigrations: { "1_count": defineBackfill(definition) } },
    );
    let rests = 0;
    return release.using({
      async sleep(ms, signal) {
        const isRest = ms <= 25 && events.some(({ type }) => type === "backfill_started");
        if (isRest) rests += 1;
        await (isRest && rests === 1 ? act() : sleep(ms, signal));
      },
    });
  }

  it.skipIf(!isThere).each(Object.entries(modes))(
    "%s stops by name, and leaves the other table as it is",
    async (_, definition) => {
      const release = interrupted(definition, swap);
      const stopped = await refusal(release.migrateData());
      expect(stopped).toMatchObject({ code: "backfill_table_replaced", details: { table } });
      expect(await written()).toBe("0");
      expect(await written("gone")).toBe("0 1");
      expect((await refusal(release.migrateData())).code).toBe("backfill_table_replaced");
      await release.backfills.restart(1);
      await release.migrateData();
      expect(await written()).toBe("1");
    },
  );

  it.skipIf(!isThere)("goes on for the rest when somebody says that it may", async () => {
    const { set = {} } = modes;
    const release = interrupted(set as Definition, swap);
    expect((await refusal(release.migrateData())).exitCode).toBe(4);
    await release.migrateData({ acceptChanged: true });
    expect(await written()).toBe("0 1");
  });

  it.skipIf(!isThere)("a table that only changes is the same", async () => {
    const release = interrupted(modes.each as Definition, async () => {
      if (kind === "postgres" || kind === "pglite") {
        await database.query(`vacuum full ${q(table)}`);
        await database.query(`cluster ${q(table)} using ${q(`${table}_pkey`)}`);
      }
      await database.query(`alter table ${q(table)} add column more text`);
      await database.query(`create index more on ${q(table)} (n)`);
      await database.query(`alter table ${q(table)} rename to ${q("other")}`);
      await database.query(`alter table ${q("other")} rename to ${q(table)}`);
    });
    await release.migrateData();
    expect(await written()).toBe("1");
  });
});

it.skipIf(mariadb === undefined)(
  "without PROCESS, tables of MariaDB that were made in one second are told apart",
  async () => {
    const database = await freshMysql(mariadb?.url ?? "");
    const url = new URL(database.url);
    url.username = "plain";
    url.password = "plain";
    const server = await createConnection({ uri: mariadb?.url ?? "" });
    await server.query("create user plain@'127.0.0.1' identified by 'plain'");
    await server.query(`grant all on ${url.pathname.slice(1)}.* to plain@'127.0.0.1'`);
    await server.end();
    const session = await mysql({ url: url.href }).open({ role: "work", application: "test" });
    const identity = async () => await session.tableIdentity?.({ name: "posts" });
    await database.query("create table fresh (id integer)");
    await database.query("create table posts (id integer)");
    const known = await identity();
    await database.query("rename table posts to gone, fresh to posts");
    expect(await identity()).not.toBe(known);
    await session.close();
    await database.dispose();
  },
);
