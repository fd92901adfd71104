/** `check` judges what migrations of other tools send, as it judges what is written as SQL. */
import { afterEach, describe, expect, it } from "vitest";
import { documentOf, makeProject, type Project } from "../cli/project.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";

const server = await mariadbOfRun();

let project: Project;
afterEach(() => project.remove());

const release = (adapter: string, tool = "knex", name = "knexMigrations") => `
import { defineRelease } from "slipway";
import { ${name} } from "slipway/compat/${tool}";
import { ${adapter} } from "slipway/${adapter}";
export const Release = defineRelease({
  app: "shop",
  repos: { main: { adapter: ${adapter}({ ${adapter === "pglite" ? "dataDir" : "path"}: "data" }), migrations: "migrations", modules: ${name}() } },
});
`;
const users =
  'exports.up = (knex) => knex.schema.createTable("users", (t) => { t.increments(); t.string("email"); }); exports.down = () => {};';
const wanted = "20240102000000";
const files = (second: string, adapter = "pglite") => ({
  "package.json": '{ "type": "commonjs" }',
  "release.mts": release(adapter),
  "migrations/20240101000000_users.js": users,
  [`migrations/${wanted}_second.js`]: `exports.up = ${second}; exports.down = () => {};`,
});

type Document = {
  readonly findings: readonly { readonly rule: string; readonly file?: string }[];
  readonly notes: readonly { readonly code: string; readonly message: string }[];
};

async function checked(...more: readonly string[]) {
  const ran = await project.run(["check", wanted, "--release", "release.mts", "--json", ...more]);
  const { findings, notes } = documentOf(ran) as Document;
  return {
    code: ran.code,
    rules: findings.map(({ rule, file }) => `${rule} in ${file}`),
    notes: notes.map(({ code, message }) => `${code}: ${message}`),
  };
}

describe("check", { timeout: 120_000 }, () => {
  it("finds in code what it finds in SQL, against what earlier code has built", async () => {
    project = makeProject(
      files('(knex) => knex.schema.alterTable("users", (t) => t.index("email"))'),
    );
    expect(await checked()).toEqual({
      code: 4,
      rules: [`index-not-concurrent in migrations/${wanted}_second.js`],
      notes: [],
    });
    expect(project.has("data")).toBe(false);
    const { stdout } = await project.run(["check", wanted, "--release", "release.mts"]);
    expect(stdout).toContain('safe:   create index CONCURRENTLY "users_email_index"');
  });

  it("says nothing of code that stops nobody, and of what the tool's own transaction sends", async () => {
    project = makeProject(
      files(
        'async (knex) => { await knex.transaction((trx) => trx.schema.createTable("tags", (t) => t.increments())); }',
      ),
    );
    expect(await checked()).toEqual({ code: 0, rules: [], notes: [] });
  });

  it("says of code that reads rows that others may change what it sends", async () => {
    project = makeProject(
      files(
        'async (knex) => { for (const { id } of await knex("users")) await knex("users").where({ id }).del(); }',
      ),
    );
    expect(await checked()).toEqual({
      code: 0,
      rules: [],
      notes: [
        "code_read_rows: reads rows: it was judged by what its code sends on a database without any",
      ],
    });
  });

  it("tells what a tool asks of the catalog from what code asks of tables", async () => {
    const up = (body: string) =>
      `module.exports = class A1 { async up(queryRunner) { ${body} } async down() {} };`;
    project = makeProject({
      "package.json": '{ "type": "commonjs" }',
      "release.mts": release("pglite", "typeorm", "typeormMigrations"),
      "migrations/20240101000000_users.js": up(
        'await queryRunner.query("create table users (id int)");',
      ),
      [`migrations/${wanted}_second.js`]: up(
        'if (!(await queryRunner.hasColumn("users", "email"))) await queryRunner.query("alter table users add column email text");',
      ),
      "migrations/20240103000000_third.js": up('await queryRunner.query("select id from users");'),
    });
    const ran = await project.run(["check", "--all", "--release", "release.mts", "--json"]);
    const { notes } = documentOf(ran) as { notes: { code: string; file: string }[] };
    expect(notes).toMatchObject([
      { code: "code_read_rows", file: "migrations/20240103000000_third.js" },
    ]);
  });

  it("judges what came before a failure, and says why the rest was not", async () => {
    project = makeProject(
      files(
        'async (knex) => { await knex.schema.alterTable("users", (t) => t.index("email")); const { id } = await knex("users").first(); }',
      ),
    );
    const { rules, notes } = await checked();
    expect(rules).toEqual([`index-not-concurrent in migrations/${wanted}_second.js`]);
    expect(notes).toEqual([
      expect.stringMatching(
        /^code_not_judged: is code of Knex that was not run to its end.*: Cannot destructure/,
      ),
    ]);
  });

  it("is red where code fails, and counts neither that nor what comes behind it", async () => {
    project = makeProject({
      ...files('() => { throw new Error("no such service"); }'),
      "migrations/20240103000000_third.js":
        'exports.up = (knex) => knex.schema.alterTable("users", (t) => t.dropColumn("email")); exports.down = () => {};',
    });
    const words = ["check", "--all", "--release", "release.mts"];
    const { code, stdout, stderr } = await project.run(words);
    expect(code).toBe(4);
    expect(stdout).toContain("No findings in 1 migration, and not all was judged.\n");
    expect(stderr).toMatch(
      new RegExp(
        `^error: not all could be judged: migrations/${wanted}_second.js .*, and 1 more\n`,
      ),
    );
    expect(await project.run([...words, "--allow-unjudged"])).toMatchObject({
      code: 0,
      stderr: "",
    });
  });

  it("on SQLite, too", async () => {
    const second = `async (knex) => { for (const sql of ["BEGIN", "PRAGMA foreign_keys = OFF", "COMMIT"]) await knex.raw(sql); };
exports.config = { transaction: false }`;
    project = makeProject(files(second, "sqlite"));
    expect(await checked()).toMatchObject({
      rules: [`sqlite-pragma-in-transaction in migrations/${wanted}_second.js`],
      notes: [],
    });
    expect(project.has("data")).toBe(false);
  });

  it("says of code for MariaDB that it was not judged, and runs none", async () => {
    project = makeProject({
      ...files('() => { throw new Error("it ran"); }'),
      "release.mts": release("mysql").replace('path: "data"', 'url: "mysql://localhost:1/shop"'),
    });
    expect(await checked()).toEqual({
      code: 4,
      rules: [],
      notes: [
        "code_not_judged: is code of Knex that was not run to its end, so not all that it sends was judged: name a server to try it on: --shadow mysql://…, where a database can be made",
      ],
    });
  });

  it.skipIf(server === undefined)("on MariaDB, with a server to try it on", async () => {
    const { url, dispose, query } = await freshMysql(server?.url ?? "");
    project = makeProject({
      ...files(
        '(knex) => knex.schema.alterTable("users", (t) => t.foreign("id").references("users.id"))',
      ),
      "release.mts": release("mysql").replace('path: "data"', `url: "${url}"`),
    });
    const shadows = () => query("show databases like 'slipway\\_shadow%'");
    const before = await shadows();
    const { code, rules, notes } = await checked("--shadow", url);
    expect([code, rules, notes]).toEqual([
      4,
      [`mysql-copy-blocks-writes in migrations/${wanted}_second.js`],
      [],
    ]);
    expect(await query("show tables")).toEqual([]);
    expect(await shadows()).toEqual(before);
    await dispose();
  });

  it("with --trace shows what code sends and changes", async () => {
    project = makeProject(
      files(
        'async (knex) => { await knex.schema.alterTable("users", (t) => t.string("role")); await knex("users").update({ role: "a" }); }',
      ),
    );
    const ran = await project.run([
      "check",
      wanted,
      "--trace",
      "--release",
      "release.mts",
      "--json",
    ]);
    const { traces } = documentOf(ran) as { traces: { statements: { sql: string }[] }[] };
    expect(traces[0]?.statements.map(({ sql }) => sql)).toEqual([
      'alter table "users" add column "role" varchar(255)',
      'update "users" set "role" = $1',
    ]);
  });
});
