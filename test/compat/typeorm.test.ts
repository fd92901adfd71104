/** A project of the real TypeORM moves in: half applied by it, finished by Slipway, one rolled back. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RepoConfig } from "slipway";
import { typeormMigrations } from "slipway/compat/typeorm";
import { sqlite } from "slipway/sqlite";
import { describe, expect, it } from "vitest";
import {
  commitRefused,
  expectAlone,
  expectRefused,
  expectTable,
  itMovesIn,
  itNamesTheLine,
  itRunsOnMariadb,
  itRunsOnSqlite,
  type MovingTool,
} from "./moving.ts";
import { emptyProject, moduleAlone, quietRelease, writeFile } from "./project.ts";
import { runTool } from "./tool.ts";

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

/** Runs the files that the pattern means. */
function run(folder: string, url: string, files: string): Promise<string> {
  writeFile(
    folder,
    "data-source.js",
    `const { DataSource } = require("typeorm");
module.exports = new DataSource({ type: "postgres", url: process.env.DATABASE_URL, migrations: [${files}] });`,
  );
  return runTool(folder, ["typeorm", "migration:run", "-d", "data-source.js"], {
    DATABASE_URL: url,
  });
}

const tool: MovingTool = {
  name: "TypeORM",
  modules,
  project: projectOf,
  half: (folder, url) => run(folder, url, '"migrations/*part-0.js"'),
  rest: (folder, url) => run(folder, url, '"migrations/*.js"'),
  parts: ["part-0", "part-1"],
  filled: [{ email: "a", role: "admin" }],
};

describe("a project of TypeORM", () => {
  itMovesIn(tool);
  // A table that is made anew keeps the rows that refer to it.
  itRunsOnSqlite(tool, async (rows) =>
    expect(await rows("select id from posts")).toEqual([{ id: 1 }]),
  );
  itRunsOnMariadb(tool);
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
    const release = quietRelease(folder, { adapter, migrations: "migrations", modules });
    await expectTable({ release, adapter });
  });

  it("is outside of a transaction where it says so", async () => {
    await expectAlone(
      oneModule(
        "exports.A = class { transaction = false; async up(q) { await q.startTransaction(); await q.query('create table a (id int)'); await q.commitTransaction(); } async down() {} };",
      ),
    );
  });

  it("that ends the transaction is refused, and leaves nothing", async () => {
    await expectRefused(
      oneModule(
        "exports.A = class { async up(q) { await q.query('create table a (id int)'); await q.commitTransaction(); } async down() {} };",
      ),
      commitRefused,
    );
  });

  it("with two classes is refused by their names", async () => {
    const { release } = oneModule(
      "exports.A = class A { async up() {} }; exports.B = class B { async up() {} };",
    );
    await expect(release.plan()).rejects.toThrow(
      "it exports 2 migrations (A, B), and a file is one",
    );
  });

  itNamesTheLine(
    { tool: "TypeORM", call: "typeormMigrations", path: "typeorm" },
    "20240101000000_a.cjs",
    [
      "module.exports = class A1 { async up(queryRunner) {} };",
      "exports.A1 = class { name = 'A1'; up(queryRunner) { return queryRunner.query('select 1'); } };",
      "exports.default = class A1 { async up(queryRunner) {} };",
    ],
    oneModule,
  );
});

function oneModule(body: string, how: Pick<RepoConfig, "modules"> = { modules }) {
  return moduleAlone("20240101000000_a.cjs", body, how);
}
