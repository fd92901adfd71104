/** What `gen release` writes for a new project, on each kind of database: up, a row without times, down. */
import { afterEach, describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { type AdapterName, releaseTemplate } from "../../src/cli/templates/release.ts";
import { defineMigration } from "../../src/core/language/migration-definition.ts";
import { sql } from "../../src/core/model/fragment.ts";
import type { RepoConfig } from "../../src/release/config.ts";
import { defineRelease } from "../../src/release/define-release.ts";
import { type DatabaseKind, type TestDatabase, testDatabase } from "../support/databases.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";

let database: TestDatabase;

afterEach(() => database.dispose());

/** The repo's options in the text that is written, over an adapter of the test. */
function generated(adapterName: AdapterName, adapter: Adapter): RepoConfig {
  const text = releaseTemplate({ app: "a", adapter: adapterName, defaults: "typescript" });
  const [, block = ""] = /main: (\{[\s\S]*\}),\n {2}\},\n\}\);/.exec(text) ?? [];
  const options = block.replace(/adapter: \w+\(.*\),/, "");
  return { ...new Function("sql", `return (${options});`)(sql), adapter };
}

const migrations = {
  "1_create_notes": defineMigration({
    change(m) {
      m.createTable("notes", (t) => {
        t.id();
        t.column("title", "string");
        t.column("code", "string", { size: 8 });
        t.timestamps();
      });
    },
  }),
  "2_more": defineMigration({
    change(m) {
      m.alterTable("notes", (t) => {
        t.setType("title", "string", { was: "string" });
        t.references("parent_id", "notes");
      });
    },
  }),
};

const kinds: readonly (readonly [AdapterName, DatabaseKind])[] = [
  ["pglite", "pglite"],
  ["sqlite", "sqlite"],
];

describe.each(kinds)("the defaults of a new project on %s", (name, kind) => {
  it("fill in times, and go up, down and up", async () => {
    database = await testDatabase(kind);
    const repo = { ...generated(name, database.adapter), migrations, safe: "off" as const };
    const Release = defineRelease({ app: "a", repos: { main: repo } }).using({ emit() {} });
    const second = kind === "sqlite" ? 1 : 2;
    await Release.migrate({ to: second });
    await database.query("insert into notes (title) values ('one')");
    const [row] = await database.query("select * from notes");
    expect(Object.keys(row!)).toEqual(
      ["id", "title", "code", "created_at", "updated_at"].concat(second === 2 ? "parent_id" : []),
    );
    expect(String(row!.id)).toBe("1");
    expect(new Date(`${row!.created_at}`).getTime()).toBeGreaterThan(Date.parse("2020-01-01"));
    await Release.rollback("main", { all: true });
    expect(await database.tables()).toEqual([]);
    await Release.migrate({ to: second });
    expect(await database.tables()).toEqual(["notes"]);
  });
});

const mariadb = await mariadbOfRun();

it.skipIf(mariadb === undefined)("fill in times in UTC on MariaDB", async () => {
  const fresh = await freshMysql(mariadb!.url);
  database = { ...fresh, tables: async () => [], dispose: async () => undefined };
  const repo = { ...generated("mariadb", fresh.adapter), migrations };
  await defineRelease({ app: "a", repos: { main: repo } })
    .using({ emit() {} })
    .migrate({ to: 1 });
  await fresh.query("insert into notes (title) values ('one')");
  const [row] = await fresh.query(
    "select timestampdiff(second, created_at, utc_timestamp()) as age from notes",
  );
  expect(Number(row!.age)).toBeLessThan(60);
  expect(Number(row!.age)).toBeGreaterThanOrEqual(0);
});

it("mean identity, text and timestamptz on PostgreSQL, and leave a size alone", async () => {
  database = await testDatabase("pglite");
  const repo = { ...generated("postgres", database.adapter), migrations };
  await defineRelease({ app: "a", repos: { main: repo } })
    .using({ emit() {} })
    .migrate({ to: 1 });
  const columns = await database.query(
    "select column_name, udt_name, is_identity, column_default from information_schema.columns where table_name = 'notes' order by ordinal_position",
  );
  expect(columns.map((column) => Object.values(column).join(" "))).toEqual([
    "id int8 YES ",
    "title text NO ",
    "code varchar NO ",
    "created_at timestamptz NO now()",
    "updated_at timestamptz NO now()",
  ]);
});

it("are Ecto's where a release says nothing", async () => {
  database = await testDatabase("pglite");
  const repo = { adapter: database.adapter, migrations };
  await defineRelease({ app: "a", repos: { main: repo } })
    .using({ emit() {} })
    .migrate({ to: 1 });
  const columns = await database.query(
    "select column_name, udt_name, is_identity from information_schema.columns where table_name = 'notes' order by ordinal_position",
  );
  expect(columns.map((column) => Object.values(column).join(" "))).toEqual([
    "id int8 NO",
    "title varchar NO",
    "code varchar NO",
    "inserted_at timestamp NO",
    "updated_at timestamp NO",
  ]);
});
