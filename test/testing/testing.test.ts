/** What `slipway/testing` gives to the tests of an app. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { defineMigration, defineRelease, defineSeeds, type MigrationDefinition } from "slipway";
import {
  describeAdapter,
  migratedPglite,
  migratedPostgres,
  transactionPerTest,
} from "slipway/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-testing-"));
const before = process.cwd();

beforeAll(() => {
  mkdirSync(join(folder, "node_modules"));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

function releaseOf(app: string, tables: readonly string[]) {
  const migrations: { [name: string]: MigrationDefinition } = {};
  for (const [index, table] of tables.entries())
    migrations[`${index + 1}_create_${table}`] = defineMigration({
      change: (m) => m.createTable(table, (t) => t.id()),
    });
  const adapter = postgres({ url: () => "postgres://nobody.invalid/x" });
  return defineRelease({ app, repos: { main: { adapter, migrations } } });
}

const seeds = defineSeeds((db) => db.execute("insert into users (id) values (7)"));

describe("migratedPglite", () => {
  const kept = () =>
    readdirSync(join(folder, "node_modules/.cache/slipway")).filter((one) => /^migrated/.test(one));

  it("migrates once, and opens what is kept in a fraction of the time, each one by itself", async () => {
    const Release = releaseOf("kept", ["users", "posts"]);
    const first = await migratedPglite(Release, { seeds });
    await first.client.exec("insert into users (id) values (8)");
    const begun = process.cpuUsage();
    const second = await migratedPglite(Release, { seeds });
    const { user, system } = process.cpuUsage(begun);
    const ms = Math.round((user + system) / 1000);
    console.log(`a migrated PGlite is opened in ${ms} ms of processor time`);
    expect(ms).toBeLessThan(1000);
    const { rows } = await second.client.query("select id from users");
    expect(rows).toEqual([{ id: 7 }]);
    const [status] = await second.release.migrationStatus();
    expect(status?.migrations.map((row) => row.status)).toEqual(["up", "up"]);
    expect(kept()).toHaveLength(1);
    await first.close();
    await second.close();
  });

  it("migrates anew when a migration or the seeds change", async () => {
    const one = await migratedPglite(releaseOf("anew", ["users"]));
    const two = await migratedPglite(releaseOf("anew", ["users", "posts"]));
    const three = await migratedPglite(releaseOf("anew", ["users"]), { seeds });
    expect((await two.client.query("select 1 from posts")).rows).toEqual([]);
    expect((await three.client.query("select 1 from users")).rows).toHaveLength(1);
    expect((await one.client.query("select 1 from users")).rows).toEqual([]);
    for (const { close } of [one, two, three]) await close();
  });
});

describe("migratedPostgres", () => {
  const app = `t${randomBytes(3).toString("hex")}`;
  const url = inject("postgresUrl");

  async function databases(): Promise<readonly string[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const sql = "select datname from pg_database where datname like $1 order by 1";
    const { rows } = await client.query(sql, [`slipway_test_${app}_main_%`]);
    await client.end();
    return rows.map((row) => row.datname);
  }

  it("copies a template that is migrated once, a database for each call", async () => {
    const Release = releaseOf(app, ["users"]);
    const both = await Promise.all([
      migratedPostgres(Release, { url, seeds }),
      migratedPostgres(Release, { url, seeds }),
    ]);
    expect(new Set(both.map((one) => one.url)).size).toBe(2);
    for (const { url: own, release } of both) {
      const client = new pg.Client({ connectionString: own });
      await client.connect();
      expect((await client.query("select id from users")).rows).toEqual([{ id: "7" }]);
      await client.query("insert into users (id) values (8)");
      await client.end();
      const [outcome] = await release.migrate();
      expect(outcome?.migrations).toEqual([]);
    }
    expect(await databases()).toHaveLength(3);
    for (const { close } of both) await close();
    expect(await databases()).toHaveLength(1);
  });

  it("takes over what a killed run has left, and removes the template of earlier migrations", async () => {
    const Release = releaseOf(app, ["users", "posts"]);
    const left = await migratedPostgres(Release, { url });
    expect(await databases()).toHaveLength(2);
    const name = new URL(left.url).pathname.slice(1);
    expect(name).toMatch(/^slipway_test_t\w{6}_main_w\w+_\d+$/);
    await left.close();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const [, next = ""] = /^(.*_)\d+$/.exec(name) ?? [];
    // The next call counts one further.
    const taken = `${next}${Number(name.slice(next.length)) + 1}`;
    await client.query(`create database ${taken}`);
    const again = await migratedPostgres(Release, { url });
    expect(new URL(again.url).pathname).toBe(`/${taken}`);
    const busy = new pg.Client({ connectionString: again.url });
    await busy.connect();
    expect((await busy.query("select 1 from posts")).rows).toEqual([]);
    await busy.end();
    await again.close();
    await client.end();
    expect(await databases()).toHaveLength(1);
  });
});

describe("transactionPerTest", () => {
  it("rolls back what a test wrote, and says when a test has committed", async () => {
    const { client, close } = await migratedPglite(releaseOf("each", ["users"]));
    const each = transactionPerTest(client);
    const count = async () =>
      Number((await client.query<{ n: number }>("select count(*) as n from users")).rows[0]?.n);
    await each.begin();
    await client.query("insert into users default values");
    expect(await count()).toBe(1);
    await each.rollBack();
    expect(await count()).toBe(0);

    await each.begin();
    await expect(client.query("select nowhere")).rejects.toThrow(/nowhere/);
    await each.rollBack();

    await each.begin();
    await client.query("commit");
    await expect(each.rollBack()).rejects.toThrow(/has ended the transaction/);
    await close();
  });
});

it("describeAdapter says where it has moved to", () => {
  expect(() => describeAdapter()).toThrow(/import it from "slipway\/adapter\/testing"/);
});
