/** A project of the real db-migrate moves in: half applied by it, finished by Slipway, one rolled back. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RepoConfig } from "slipway";
import { dbMigrations } from "slipway/compat/db-migrate";
import { pglite } from "slipway/pglite";
import { afterAll, describe, expect, it } from "vitest";
import { openPglite } from "../support/pglite.ts";
import {
  commitRefused,
  itMovesIn,
  itNamesTheLine,
  itRunsOnMariadb,
  type MovingTool,
} from "./moving.ts";
import { emptyProject, moduleAlone, quietRelease, standing, writeFile } from "./project.ts";
import { runTool } from "./tool.ts";

const modules = dbMigrations();

const bodies: readonly (readonly [up: string, down: string])[] = [
  [
    `return db.createTable("users", {
      id: { type: "int", primaryKey: true },
      email: { type: type.STRING, length: 100, notNull: true, unique: true },
    });`,
    'return db.dropTable("users");',
  ],
  [
    `db.addColumn("users", "role", { type: "string", length: 100, defaultValue: "user" }, (error) => {
      if (error) return callback(error);
      db.insert("users", ["id", "email"], [1, "a"]).then(() => {
        db.runSql("update users set role = ? where email = ?", ["admin", "a"], (error) => {
          if (error) return callback(error);
          db.all("select role from users", (error, rows) => {
            callback(error ?? (rows.length === 1 ? undefined : new Error("found " + rows.length)));
          });
        });
      }, callback);
    });`,
    'db.runSql("delete from users", (error) => error ? callback(error) : db.removeColumn("users", "role", callback));',
  ],
];

/** Made by its own generator, with a body each. */
async function projectOf(): Promise<string> {
  const folder = emptyProject();
  writeFile(folder, "package.json", "{}");
  writeFile(folder, "database.json", '{ "dev": { "driver": "pg" } }');
  const migrations = join(folder, "migrations");
  for (const [index, [up, down]] of bodies.entries()) {
    await runTool(folder, ["db-migrate", "create", `part-${index}`]);
    const made = readdirSync(migrations).find((name) => name.endsWith(`-part-${index}.js`)) ?? "";
    const parameters = index === 0 ? "db" : "db, callback";
    const filled = readFileSync(join(migrations, made), "utf8")
      .replace(
        /exports\.up = [\s\S]*?\n\};/,
        () => `exports.up = function (${parameters}) { ${up} };`,
      )
      .replace(
        /exports\.down = [\s\S]*?\n\};/,
        () => `exports.down = function (${parameters}) { ${down} };`,
      );
    // Its names count seconds.
    const later = join(migrations, `2024010${index + 1}000000${made.slice(14)}`);
    renameSync(join(migrations, made), later);
    writeFileSync(later, filled);
  }
  return folder;
}

const tool: MovingTool = {
  name: "db-migrate",
  modules,
  project: projectOf,
  half: (folder, url) =>
    runTool(folder, ["db-migrate", "up", "--count", "1"], { DATABASE_URL: url }),
  rest: (folder, url) => runTool(folder, ["db-migrate", "up"], { DATABASE_URL: url }),
  parts: ["part-0", "part-1"],
  filled: [{ email: "a", role: "admin" }],
};

describe("a project of db-migrate", () => {
  itMovesIn(tool);
  itRunsOnMariadb(tool);

  it("reads its files of SQL, with and without the modules", async () => {
    const folder = emptyProject();
    writeFile(folder, "database.json", '{ "dev": { "driver": "pg" } }');
    await runTool(folder, ["db-migrate", "create", "tags", "--sql-file"]);
    for (const name of readdirSync(join(folder, "migrations/sqls")))
      writeFile(
        folder,
        `migrations/sqls/${name}`,
        name.endsWith("-up.sql") ? "create table tags (id int);" : "drop table tags;",
      );
    const adapter = pglite({ client });
    for (const how of [{}, { modules }]) {
      const release = quietRelease(folder, {
        adapter,
        migrations: "migrations",
        historyTable: "own_history",
        otherHistories: "ignore",
        ...how,
      });
      const [plan] = await release.plan();
      expect(plan?.steps.map(({ actions }) => actions.map(({ kind }) => kind))).toEqual([
        ["statements"],
      ]);
    }
  });
});

describe("a module", () => {
  it.each([
    ["that calls back with an error", "(db, callback) => callback(new Error('oops'))", "oops"],
    ["whose promise is rejected", "async (db) => { throw new Error('oops'); }", "oops"],
    ["whose statement fails", "(db) => db.runSql('oops')", "oops"],
    ["that commits", "(db) => db.runSql('commit')", commitRefused],
  ])("%s fails", async (_, up, reason) => {
    const { release } = oneModule(`exports.setup = () => {}; exports.up = ${up};`);
    await expect(release.migrate()).rejects.toThrow(reason);
    expect(await standing(release)).toEqual(["down a"]);
  });

  it.each([
    ["null", "(db) => null"],
    ["nothing, and has no callback", "(db) => {}"],
  ])("that gives %s is over", async (_, up) => {
    const { release } = oneModule(`exports.setup = () => {}; exports.up = ${up};`);
    await release.migrate();
    expect(await standing(release)).toEqual(["up a"]);
  });

  it("that links seeds is refused", async () => {
    const { release } = oneModule(
      "exports.setup = (_, link) => link.seed('x'); exports.up = () => null;",
    );
    await expect(release.migrate()).rejects.toThrow("seeds stay with db-migrate");
  });

  it("on SQLite is refused", async () => {
    const { release } = moduleAlone("20240101000000_a.cjs", "exports.up = (db) => null;", {
      modules,
    });
    await expect(release.plan()).rejects.toThrow("run on PostgreSQL, MySQL and MariaDB only");
  });

  itNamesTheLine(
    { tool: "db-migrate", call: "dbMigrations", path: "db-migrate" },
    "20240101000000_a.cjs",
    [
      "exports.setup = function (options) {}; exports.up = async function (db) {};",
      "exports.up = function (db, callback) { callback(); };",
    ],
    oneModule,
  );
});

const client = await openPglite();
afterAll(() => client.close());
let modulesSoFar = 0;

/** Each with a history of its own, on one PGlite. */
function oneModule(body: string, how: Pick<RepoConfig, "modules"> = { modules }) {
  const folder = emptyProject();
  writeFile(folder, "20240101000000_a.cjs", body);
  modulesSoFar += 1;
  const historyTable = `history_${modulesSoFar}`;
  const adapter = pglite({ client });
  return { release: quietRelease(folder, { adapter, migrations: ".", historyTable, ...how }) };
}
