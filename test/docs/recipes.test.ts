/** docs/guides/recipes.md: check finds each bad line by its rule, finds nothing in the good ones, and those run. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { folderOf } from "../built/support.ts";
import { freshDatabase } from "../support/postgres.ts";
import { projectWith } from "./walk.ts";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/guides/recipes.md"), "utf8");
const recipes = [
  ...page.matchAll(/^<!-- (bad|good)(?:: ([\w-]+))? -->\n\n```typescript\n([\s\S]*?)^```/gm),
].map(([, kind = "", word = "", code = ""]) => ({ kind, word, code }));
const bad = recipes.filter(({ kind }) => kind === "bad");
const good = recipes.filter(({ kind }) => kind === "good");

const tables = `m.createTable("users", (t) => {
  t.id();
  t.column("nickname", "text");
});
m.createTable("posts", (t) => {
  t.id();
  t.column("title", "text", { null: false });
  t.column("slug", "text");
  t.column("author_id", "bigint");
  t.column("views", "integer");
  t.column("likes", "integer");
});
m.createTable("comments", (t) => {
  t.id();
  t.column("text", "text");
});
m.createTable("drafts", (t) => t.id());
`;

const release = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
`;

function migration(code: string, phase = ""): string {
  return `import { defineMigration, sql } from "slipway";
void sql;
export default defineMigration({${phase === "" ? "" : ` phase: "${phase}",`} change(m) { ${code} } });
`;
}

/** A project whose first migration makes the tables, and the next ones are these. */
function projectOf(these: typeof recipes): string {
  const folder = folderOf("recipes");
  afterAll(() => folder.remove());
  const project = join(folder.path, "my_app");
  const files = these.map(({ kind, word, code }, i) => [
    `db/main/migrations/${20210801000000 + i}_recipe.ts`,
    migration(code, kind === "good" ? word : ""),
  ]);
  projectWith(project, ["pg", "libpg-query"], {
    "package.json": `{ "name": "my_app", "version": "1.0.0", "type": "module" }`,
    "release.ts": release,
    "db/main/migrations/20210701000000_tables.ts": migration(tables),
    ...Object.fromEntries(files),
  });
  return project;
}

function slipway(cwd: string, url: string, ...args: readonly string[]) {
  const { PATH = "" } = process.env;
  return spawnSync(process.execPath, [join(root, "dist/cli/bin.js"), ...args], {
    ...{ cwd, encoding: "utf8", env: { PATH, DATABASE_URL: url } },
  });
}

it("check finds each bad line by the rule that stands beside it", async () => {
  expect(bad.length).toBeGreaterThan(8);
  const database = await freshDatabase();
  afterAll(() => database.drop());
  const project = projectOf(bad);
  slipway(project, database.url, "migrate", "--step", "1", "--quiet");
  const { stdout } = slipway(project, database.url, "check");
  const found = [...stdout.matchAll(/^db\/\S+\/(\d+)_recipe\.ts:\d+ ([\w-]+)$/gm)];
  const wanted = bad.map(({ word }, i) => `${20210801000000 + i} ${word}`);
  expect(found.map(([, version, rule]) => `${version} ${rule}`)).toEqual(
    expect.arrayContaining(wanted),
  );
}, 240_000);

it("check finds nothing in the good lines, and all of them run", async () => {
  expect(good.length).toBeGreaterThan(9);
  const database = await freshDatabase();
  afterAll(() => database.drop());
  const project = projectOf(good);
  expect(slipway(project, database.url, "migrate", "--step", "1").status).toBe(0);
  const checked = slipway(project, database.url, "check");
  expect(checked.stdout + checked.stderr).toContain(`No findings in ${good.length} migrations.`);
  const { stdout, stderr, status } = slipway(project, database.url, "migrate", "--step", "99");
  expect(status, stdout + stderr).toBe(0);
}, 240_000);
