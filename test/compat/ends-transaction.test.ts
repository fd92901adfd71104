/** Whatever a tool's migration sends, in whatever words, the transaction around it stays that of the migration. */
import { join } from "node:path";
import { dbMigrations } from "slipway/compat/db-migrate";
import { knexMigrations } from "slipway/compat/knex";
import { kyselyMigrations } from "slipway/compat/kysely";
import { mikroOrmMigrations } from "slipway/compat/mikro-orm";
import { nodePgMigrations } from "slipway/compat/node-pg-migrate";
import { sequelizeMigrations } from "slipway/compat/sequelize";
import { typeormMigrations } from "slipway/compat/typeorm";
import { pglite } from "slipway/pglite";
import { sqlite } from "slipway/sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { sender } from "../../src/compat/sent.ts";
import type { MigrationDatabase } from "../../src/core/model/migration-database.ts";
import type { SqlSyntax } from "../../src/core/sql/token.ts";
import { openPglite } from "../support/pglite.ts";
import { emptyProject, quietRelease, rowsOf, standing, writeFile } from "./project.ts";

const client = await openPglite();
afterAll(() => client.close());

/** How a module of each tool sends a list of texts, one after the other. */
const tools = {
  knex: [
    knexMigrations(),
    (texts: string) =>
      `exports.up = async (knex) => { for (const sql of ${texts}) await knex.raw(sql); }; exports.down = () => {};`,
  ],
  kysely: [
    kyselyMigrations(),
    (texts: string) =>
      `const { sql } = require("kysely"); exports.up = async (db) => { for (const one of ${texts}) await sql.raw(one).execute(db); };`,
  ],
  typeorm: [
    typeormMigrations(),
    (texts: string) =>
      `exports.A = class { async up(q) { for (const sql of ${texts}) await q.query(sql); } async down() {} };`,
  ],
  "mikro-orm": [
    mikroOrmMigrations(),
    (texts: string) =>
      `const { Migration } = require("@mikro-orm/migrations"); exports.A = class extends Migration { up() { for (const sql of ${texts}) this.addSql(sql); } };`,
  ],
  sequelize: [
    sequelizeMigrations(),
    (texts: string) =>
      `exports.up = async (q) => { for (const sql of ${texts}) await q.sequelize.query(sql); }; exports.down = () => {};`,
  ],
  "node-pg-migrate": [
    nodePgMigrations(),
    (texts: string) => `exports.up = (pgm) => { for (const sql of ${texts}) pgm.sql(sql); };`,
  ],
  "db-migrate": [
    dbMigrations(),
    (texts: string) =>
      `exports.setup = () => {}; exports.up = async (db) => { for (const sql of ${texts}) await db.runSql(sql); };`,
  ],
} as const;

const endings = [
  "-- done\nCOMMIT",
  "/* done */ commit",
  "end",
  "-- over; and out\nROLLBACK",
  "select 1; -- done\ncommit",
];
const ofPostgres = ["-- done\nABORT", "PREPARE TRANSACTION 'x'", "/* a /* b */ c */ COMMIT"];
const noSqlite = ["node-pg-migrate", "db-migrate"];

describe.each(Object.entries(tools))("a module of %s", (name, [modules, bodyOf]) => {
  it.each([...endings, ...ofPostgres])(
    "that sends %j leaves nothing on PostgreSQL",
    async (text) => {
      const adapter = pglite({ client });
      await leavesNothing(
        adapter,
        modules,
        bodyOf(JSON.stringify(["create table half (id int)", text])),
      );
    },
  );

  // Sequelize itself sends no text that begins with a comment to SQLite.
  const sent = name === "sequelize" ? endings.filter((text) => !text.startsWith("-- ")) : endings;
  it.skipIf(noSqlite.includes(name)).each(sent)(
    "that sends %j leaves nothing on SQLite",
    async (text) => {
      const adapter = sqlite({ path: join(emptyProject(), "test.db") });
      await leavesNothing(
        adapter,
        modules,
        bodyOf(JSON.stringify(["create table half (id int)", text])),
      );
    },
  );
});

it("what is begun and ended under a comment is a savepoint", async () => {
  const folder = emptyProject();
  const texts = [
    "-- first\nbegin",
    "create table kept (id int)",
    "-- all of it\ncommit",
    "/* again */ start transaction",
    "create table lost (id int)",
    "/* no */ abort",
  ];
  writeFile(folder, "20240101000000_a.cjs", tools.knex[1](JSON.stringify(texts)));
  const adapter = pglite({ client });
  const historyTable = "history_of_savepoints";
  const modules = knexMigrations();
  const release = quietRelease(folder, { adapter, migrations: ".", historyTable, modules });
  await release.migrate();
  const tables = "select to_regclass('kept') is null as kept, to_regclass('lost') is null as lost";
  expect(await rowsOf(adapter, tables)).toEqual([{ kept: false, lost: true }]);
});

describe("a sender", () => {
  const cases: [SqlSyntax, string, readonly string[]][] = [
    ["mysql", "# done\nSTART TRANSACTION; # now\nCOMMIT", ["SAVEPOINT 1", "RELEASE SAVEPOINT 1"]],
    [
      "mysql",
      "/* a */ begin work; commit and chain; rollback",
      [
        "SAVEPOINT 1",
        "RELEASE SAVEPOINT 1",
        "SAVEPOINT 1",
        "ROLLBACK TO SAVEPOINT 1",
        "RELEASE SAVEPOINT 1",
      ],
    ],
    ["sqlite", "-- a\nbegin immediate; -- b\nend", ["SAVEPOINT 1", "RELEASE SAVEPOINT 1"]],
    [
      "postgres",
      "begin; rollback to savepoint a; commit",
      ["SAVEPOINT 1", "rollback to savepoint a", "RELEASE SAVEPOINT 1"],
    ],
  ];

  it.each(cases)("of %s sends %j as savepoints", async (syntax, text, expected) => {
    const sent: string[] = [];
    await sender(recording(sent), { transaction: true, syntax })(text);
    expect(sent.map((sql) => sql.replace("slipway_tool_", ""))).toEqual(expected);
  });

  it("without a transaction of ours sends what stands there", async () => {
    const sent: string[] = [];
    await sender(recording(sent), { transaction: false, syntax: "mysql" })("-- a\nCOMMIT");
    expect(sent).toEqual(["-- a\nCOMMIT"]);
  });

  it("refuses what cannot be read, inside of our transaction", async () => {
    const send = sender(recording([]), { transaction: true, syntax: "postgres" });
    await expect(send("commit; select 'open")).rejects.toThrow("line 1");
  });
});

function recording(sent: string[]): MigrationDatabase {
  const note = async (sql: string) => void sent.push(sql);
  return {
    execute: note,
    query: async (sql) => note(sql).then(() => []),
    change: async (sql) => note(sql).then(() => 0),
  } as Partial<MigrationDatabase> as MigrationDatabase;
}

let runs = 0;

async function leavesNothing(
  adapter: Parameters<typeof rowsOf>[0],
  modules: (typeof tools)[keyof typeof tools][0],
  body: string,
): Promise<void> {
  const folder = emptyProject();
  const file = body.includes("exports.A = class extends")
    ? "Migration20240101000000.cjs"
    : "20240101000000_a.cjs";
  writeFile(folder, file, body);
  const historyTable = `history_${++runs}`;
  const release = quietRelease(folder, { adapter, migrations: ".", historyTable, modules });
  await expect(release.migrate()).rejects.toThrow("the transaction is that of the migration");
  expect((await standing(release)).map((line) => line.split(" ")[0])).toEqual(["down"]);
  await expect(rowsOf(adapter, "select * from half")).rejects.toThrow("half");
}
