/** Folders as other tools leave them, run and rolled back. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defineRelease } from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await testDatabase("sqlite");
  folder = mkdtempSync(join(tmpdir(), "slipway-layouts-"));
});
afterEach(async () => {
  await database.dispose();
  rmSync(folder, { recursive: true });
});

function releaseOf(files: { readonly [path: string]: string }) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const repos = { main: { adapter: database.adapter, migrations: folder } };
  return defineRelease({ app: "app", repos }).using(recorder().world);
}

const create = (table: string) => `create table ${table} (id integer primary key)`;
const drop = (table: string) => `drop table ${table}`;

/** Each needs the one before it, so a wrong order fails. */
const layouts: readonly [string, { readonly [path: string]: string }, readonly string[]][] = [
  [
    "folders of releases",
    {
      "0.2/00__a.sql": create("a"),
      "0.2/01__b.sql": "alter table a add column b text",
      "0.10/00__c.sql": "alter table a rename column b to c",
    },
    ["0.2/00__a", "0.2/01__b", "0.10/00__c"],
  ],
  [
    "Drizzle's journal",
    {
      "0001_a.sql": create("a"),
      "0000_b.sql": "alter table a add column b text",
      "0002_left.sql": "this is no SQL",
      "meta/_journal.json": JSON.stringify({ entries: [{ tag: "0001_a" }, { tag: "0000_b" }] }),
    },
    ["1", "0"],
  ],
  ["yoyo's rollback files", { "0001.a.sql": create("a"), "0001.a.rollback.sql": drop("a") }, ["1"]],
  [
    "Flyway's versions of several parts",
    {
      "V2__c.sql": "alter table a rename column b to c",
      "V1__a.sql": create("a"),
      "V1_1__b.sql": "alter table a add column b text",
    },
    ["1", "V1_1__b", "2"],
  ],
];

test.each(layouts)("%s run in their order, once", async (_, files, expected) => {
  const app = releaseOf(files);
  const [outcome] = await app.migrate();
  expect(outcome?.migrations.map(({ version }) => version)).toEqual(expected);
  expect((await app.migrate())[0]?.migrations).toEqual([]);
  const [status] = await app.migrationStatus();
  expect(status?.migrations.map(({ status: is }) => is)).toEqual(expected.map(() => "up"));
});

test("the twin of a file goes down", async () => {
  const app = releaseOf({
    "001.do.a.sql": create("a"),
    "001.undo.a.sql": drop("a"),
    "002_b.sql": create("b"),
    "down/002_b.sql": drop("b"),
  });
  await app.migrate();
  const outcome = await app.rollback("main", { all: true });
  expect(outcome.migrations.map(({ version }) => version)).toEqual(["2", "1"]);
  expect((await app.migrate())[0]?.migrations.map(({ version }) => version)).toEqual(["1", "2"]);
});

test("a folder of another language is refused, and nothing is said to be up", async () => {
  const app = releaseOf({ "20210718153339_create_posts.rb": "class CreatePosts; end" });
  await expect(app.migrate()).rejects.toMatchObject({ code: "layout_unknown", exitCode: 2 });
  await expect(app.migrationStatus()).rejects.toMatchObject({ code: "layout_unknown" });
});
