import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project | undefined;
afterEach(() => project?.remove());

/** A project of Knex' with a database of SQLite. */
function projectOfKnex(): Project {
  const json = {
    name: "my-app",
    type: "module",
    dependencies: { knex: "^3.1.0", sqlite3: "^5.0.0" },
  };
  project = makeProject({
    "package.json": JSON.stringify(json),
    "knexfile.js":
      'export default { client: "sqlite3", connection: { filename: "./dev.sqlite3" } };\n',
    "migrations/20240101000000_a.sql": "create table a (id int);\n",
    "migrations/20240102000000_b.sql": "create table b (id int);\n",
  });
  return project;
}

it("says what has run on the database, and its three commands tell the truth", async () => {
  const { run, folder } = projectOfKnex();
  const database = new DatabaseSync(join(folder, "dev.sqlite3"));
  database.exec(
    "create table a (id int); create table knex_migrations (id integer primary key, name text, batch int, migration_time datetime); insert into knex_migrations (name, batch) values ('20240101000000_a.sql', 1)",
  );
  database.close();
  const ran = await run(["init", "--yes"]);
  expect(ran.stderr).toBe(
    "Found: Knex 3.1.0, 2 migrations in migrations/, applied on this database: 1\n       slipway/sqlite, dev.sqlite3\n",
  );
  expect(readFileSync(join(folder, "release.ts"), "utf8")).toContain(
    "// Up to here Knex ran them: the safety rules judge what comes later.\n      startAfter: 20240101000000,\n",
  );
  expect((await run(["adopt"])).stdout).toContain("main: recorded 1 applied migration from Knex");
  expect((await run(["check"])).stdout).toContain(
    "judged 1 pending migration as one run against the schema of 1 earlier one",
  );
  const status = JSON.parse((await run(["status", "--json"])).stdout);
  expect(status.repos[0].migrations.map((one: { status: string }) => one.status)).toEqual([
    "up",
    "down",
  ]);
  expect((await run(["migrate"])).code).toBe(0);
});

const neverSaid: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["an older one is pending", [], ["20240102000000_b.sql"]],
  ["nothing has run", [], []],
  ["the database was not asked", ["--offline"], ["20240101000000_a.sql", "20240102000000_b.sql"]],
];
it.each(neverSaid)("leaves nothing out of the rules when %s", async (_, flags, ran) => {
  const { run, folder } = projectOfKnex();
  const database = new DatabaseSync(join(folder, "dev.sqlite3"));
  database.exec(
    "create table knex_migrations (id integer primary key, name text, batch int, migration_time datetime)",
  );
  for (const name of ran)
    database.prepare("insert into knex_migrations (name, batch) values (?, 1)").run(name);
  database.close();
  expect((await run(["init", "--yes", ...flags])).code).toBe(0);
  expect(readFileSync(join(folder, "release.ts"), "utf8")).not.toContain("startAfter");
});

it("takes PGlite where the config names it, and its folder from there", async () => {
  const config = (credentials: string) =>
    `import { defineConfig } from "drizzle-kit";\nexport default defineConfig({ out: "./drizzle", dialect: "postgresql", ${credentials} });\n`;
  const json = {
    name: "a",
    type: "module",
    dependencies: { "drizzle-orm": "0.45.0", "@electric-sql/pglite": "0.3.0" },
  };
  project = makeProject({
    "package.json": JSON.stringify(json),
    "drizzle.config.ts": config('driver: "pglite", dbCredentials: { url: "./pgdata" }'),
    "drizzle/0000_a.sql": "create table a (id int);\n",
    "drizzle/meta/_journal.json": '{ "entries": [{ "idx": 0, "when": 1, "tag": "0000_a" }] }',
  });
  const found = async (...flags: string[]) =>
    (await project!.run(["init", "--dry-run", ...flags])).stderr.split("\n")[1];
  expect(await found()).toBe("       slipway/pglite, pgdata");
  expect(await found("--adapter", "pglite")).toBe("       slipway/pglite, pgdata");
  project.write("drizzle.config.ts", config('dbCredentials: { url: "./pgdata/" }'));
  expect(await found()).toBe("       slipway/pglite, pgdata");
  project.write("drizzle.config.ts", config("dbCredentials: { url: process.env.DATABASE_URL! }"));
  expect(await found()).toBe("       slipway/postgres, the address in DATABASE_URL");
  expect(await found("--adapter", "pglite")).toBe("       slipway/pglite, .data/main");
  project.write(
    "drizzle.config.ts",
    config('driver: "pglite", dbCredentials: { url: "./pgdata" }'),
  );
  expect((await project.run(["init", "--yes", "--offline"])).code).toBe(0);
  expect(readFileSync(join(project.folder, "release.ts"), "utf8")).toContain(
    'pglite({ dataDir: "pgdata" })',
  );
});

const knexHistory =
  "create table a (id int); create table knex_migrations (id integer primary key, name text, batch int, migration_time datetime); insert into knex_migrations (name, batch) values ('20240101000000_a.sql', 1)";
const releaseAs = (repo: string) => `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
const migrations = "migrations";
export const Release = defineRelease({
  app: "my-app",
  repos: {
    ${repo}
  },
});
`;

it.each([
  [
    "writes startAfter into the repo",
    'main: {\n      adapter: sqlite({ path: "dev.sqlite3" }),\n      migrations,\n    },',
    'main: {\n      startAfter: 20240101000000,\n      adapter: sqlite({ path: "dev.sqlite3" }),\n      migrations,\n    },',
  ],
  [
    "writes it on one line too",
    'main: { adapter: sqlite({ path: "dev.sqlite3" }), migrations },',
    'main: { startAfter: 20240101000000, adapter: sqlite({ path: "dev.sqlite3" }), migrations },',
  ],
  [
    "says the line where it is not sure of the place",
    '...Object.fromEntries([["main", { adapter: sqlite({ path: "dev.sqlite3" }), migrations }]]) as {},',
    undefined,
  ],
])("adopt %s", async (_, repo, written) => {
  const { run, folder, write } = projectOfKnex();
  write("release.ts", releaseAs(repo));
  const database = new DatabaseSync(join(folder, "dev.sqlite3"));
  database.exec(knexHistory);
  database.close();
  const text = () => readFileSync(join(folder, "release.ts"), "utf8");
  const shown = await run(["adopt", "--dry-run"]);
  expect(shown.stdout).toContain(
    "repo main of release.ts wants this line, so that check judges what comes later:\n  startAfter: 20240101000000,\n",
  );
  expect(text()).toBe(releaseAs(repo));
  const ran = await run(["adopt"]);
  expect(text()).toBe(releaseAs(written ?? repo));
  expect(ran.stdout).toContain(
    written === undefined
      ? "wants this line"
      : "* updating release.ts: startAfter: 20240101000000, so that check judges what comes later\n",
  );
  const again = await run(["adopt"]);
  expect(again.stdout.includes("startAfter")).toBe(written === undefined);
  expect(again.code, again.stderr).toBe(0);
});
