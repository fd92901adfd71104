/**
 * The tools themselves go on with what `adopt --back` wrote: half is run by the tool, some by Slipway, and the rest by
 * the tool again.
 */

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { defineRelease } from "slipway";
import { postgres } from "slipway/postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { runProgram } from "../compat/tool.ts";
import { tellMissing } from "../support/missing.ts";
import { freshDatabase } from "../support/postgres.ts";

const packages = resolve(import.meta.dirname, "../.tmp/tools/node_modules");

type Tool = {
  /** The files of three migrations. */
  readonly files: readonly (readonly [path: string, text: string])[];
  /** A module that runs all migrations in `m` on `process.env.DATABASE_URL`. */
  readonly run: string;
  /** What its table says that ran, as text. */
  readonly rows: string;
};

const sql = (name: string) => `create table ${name} (id int);\n`;
const signed = (previous: string, name: string) => {
  const text = previous === "-" ? sql(name) : `${previous}\n${sql(name)}`;
  const hash = `sha1:${createHash("sha1").update(text).digest("hex")}`;
  return { hash, text: `--! Previous: ${previous}\n--! Hash: ${hash}\n\n${sql(name)}` };
};
const first = signed("-", "a");
const second = signed(first.hash, "b");

const tools: { readonly [name: string]: Tool } = {
  postgrator: {
    files: [
      ["001.do.a.sql", sql("a")],
      ["002.do.b.sql", sql("b")],
      ["003.do.c.sql", sql("c")],
    ],
    run: `import pg from "pg";
import Postgrator from "postgrator";
const client = new pg.Client(process.env.DATABASE_URL);
await client.connect();
await new Postgrator({ driver: "pg", migrationPattern: "m/*", database: client.database, execQuery: (sql) => client.query(sql) }).migrate();
await client.end();`,
    rows: "select version::text as row from schemaversion where version > 0 order by version",
  },
  "postgres-migrations": {
    files: [
      ["1-a.sql", sql("a")],
      ["2-b.sql", sql("b")],
      ["3-c.sql", sql("c")],
    ],
    run: `import pg from "pg";
import { migrate } from "postgres-migrations";
const client = new pg.Client(process.env.DATABASE_URL);
await client.connect();
await migrate({ client }, "m");
await client.end();`,
    rows: "select name as row from migrations where id > 0 order by id",
  },
  "databases-pg-migrations": {
    files: [
      ["00001-a.sql", sql("a")],
      ["00002-b.sql", sql("b")],
      ["00003-c.sql", sql("c")],
    ],
    run: `import { createRequire } from "node:module";
const load = createRequire(import.meta.url);
const { default: connect } = load("@databases/pg");
const { applyMigrations } = load("@databases/pg-migrations");
const pool = connect({ connectionString: process.env.DATABASE_URL, bigIntMode: "bigint" });
await applyMigrations({ connection: pool, migrationsDirectory: "m" });
await pool.dispose();`,
    rows: "select name as row from atdatabases_migrations_applied order by index",
  },
  "slonik-migrator": {
    files: [
      ["2024.01.01T00.00.00.a.sql", sql("a")],
      ["2024.01.02T00.00.00.b.sql", sql("b")],
      ["2024.01.03T00.00.00.c.sql", sql("c")],
    ],
    run: `import { createRequire } from "node:module";
const load = createRequire(import.meta.url);
const { SlonikMigrator } = load("@slonik/migrator");
const { createPool } = load("slonik");
const pool = await createPool(process.env.DATABASE_URL);
await new SlonikMigrator({ migrationsPath: "m", migrationTableName: "migration", slonik: pool, logger: undefined }).up();
await pool.end();`,
    rows: "select name as row from migration order by name",
  },
  "graphile-migrate": {
    files: [
      ["committed/000001.sql", first.text],
      ["committed/000002-b.sql", second.text],
      ["committed/000003.sql", signed(second.hash, "c").text],
    ],
    run: `import { createRequire } from "node:module";
const { migrate } = createRequire(import.meta.url)("graphile-migrate");
await migrate({ connectionString: process.env.DATABASE_URL, migrationsFolder: "m" });`,
    rows: "select filename as row from graphile_migrate.migrations order by filename",
  },
};

const isThere = existsSync(packages);
if (!isThere) tellMissing("tools to go back to are missing: node scripts/install-tools.mjs");

describe.skipIf(!isThere)("adopt --back", () => {
  it.each(Object.entries(tools))("is believed by %s", { timeout: 60_000 }, async (tool, one) => {
    const { url, drop } = await freshDatabase();
    const adapter = postgres({ url });
    const query = async (sql: string) => {
      const session = await adapter.open({ role: "work", application: "test" });
      return session.query(sql).finally(() => session.close());
    };
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-back-tools-")));
    onTestFinished(async () => {
      rmSync(folder, { recursive: true, force: true });
      await drop();
    });
    symlinkSync(packages, join(folder, "node_modules"));
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    write("run.mjs", one.run);
    const theirs = () => runProgram(folder, ["run.mjs"], { DATABASE_URL: url });
    const [a, b, c] = one.files.map(
      ([path, text]) =>
        () =>
          write(join("m", path), text),
    ) as [() => void, () => void, () => void];
    a();
    await theirs();
    b();
    c();
    const release = defineRelease({
      app: "shop",
      root: folder,
      repos: { main: { adapter, migrations: "m" } },
    }).using({ emit: () => undefined, write: () => undefined });
    expect((await release.adopt("main", { from: tool })).recorded).toHaveLength(1);
    await release.migrate({ step: 1 });
    const names = () => query(one.rows).then((rows) => rows.length);
    expect(await names()).toBe(1);
    await release.adoptBack("main", { from: tool });
    expect(await names()).toBe(2);
    await theirs();
    expect(await names()).toBe(3);
    expect(await query("select from a, b, c")).toEqual([]);
    // And there and back again: what the tool ran is known, too.
    expect((await release.adopt("main", { from: tool })).recorded).toHaveLength(1);
    expect((await release.adoptBack("main", { from: tool })).written).toEqual([]);
  });
});
