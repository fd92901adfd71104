/** Folders of other tools that need a word in the repo, or that hold more than one kind of migration. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defineRelease, isReleaseError, type ReleaseError, type RepoConfig } from "slipway";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { carry } from "../../src/build/carry.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";

let database: TestDatabase;
let root: string;
beforeEach(async () => {
  database = await testDatabase("pglite");
  root = mkdtempSync(join(tmpdir(), "slipway-folders-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: { readonly [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, "m", path)), { recursive: true });
    writeFileSync(join(root, "m", path), text);
  }
}

function release(options: Partial<RepoConfig> = {}) {
  const main = { adapter: database.adapter, migrations: "m", ...options };
  return defineRelease({ app: "blog", root, repos: { main } }).using({
    emit: () => undefined,
    write: () => undefined,
  });
}

async function ran(options: Partial<RepoConfig> = {}): Promise<readonly string[]> {
  const [outcome] = await release(options).migrate();
  return outcome?.migrations.map(({ version }) => version) ?? [];
}

async function refusal(work: Promise<unknown>): Promise<ReleaseError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isReleaseError(error)) throw new Error(`it was not refused: ${String(error)}`);
  return error;
}

describe("placeholders", () => {
  const as = (name: string) => `\${${name}}`;
  const file = {
    "V1__a.sql": `-- of the shop\ncreate table ${as("name")} (a text default '${as("text")}');\n`,
  };

  it("are filled in from the repo, also in a string", async () => {
    write(file);
    await ran({ placeholders: { name: "shop", text: "it''s" } });
    await database.query("insert into shop default values");
    expect(await database.query("select a from shop")).toEqual([{ a: "it's" }]);
  });

  it("are refused by name, with the line, before anything runs", async () => {
    write({ "V0__b.sql": "create table b (a int);\n", ...file });
    const error = await refusal(release().migrate());
    expect([error.code, error.message, error.hint]).toEqual([
      "migration_invalid",
      `file m/V1__a.sql: line 2: ${as("name")} is a placeholder, and nothing is given for it`,
      'Add placeholders: { "name": "…" } to its repo in release.ts.',
    ]);
    const other = await refusal(release({ placeholders: { name: "shop" } }).migrate());
    expect(other.message).toContain(`line 2: ${as("text")} is a placeholder`);
    expect(await database.tables()).toEqual([]);
  });

  it("in a body are text where the repo gives none", async () => {
    write({
      "V1__f.sql": `create function f() returns text language sql as $$ select '${as("x")}' $$;
`,
    });
    await ran();
    expect(await database.query("select f()")).toEqual([{ f: as("x") }]);
  });

  it("of a built release have the values that it was built with", async () => {
    write(file);
    const placeholders = { name: "shop", text: "x" };
    const from = { name: "main", migrations: [join(root, "m")], dataMigrations: [] };
    const folders = [{ ...from, syntax: "postgres" as const, placeholders }];
    const { repos } = await carry(folders, root);
    expect(repos[0]?.migrations?.[0]?.code).toMatchObject({
      text: "-- of the shop\ncreate table shop (a text default 'x');\n",
    });
  });
});

describe("a baseline of Flyway's", () => {
  const one = (name: string) => `create table ${name} (a int);\n`;
  const files = {
    "V1__a.sql": one("a"),
    "V2__b.sql": one("b"),
    "B2__base.sql": one("a") + one("b"),
    "V3__c.sql": one("c"),
  };

  it("stands for all up to its version where nothing has run", async () => {
    write(files);
    expect(await ran()).toEqual(["B2__base", "3"]);
    expect(await ran()).toEqual([]);
    const [status] = await release().migrationStatus();
    expect(status?.migrations.map(({ name }) => name)).toEqual(["base", "c"]);
    expect(await release().verify()).toMatchObject([{ relation: "same" }]);
  });

  it("is left out where the others have run, also by Flyway", async () => {
    write(files);
    await database.query(
      "create table flyway_schema_history (installed_rank int primary key, version varchar(50), description varchar(200), type varchar(20), script varchar(1000), checksum int, installed_by varchar(100), installed_on timestamp default now(), execution_time int, success boolean)",
    );
    await database.query(
      "insert into flyway_schema_history (installed_rank, version, type, script, success) values (1, '1', 'SQL', 'V1__a.sql', true)",
    );
    await database.query(one("a"));
    expect((await release().adopt("main")).recorded.map(({ version }) => version)).toEqual(["1"]);
    expect(await ran()).toEqual(["2", "3"]);
    expect(await release().readiness()).toMatchObject([{ ready: true }]);
  });

  it("that Flyway has run stands for the older ones", async () => {
    write(files);
    await database.query(
      "create table flyway_schema_history (installed_rank int primary key, version varchar(50), description varchar(200), type varchar(20), script varchar(1000), checksum int, installed_by varchar(100), installed_on timestamp default now(), execution_time int, success boolean)",
    );
    await database.query(
      "insert into flyway_schema_history (installed_rank, version, type, script, success) values (1, '2', 'SQL_BASELINE', 'B2__base.sql', true)",
    );
    expect((await release().adopt("main")).recorded.map(({ version }) => version)).toEqual([
      "B2__base",
    ]);
    expect(await ran()).toEqual(["3"]);
  });
});

describe("layout", () => {
  it("by-name runs every SQL file in the order of the names", async () => {
    write({
      "tables.sql": "create table a (a int);\n",
      "views/v.sql": "create view v as select * from a;\n",
    });
    expect((await refusal(release().migrate())).code).toBe("layout_unknown");
    expect(await ran({ layout: "by-name" })).toEqual(["tables.sql", "views/v.sql"]);
    expect(await ran({ layout: "by-name" })).toEqual([]);
  });

  it("plain takes folders of releases for what they are not", async () => {
    write({
      "0.9/1_a.sql": "create table a (a int);\n",
      "0.10/2_b.sql": "create table b (a int);\n",
    });
    expect(await ran({ layout: "plain" })).toEqual(["1", "2"]);
  });

  it("is refused where the folder has another, and one that there is none of", async () => {
    write({ "1_a.sql": "create table a (a int);\n" });
    const other = await refusal(release({ layout: "release-folders" }).migrate());
    expect([other.code, other.message]).toEqual([
      "option_invalid",
      'repos.main.layout is "release-folders", which is not the layout that m has; without it Slipway looks for itself',
    ]);
    expect(() => release({ layout: "knex" as never })).toThrow(/layout is "knex".*by-name/);
  });

  it("liquibase runs a migration for each change set, and finds what Liquibase ran", async () => {
    write({
      "001.sql":
        "--liquibase formatted sql\n\n--changeset ann:1\ncreate table a (a int);\n--rollback drop table a;\n--changeset bob:x-2 runOnChange:true\n--comment a view\ncreate or replace view v as select a from a;\n",
      "002.sql":
        "--liquibase formatted sql\n--changeset ann:2 runInTransaction:false\ncreate index concurrently i on a (a);\n--rollback drop index i;\n",
    });
    await database.query("create table a (a int)");
    await database.query(
      "create table databasechangelog (id varchar(255), author varchar(255), filename varchar(255), dateexecuted timestamp, orderexecuted int, exectype varchar(10), md5sum varchar(35))",
    );
    await database.query(
      "insert into databasechangelog values ('1', 'ann', '001.sql', now(), 1, 'EXECUTED', '9:x')",
    );
    const layout = "liquibase" as const;
    const { recorded } = await release({ layout }).adopt("main");
    expect(recorded.map(({ version }) => version)).toEqual(["001.sql:ann:1"]);
    expect(await ran({ layout })).toEqual(["002.sql:ann:2", "001.sql:bob:x-2"]);
    expect(await ran({ layout })).toEqual([]);
    await release({ layout }).rollback("main", { step: 1 });
    const [status] = await release({ layout }).migrationStatus();
    expect(status?.migrations.map((row) => [row.name, row.status])).toEqual([
      ["ann:1", "up"],
      ["ann:2", "down"],
      ["bob:x-2", "up"],
    ]);
    write({
      "003.sql": "--liquibase formatted sql\n--changeset ann:3 context:test\nselect 1;\n",
    });
    expect((await refusal(release({ layout }).migrate())).message).toBe(
      "file m/003.sql: line 2: Slipway does not follow context:test of Liquibase",
    );
  });
});
