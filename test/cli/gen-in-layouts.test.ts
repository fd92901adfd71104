/** After moving in: `gen migration` beside what other tools wrote, and `migrate` runs it, behind all others. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project | undefined;
afterEach(() => project?.remove());

const a = "create table a (id int);\n";
const b = "create table b (id int);\n";

/** Folders as the tools leave them: two migrations each. */
const layouts: { readonly [tool: string]: { readonly [path: string]: string } } = {
  "Drizzle before 1.0": {
    "0000_a.sql": a,
    "0001_b.sql": b,
    "meta/_journal.json": JSON.stringify({
      entries: [
        { idx: 0, when: 1735689600000, tag: "0000_a" },
        { idx: 1, when: 1735776000000, tag: "0001_b" },
      ],
    }),
  },
  "Drizzle before 1.0 with stamps": {
    "20250101000000_a.sql": a,
    "20250102000000_b.sql": b,
    "meta/_journal.json": JSON.stringify({
      entries: [
        { idx: 0, when: 1735689600000, tag: "20250101000000_a" },
        { idx: 1, when: 1735776000000, tag: "20250102000000_b" },
      ],
    }),
  },
  "Drizzle 1.0": {
    "20250101000000_a/migration.sql": a,
    "20250101000000_a/snapshot.json": "{}",
    "20250102000000_b/migration.sql": b,
  },
  Prisma: {
    "20250101000000_a/migration.sql": a,
    "20250102000000_b/migration.sql": b,
    "migration_lock.toml": 'provider = "sqlite"\n',
  },
  Atlas: { "20250101000000_a.sql": a, "20250102000000_b.sql": b, "atlas.sum": "h1:x=\n" },
  Flyway: { "V1_2__a.sql": a, "V1_10__b.sql": b },
  diesel: {
    "2025-01-01-000000_a/up.sql": a,
    "2025-01-01-000000_a/down.sql": "drop table a;\n",
    "2025-01-02-000000_b/up.sql": b,
    "2025-01-02-000000_b/down.sql": "drop table b;\n",
  },
  goose: {
    "00001_a.sql": `-- +goose Up\n${a}-- +goose Down\ndrop table a;\n`,
    "00002_b.sql": `-- +goose Up\n${b}`,
  },
  "sql-migrate": { "1-a.sql": `-- +migrate Up\n${a}`, "2-b.sql": `-- +migrate Up\n${b}` },
  dbmate: {
    "20250101000000_a.sql": `-- migrate:up\n${a}-- migrate:down\n`,
    "20250102000000_b.sql": `-- migrate:up\n${b}-- migrate:down\n`,
  },
  "golang-migrate": {
    "000001_a.up.sql": a,
    "000001_a.down.sql": "drop table a;\n",
    "000002_b.up.sql": b,
    "000002_b.down.sql": "drop table b;\n",
  },
  sqlx: {
    "20250101000000_a.sql": a,
    "20250102000000_b.up.sql": b,
    "20250102000000_b.down.sql": "",
  },
  "Supabase CLI": { "20250101000000_a.sql": a, "20250102000000_b.sql": b },
  "graphile-migrate": {
    "committed/000001.sql": `--! Previous: -\n--! Hash: sha1:1\n\n${a}`,
    "committed/000002-b.sql": `--! Previous: sha1:1\n--! Hash: sha1:2\n\n${b}`,
    "current.sql": "",
  },
  "postgres-migrations": { "1_a.sql": a, "2_b.sql": b },
  Postgrator: { "001.do.a.sql": a, "001.undo.a.sql": "", "002.do.b.sql": b },
  "@slonik/migrator": {
    "2025.01.01T00.00.00.a.sql": a,
    "2025.01.02T00.00.00.b.sql": b,
    "down/2025.01.01T00.00.00.a.sql": "",
  },
  "node-pg-migrate": {
    "1735689600000_a.sql": `-- Up Migration\n${a}`,
    "1735776000000_b.sql": `-- Up Migration\n${b}`,
  },
  Kysely: { "2025-01-01-a.sql": a, "2025-01-02-b.sql": b },
  "folders of releases": { "0.9/00__a.sql": a, "0.10/00__b.sql": b },
  "db-migrate": {
    "20250101000000-a.js": "",
    "20250102000000-b.js": "",
    "sqls/20250101000000-a-up.sql": a,
    "sqls/20250101000000-a-down.sql": "drop table a;\n",
    "sqls/20250102000000-b-up.sql": b,
    "sqls/20250102000000-b-down.sql": "drop table b;\n",
  },
};

/** Where a file of ours cannot lie beside theirs: nothing is written, and what to do is said. */
const apart: readonly string[] = [
  "Drizzle before 1.0 with stamps, SQL",
  "folders of releases, TypeScript",
  "folders of releases, SQL",
];

function projectOf(
  files: { readonly [path: string]: string },
  migrations: string | readonly string[] = "moved",
): Project {
  const inFolder = Object.entries(files).map(([path, text]) => [`moved/${path}`, text] as const);
  project = makeProject({
    "package.json": '{ "type": "module" }',
    "release.ts": release(migrations),
    ...Object.fromEntries(inFolder),
  });
  return project;
}

function release(migrations: string | readonly string[]): string {
  return `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({ app: "app", repos: { main: { adapter: sqlite({ path: "main.db" }), migrations: ${JSON.stringify(migrations)} } } });
`;
}

/** Runs a command that is to end well. */
async function well({ run }: Project, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(args);
  expect({ args, code, error: code === 0 ? "" : stderr }).toEqual({ args, code: 0, error: "" });
  return stdout;
}

function tablesIn({ folder }: Project): readonly unknown[] {
  const database = new DatabaseSync(join(folder, "main.db"));
  const rows = database
    .prepare("select name from sqlite_master where name in ('a', 'b', 'posts') order by name")
    .all();
  database.close();
  return rows.map(({ name }) => name);
}

const cases = Object.entries(layouts).flatMap(([tool, files]) => [
  { name: `${tool}, TypeScript`, files, args: ["create_posts", "title:string"] },
  { name: `${tool}, SQL`, files, args: ["create_posts", "--sql"] },
]);

it.each(cases)(
  "gen migration in a folder of another tool, and migrate runs it: $name",
  async ({ name, files, args }) => {
    const own = projectOf(files);
    await well(own, ["migrate"]);
    if (apart.includes(name)) {
      const refused = await own.run(["gen", "migration", ...args]);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain('migrations: ["moved", "db/main/migrations"]');
      expect(refused.stderr).toContain("mkdir -p db/main/migrations");
      mkdirSync(join(own.folder, "db/main/migrations"), { recursive: true });
      own.write("release.ts", release(["moved", "db/main/migrations"]));
    }
    const said = await well(own, ["gen", "migration", ...args]);
    const [, file = ""] = /creating (.*)\n$/.exec(said) ?? [];
    expect(file.startsWith(apart.includes(name) ? "db/main/migrations/" : "moved/")).toBe(true);
    if (args.includes("--sql")) own.write(file, "create table posts (id int);\n");
    await well(own, ["migrate"]);
    expect(tablesIn(own)).toEqual(["a", "b", "posts"]);
  },
);

it("knows the layout that the repo names: by name, it writes only what comes last", async () => {
  const byName = (files: { readonly [path: string]: string }) => {
    const made = projectOf(files);
    made.write(
      "release.ts",
      release("moved").replace("migrations:", 'layout: "by-name", migrations:'),
    );
    return made;
  };
  const before = byName({ "01.sql": a, "02.sql": b });
  await well(before, ["gen", "migration", "--sql", "add_c"]);
  expect(JSON.parse(await well(before, ["status", "--json"])).repos[0].migrations).toHaveLength(3);
  before.remove();
  const behind = byName({ "alpha.sql": a, "beta.sql": b });
  const refused = await behind.run(["gen", "migration", "--sql", "add_c"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("a new .sql file in moved would not run, or would be read");
  const typescript = await behind.run(["gen", "migration", "add_c"]);
  expect(typescript.code).toBe(2);
});

it("writes no baseline beside change sets of Liquibase", async () => {
  const made = projectOf({ "a.txt": "" });
  made.write(
    "release.ts",
    release("moved").replace("migrations:", 'layout: "liquibase", migrations:'),
  );
  const refused = await made.run(["gen", "baseline"]);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining("repo main reads Liquibase's change sets, and a baseline is none"),
  ]);
});
