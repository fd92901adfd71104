/** A project of the real sequelize-cli moves in: half applied by it, finished by Slipway, one rolled back. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RepoConfig } from "slipway";
import { type SequelizeMigrationsOptions, sequelizeMigrations } from "slipway/compat/sequelize";
import { postgres } from "slipway/postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshDatabase } from "../support/postgres.ts";
import {
  commitRefused,
  expectRefused,
  expectTable,
  itMovesIn,
  itNamesTheLine,
  itRunsOnMariadb,
  itRunsOnSqlite,
  type MovingTool,
} from "./moving.ts";
import { emptyProject, moduleAlone, quietRelease, writeFile } from "./project.ts";
import { runProgram, runTool } from "./tool.ts";

const modules = sequelizeMigrations();

const bodies: readonly string[] = [
  `module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.createTable("users", {
      id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true },
      email: { type: Sequelize.STRING, allowNull: false, comment: "where to write" },
    });
    await queryInterface.addIndex("users", ["email"], { unique: true });
  },
  async down(queryInterface) { await queryInterface.dropTable("users"); },
};`,
  `module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.addColumn("users", "role", { type: Sequelize.STRING, defaultValue: "user" });
    await queryInterface.bulkInsert("users", [{ email: "a" }, { email: "b" }]);
    await queryInterface.sequelize.transaction(async (transaction) => {
      await queryInterface.bulkUpdate("users", { role: "admin" }, { email: "a" }, { transaction });
    });
    await queryInterface.sequelize.transaction(async (transaction) => {
      await queryInterface.bulkDelete("users", {}, { transaction });
      throw new Error("no");
    }).catch(() => undefined);
    const [rows] = await queryInterface.sequelize.query("select email from users where role = 'admin'");
    if (rows.length !== 1) throw new Error("found " + rows.length);
    const table = await queryInterface.describeTable("users");
    if (table.role === undefined) throw new Error("no role");
  },
  async down(queryInterface) {
    await queryInterface.bulkDelete("users", { email: ["a", "b"] });
    await queryInterface.removeColumn("users", "role");
  },
};`,
];

/** Made by its own generator, with a body each. */
async function projectOf(): Promise<string> {
  const folder = emptyProject();
  writeFile(folder, "package.json", "{}");
  writeFile(folder, "config/config.json", JSON.stringify({ test: { dialect: "postgres" } }));
  const done = new Set<string>();
  for (const [index, body] of bodies.entries()) {
    await runTool(folder, ["sequelize-cli", "migration:generate", "--name", `part-${index}`]);
    const made =
      readdirSync(join(folder, "migrations")).find(
        (name) => /^\d{14}/.test(name) && !done.has(name),
      ) ?? "";
    // Its names count seconds.
    const name = `2024010${index + 1}000000${made.slice(14)}`;
    done.add(name);
    renameSync(join(folder, "migrations", made), join(folder, "migrations", name));
    writeFileSync(join(folder, "migrations", name), body);
  }
  return folder;
}

function run(folder: string, url: string, ...words: readonly string[]): Promise<string> {
  return runTool(folder, ["sequelize-cli", "db:migrate", "--url", url, ...words]);
}

const tool: MovingTool = {
  name: "Sequelize",
  modules,
  project: projectOf,
  half: (folder, url) => {
    const [first = ""] = readdirSync(join(folder, "migrations"));
    return run(folder, url, "--to", first);
  },
  rest: (folder, url) => run(folder, url),
  parts: ["part-0", "part-1"],
  filled: [
    { email: "a", role: "admin" },
    { email: "b", role: "user" },
  ],
};

describe("a project of sequelize-cli", () => {
  itMovesIn(tool);
  itRunsOnSqlite(tool);
  itRunsOnMariadb(tool);
});

describe("what sequelize-cli runs outside of a transaction", () => {
  it("runs as it stands: an index made concurrently, a value of an enum, a column of a new enum", async () => {
    const other = await freshDatabase();
    onTestFinished(() => other.drop());
    const folder = emptyProject();
    writeFile(folder, "package.json", "{}");
    for (const [file, body] of Object.entries(untransacted))
      writeFile(folder, `migrations/${file}`, `module.exports = { ${body}, async down() {} };`);
    const adapter = postgres({ url: other.url });
    const release = quietRelease(folder, { adapter, migrations: "migrations", modules });
    await release.migrate();
    expect(await ask(other.url, "select kind, tags from queries")).toEqual([
      { kind: "oauth", tags: "{app}" },
    ]);
    const at = "select indisvalid from pg_index where indexrelid = 'queries_kind'::regclass";
    expect(await ask(other.url, at)).toEqual([{ indisvalid: true }]);
  });
});

const untransacted = {
  "1_queries.js": `async up(queryInterface, Sequelize) {
    await queryInterface.createTable("queries", {
      kind: { type: Sequelize.ENUM("app", "api") },
      tags: { type: Sequelize.ARRAY(Sequelize.ENUM("app", "api")) },
    });
    await queryInterface.bulkInsert("queries", [{ kind: "app" }]);
  }`,
  "2_oauth.js": `async up(queryInterface) {
    await queryInterface.sequelize.query("ALTER TYPE enum_queries_kind ADD VALUE 'oauth'");
    await queryInterface.sequelize.query("UPDATE queries SET kind = 'oauth', tags = '{app}'");
  }`,
  "3_index.js": `async up(queryInterface) {
    await queryInterface.addIndex("queries", ["kind"], { name: "queries_kind", concurrently: true });
  }`,
};

describe("a project of Umzug", () => {
  it("is half applied by Umzug, adopted, finished, rolled back and taken back", async () => {
    const other = await freshDatabase();
    onTestFinished(() => other.drop());
    const folder = emptyProject();
    writeFile(folder, "package.json", "{}");
    writeFile(folder, "umzug.js", umzug);
    const tool = (...args: string[]) =>
      runProgram(folder, ["umzug.js", ...args], { DATABASE_URL: other.url });
    const make = ["--folder", "migrations", "--skip-verify", "--allow-confusing-ordering"];
    await tool("create", "--name", "users.js", ...make);
    await tool("create", "--name", "tags.js", ...make);
    // Its names count seconds.
    for (const [index, made] of readdirSync(join(folder, "migrations")).toSorted().entries()) {
      const table = made.split(".").at(-2);
      const text = readFileSync(join(folder, "migrations", made), "utf8")
        .replace(
          "params => {}",
          `params => { await params.context.createTable("${table}", { id: "integer" }); }`,
        )
        .replace("params => {}", `params => { await params.context.dropTable("${table}"); }`);
      rmSync(join(folder, "migrations", made));
      writeFile(folder, `migrations/2024.01.0${index + 1}T00.00.00.${table}.js`, text);
    }
    const [first = "", second = ""] = readdirSync(join(folder, "migrations")).toSorted();
    await tool("up", "--to", first);
    const adapter = postgres({ url: other.url });
    const release = quietRelease(folder, { adapter, migrations: "migrations", modules });
    expect((await release.adopt("main")).recorded).toHaveLength(1);
    await release.migrate();
    const table = second.split(".").at(-2);
    const there = async () =>
      (await ask(other.url, `select to_regclass('${table}')::text as it`))[0]?.it;
    expect(await there()).toBe(table);
    await release.rollback("main", { step: 1 });
    expect(await there()).toBe(null);
    await tool("up");
    expect(await there()).toBe(table);
  });
});

const umzug = `const { Sequelize } = require("sequelize");
const { SequelizeStorage, Umzug } = require("umzug");
const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false });
new Umzug({
  migrations: { glob: "migrations/*.js" },
  context: sequelize.getQueryInterface(),
  storage: new SequelizeStorage({ sequelize }),
  logger: undefined,
})
  .runAsCLI()
  .finally(() => sequelize.close());
`;

describe("a module", () => {
  const table = '("a", { id: Sequelize.INTEGER })';

  it.each([
    [
      "of Umzug takes the query interface as its context",
      `exports.up = async ({ name, context: queryInterface }) => { if (name !== "20240101000000_a") throw new Error(name); await queryInterface.createTable("a", { id: "integer" }); }; exports.down = () => {};`,
      {},
    ],
    [
      "of Umzug takes the context that the project makes",
      `exports.up = async ({ context: { sequelize, Sequelize } }) => sequelize.getQueryInterface().createTable${table}; exports.down = () => {};`,
      {
        context: (queryInterface: { sequelize: { Sequelize: unknown } }) => ({
          sequelize: queryInterface.sequelize,
          Sequelize: queryInterface.sequelize.Sequelize,
        }),
      },
    ],
    [
      "runs outside of a transaction where it says so",
      `exports.transaction = false; exports.up = async (queryInterface, Sequelize) => { await queryInterface.sequelize.transaction((transaction) => queryInterface.createTable("a", { id: Sequelize.INTEGER }, { transaction })); }; exports.down = () => {};`,
      {},
    ],
  ])("%s", async (_, body, options) => {
    await expectTable(
      oneModule(body, { modules: sequelizeMigrations(options as SequelizeMigrationsOptions) }),
    );
  });

  itNamesTheLine(
    { tool: "Sequelize", call: "sequelizeMigrations", path: "sequelize" },
    "20240101000000_a.cjs",
    [
      "module.exports = { async up(queryInterface, Sequelize) {}, async down() {} };",
      "module.exports = { up: (queryInterface) => queryInterface.dropTable('a') };",
      "exports.up = async ({ name, context: db }) => {}; exports.down = () => {};",
      "exports.up = async function up({ context }) {};",
    ],
    oneModule,
  );

  it("that commits in a text of several statements is refused, and leaves nothing", async () => {
    await expectRefused(
      oneModule(
        'exports.up = (queryInterface) => queryInterface.sequelize.query("create table a (id int); commit; create table whole (id int)"); exports.down = () => {};',
      ),
      commitRefused,
    );
  });
});

function oneModule(body: string, how: Pick<RepoConfig, "modules"> = { modules }) {
  return moduleAlone("20240101000000_a.cjs", body, how);
}
