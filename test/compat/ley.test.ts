/** A project of the real ley moves in: half applied by it, finished by Slipway, one rolled back. */
import { mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Release } from "slipway";
import { leyMigrations } from "slipway/compat/ley";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { freshDatabase } from "../support/postgres.ts";
import { itMovesIn, itNamesTheLine, type MovingTool } from "./moving.ts";
import { emptyProject, moduleAlone, quietRelease, rowsOf, writeFile } from "./project.ts";
import { runTool } from "./tool.ts";

const bodies = [
  `exports.up = async (client) => {
  await client.query("create table users (id int primary key, email text)");
};
exports.down = async (client) => { await client.query("drop table users"); };
`,
  `exports.up = async (client) => {
  await client.query("alter table users add column role text");
  await client.query("BEGIN");
  await client.query("insert into users values ($1, $2, $3)", [1, "a", "admin"]);
  await client.query("COMMIT");
  const { rows } = await client.query("select role from users");
  if (rows.length !== 1) throw new Error("found " + rows.length);
};
exports.down = async (client) => {
  await client.query("delete from users");
  await client.query("alter table users drop column role");
};
`,
];

/** Made by its own generator, with a body each. */
async function projectOf(): Promise<string> {
  const folder = emptyProject();
  writeFile(folder, "package.json", "{}");
  mkdirSync(join(folder, "migrations"));
  for (const [index, body] of bodies.entries()) {
    await runTool(folder, ["ley", "new", `part-${index}`, "--length", "3"]);
    const migrations = join(folder, "migrations");
    const made = readdirSync(migrations).find((name) => name.includes(`part-${index}`)) ?? "";
    renameSync(join(migrations, made), join(migrations, `00${index}-part-${index}.js`));
    writeFile(folder, `migrations/00${index}-part-${index}.js`, body);
  }
  return folder;
}

function ley(folder: string, url: string, ...flags: readonly string[]) {
  writeFile(
    folder,
    "ley.config.js",
    `module.exports = { connectionString: ${JSON.stringify(url)} };`,
  );
  return runTool(folder, ["ley", "-D", "pg", "up", ...flags]);
}

const tool: MovingTool = {
  name: "ley",
  modules: leyMigrations(),
  project: projectOf,
  half: (folder, url) => ley(folder, url, "--single"),
  rest: (folder, url) => ley(folder, url),
  parts: ["part-0", "part-1"],
  filled: [{ email: "a", role: "admin" }],
};

const { modules } = tool;

describe("a project of ley", () => {
  itMovesIn(tool);

  it("has the templates of postgres, with names, values and transactions", async () => {
    const database = await freshDatabase();
    onTestFinished(() => database.drop());
    const folder = emptyProject();
    writeFile(folder, "package.json", "{}");
    writeFile(
      folder,
      "migrations/1-a.js",
      `exports.up = async (sql) => {
  const table = sql("users");
  await sql\`create table \${table} (id int, email text)\`;
  const where = sql\`where id = \${2}\`;
  await sql.begin(async (sql) => {
    await sql\`insert into \${table} values (\${1}, \${"a"}), (\${2}, \${"b"})\`;
    const { count } = await sql\`update users set email = \${"c"} \${where}\`;
    if (count !== 1) throw new Error("changed " + count);
  });
  await sql.unsafe("insert into users values ($1, $2)", [3, "d"]);
  await sql.begin((sql) => sql\`select 1 / 0\`).catch(() => undefined);
};
exports.down = async (sql) => { await sql\`drop table users\`; };
`,
    );
    const release = quietRelease(folder, {
      adapter: postgres({ url: database.url }),
      migrations: "migrations",
      modules: leyMigrations({ driver: "postgres" }),
    });
    await upAndBack(release);
    expect(await ask(database.url, "select email from users order by id")).toEqual(
      ["a", "c", "d"].map((email) => ({ email })),
    );
  });

  it("runs no code on SQLite, and says why", async () => {
    const folder = await projectOf();
    const adapter = sqlite({ path: join(folder, "test.db") });
    const release = quietRelease(folder, { adapter, migrations: "migrations", modules });
    await expect(release.migrate()).rejects.toThrow(
      /000-part-0\.js: modules of ley run on PostgreSQL, MySQL and MariaDB only/,
    );
  });

  itNamesTheLine(
    { tool: "ley", call: "leyMigrations", path: "ley" },
    "20240101000000_a.cjs",
    ["exports.up = async (client) => {};", "exports.up = async function (sql) {};"],
    (body, how) => moduleAlone("20240101000000_a.cjs", body, how),
  );
});

async function upAndBack(release: Release<"main">): Promise<void> {
  await release.migrate();
  await release.rollback("main", { step: 1 });
  await release.migrate();
}

const mariadb = await mariadbOfRun();

it.skipIf(mariadb === undefined)(
  "on MariaDB has the promises of mysql2, the callbacks of mysql and run",
  async () => {
    const { adapter, dispose } = await freshMysql(mariadb?.url ?? "");
    onTestFinished(() => dispose());
    const folder = emptyProject();
    writeFile(folder, "package.json", "{}");
    writeFile(
      folder,
      "migrations/1-a.js",
      `exports.up = async (client) => {
  await client.query("create table users (id int primary key, email text)");
  await client.execute("insert into users values (?, ?)", [1, "a"]);
  await new Promise((done, fail) => client.query("insert into users values (2, 'b')", (error) => error ? fail(error) : done()));
  const rows = await client.run("select id from users");
  const [same] = await client.query("select id from users");
  if (rows.length !== 2 || same.length !== 2) throw new Error("found " + rows.length);
};
exports.down = async (client) => { await client.query("drop table users"); };
`,
    );
    const release = quietRelease(folder, {
      ...{ adapter, migrations: "migrations", modules },
    });
    await upAndBack(release);
    expect(await rowsOf(adapter, "select email from users order by id")).toHaveLength(2);
  },
);
