/** A project of the real TypeORM moves in: half applied by it, finished by Slipway, one rolled back. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RepoConfig } from "slipway";
import { typeormMigrations } from "slipway/compat/typeorm";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { freshDatabase } from "../support/postgres.ts";
import {
  emptyProject,
  moduleAlone,
  quietRelease,
  rowsOf,
  standing,
  upDownUp,
  writeFile,
} from "./project.ts";
import { runTool } from "./tool.ts";

const database = await freshDatabase();
afterAll(() => database.drop());
const mariadb = await mariadbOfRun();
const modules = typeormMigrations();

const bodies: readonly (readonly [up: string, down: string])[] = [
  [
    `await queryRunner.createTable(new Table({
      name: "users",
      columns: [
        { name: "id", type: "integer", isPrimary: true },
        { name: "email", type: "varchar(100)", isUnique: true },
      ],
    }));
    await queryRunner.createTable(new Table({
      name: "posts",
      columns: [{ name: "id", type: "integer", isPrimary: true }, { name: "user_id", type: "integer" }],
      foreignKeys: [{ columnNames: ["user_id"], referencedTableName: "users", referencedColumnNames: ["id"], onDelete: "CASCADE" }],
    }));`,
    'await queryRunner.dropTable("posts"); await queryRunner.dropTable("users");',
  ],
  [
    `await queryRunner.query("insert into users (id, email) values (1, 'a')");
    await queryRunner.query("insert into posts (id, user_id) values (1, 1)");
    await queryRunner.addColumn("users", new TableColumn({ name: "role", type: "varchar(100)", default: "'user'" }));
    await queryRunner.startTransaction();
    await queryRunner.query("update users set role = 'admin'");
    await queryRunner.commitTransaction();
    await queryRunner.startTransaction();
    await queryRunner.query("delete from posts");
    await queryRunner.rollbackTransaction();
    const found = await queryRunner.manager.query("select id from users where role = 'admin'");
    if (found.length !== 1) throw new Error("found " + found.length);
    if (!(await queryRunner.hasColumn("users", "role"))) throw new Error("no role");`,
    `await queryRunner.dropColumn("users", "role");
    await queryRunner.query("delete from posts");
    await queryRunner.query("delete from users");`,
  ],
];

/** Made by its own generator, with a body each. */
async function projectOf(): Promise<string> {
  const folder = emptyProject();
  writeFile(folder, "package.json", "{}");
  for (const [index, [up, down]] of bodies.entries()) {
    await runTool(folder, [
      "typeorm",
      "migration:create",
      "--outputJs",
      `migrations/part-${index}`,
    ]);
    const made = readdirSync(join(folder, "migrations")).find((name) => name.includes(`-${index}`));
    const [stamp = ""] = /\d+/.exec(made ?? "") ?? [];
    // Its names count milliseconds.
    const later = String(1704067200000 + index);
    const body = `const { Table, TableColumn } = require("typeorm");
module.exports = class Part${index}${later} {
  async up(queryRunner) { ${up} }
  async down(queryRunner) { ${down} }
};`;
    renameSync(
      join(folder, "migrations", made ?? ""),
      join(folder, "migrations", `${later}-part-${index}.js`),
    );
    expect(stamp).toHaveLength(13);
    writeFileSync(join(folder, "migrations", `${later}-part-${index}.js`), body);
  }
  return folder;
}

const emails = "select email, role from users order by id";
const filled = [{ email: "a", role: "admin" }];

describe("a project of TypeORM", () => {
  it("on PostgreSQL is half applied by TypeORM, adopted, finished, rolled back and taken back", async () => {
    const folder = await projectOf();
    const source = (files: string) =>
      writeFile(
        folder,
        "data-source.js",
        `const { DataSource } = require("typeorm");
module.exports = new DataSource({ type: "postgres", url: process.env.DATABASE_URL, migrations: [${files}] });`,
      );
    const migrate = () =>
      runTool(folder, ["typeorm", "migration:run", "-d", "data-source.js"], {
        DATABASE_URL: database.url,
      });
    source('"migrations/*part-0.js"');
    await migrate();
    const adapter = postgres({ url: database.url });
    const release = quietRelease(folder, { adapter, migrations: "migrations", modules });
    await expect(release.migrate()).rejects.toThrow("TypeORM");
    expect((await release.adopt("main")).recorded).toMatchObject([{ name: "part-0" }]);
    const [plan] = await release.plan();
    expect(plan?.steps.map(({ actions }) => actions.map(({ words }) => words))).toEqual([
      ["run code: TypeORM, up"],
    ]);
    await release.migrate();
    expect(await ask(database.url, emails)).toEqual(filled);
    await release.rollback("main", { step: 1 });
    expect(await standing(release)).toEqual(["up part-0", "down part-1"]);
    source('"migrations/*.js"');
    await migrate();
    expect(await ask(database.url, emails)).toEqual(filled);
  });

  it("on SQLite runs up, down and up, and keeps the rows that refer to a table made anew", async () => {
    const folder = await projectOf();
    const adapter = sqlite({ path: join(folder, "test.db") });
    await upDownUp(quietRelease(folder, { adapter, migrations: "migrations", modules }));
    expect(await rowsOf(adapter, emails)).toEqual(filled);
    expect(await rowsOf(adapter, "select id from posts")).toEqual([{ id: 1 }]);
  });

  it.skipIf(mariadb === undefined)("on MariaDB runs up, down and up", async () => {
    const folder = await projectOf();
    const { adapter, query, dispose } = await freshMysql(mariadb?.url ?? "");
    await upDownUp(quietRelease(folder, { adapter, migrations: "migrations", modules }));
    expect(await query(emails)).toEqual(filled);
    await dispose();
  });
});

describe("a module", () => {
  it("that its generator wrote in TypeScript runs, whatever its class is called", async () => {
    const folder = emptyProject();
    await runTool(folder, ["typeorm", "migration:create", "migrations/create-users"]);
    const [name = ""] = readdirSync(join(folder, "migrations"));
    const path = join(folder, "migrations", name);
    const text = readFileSync(path, "utf8");
    writeFileSync(
      path,
      text.replace("<void> {", '<void> { await queryRunner.query("create table a (id int)");'),
    );
    const adapter = sqlite({ path: join(folder, "test.db") });
    await quietRelease(folder, { adapter, migrations: "migrations", modules }).migrate();
    expect(await rowsOf(adapter, aTable)).toEqual([{ name: "a" }]);
  });

  it("is outside of a transaction where it says so", async () => {
    const { release, adapter } = oneModule(
      "exports.A = class { transaction = false; async up(q) { await q.startTransaction(); await q.query('create table a (id int)'); await q.commitTransaction(); } async down() {} };",
    );
    const [plan] = await release.plan();
    expect(plan?.steps.map(({ transactional }) => transactional)).toEqual([false]);
    await release.migrate();
    expect(await rowsOf(adapter, aTable)).toEqual([{ name: "a" }]);
  });

  it("that ends the transaction is refused, and leaves nothing", async () => {
    const { release, adapter } = oneModule(
      "exports.A = class { async up(q) { await q.query('create table a (id int)'); await q.commitTransaction(); } async down() {} };",
    );
    await expect(release.migrate()).rejects.toThrow(
      "COMMIT without a BEGIN: the transaction is that of the migration",
    );
    expect(await rowsOf(adapter, aTable)).toEqual([]);
  });

  it("with two classes is refused by their names", async () => {
    const { release } = oneModule(
      "exports.A = class A { async up() {} }; exports.B = class B { async up() {} };",
    );
    await expect(release.plan()).rejects.toThrow(
      "it exports 2 migrations (A, B), and a file is one",
    );
  });

  it.each([
    "module.exports = class A1 { async up(queryRunner) {} };",
    "exports.A1 = class { name = 'A1'; up(queryRunner) { return queryRunner.query('select 1'); } };",
    "exports.default = class A1 { async up(queryRunner) {} };",
  ])("names the line that runs it, where the repo does not say whose it is: %s", async (body) => {
    await expect(oneModule(body, {}).release.plan()).rejects.toMatchObject({
      message: "file 20240101000000_a.cjs: it is a migration of TypeORM",
      hint: 'To run it, add modules: typeormMigrations() to its repo in release.ts, and import { typeormMigrations } from "slipway/compat/typeorm".',
    });
  });
});

const aTable = "select name from sqlite_master where name = 'a'";

function oneModule(body: string, how: Pick<RepoConfig, "modules"> = { modules }) {
  return moduleAlone("20240101000000_a.cjs", body, how);
}
