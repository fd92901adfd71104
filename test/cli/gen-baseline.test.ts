import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project;
const releaseOn = (file: string) => `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({ app: "blog", repos: { main: { adapter: sqlite({ path: "${file}" }) } } });
`;
afterEach(() => project.remove());

it("writes the schema of a live database as the first migration, which others then run", async () => {
  project = makeProject({ "release.ts": releaseOn("live.db") });
  const live = new DatabaseSync(join(project.folder, "live.db"));
  live.exec(
    "create table posts (id integer primary key, title text not null); create index posts_title on posts (title);",
  );
  live.close();
  const made = await project.run(["gen", "baseline"]);
  expect(made.code, made.stderr).toBe(0);
  const [file = ""] = readdirSync(join(project.folder, "db/main/migrations"));
  expect(file).toMatch(/^\d{14}_baseline\.sql$/);
  const version = file.slice(0, 14);
  expect(made.stdout).toBe(
    `* creating db/main/migrations/${file}\nThis database has it already: npx slipway baseline main --at ${version}\n`,
  );
  expect(readFileSync(join(project.folder, "db/main/migrations", file), "utf8")).toContain(
    "posts_title",
  );

  expect((await project.run(["baseline", "main", "--at", version])).code).toBe(0);
  expect((await project.run(["status"])).stdout).toContain(`up        ${version}`);
  project.write("release.ts", releaseOn("new.db"));
  const ran = await project.run(["migrate"]);
  expect(ran.code, ran.stderr).toBe(0);
  const tables = new DatabaseSync(join(project.folder, "new.db"));
  expect(
    tables.prepare("select name from sqlite_schema where tbl_name = 'posts' order by name").all()
      .length,
  ).toBe(2);
  tables.close();

  const again = await project.run(["gen", "baseline"]);
  expect([again.code, again.stderr]).toEqual([
    2,
    "error: db/main/migrations has migrations already, and a baseline is the first\nhint: Name an empty folder with --migrations-path.\n",
  ]);
});

const create = "create table posts (id integer);";
const taken: readonly (readonly [path: string, text: string])[] = [
  ["20230101000000_init/migration.sql", create],
  ["2023-05-01-120000_a/up.sql", create],
  ["V1__a.sql", create],
  ["R__view.sql", create],
  ["0001_a.up.sql", create],
  ["1.0.0/01__a.sql", create],
  ["20230101000000_a.ts", "export default {};"],
  ["changelog.sql", `--liquibase formatted sql\n--changeset me:1\n${create}\n`],
  ["Migration20230101000000.ts", "export class A {}"],
  ["deploy/a.sql", create],
];

it.each(taken)("a folder with %s has migrations, and gets no baseline", async (path, text) => {
  project = makeProject({
    "release.ts": releaseOn("live.db"),
    [`db/main/migrations/${path}`]: text,
  });
  new DatabaseSync(join(project.folder, "live.db")).close();
  const made = await project.run(["gen", "baseline"]);
  expect(made.code).toBe(2);
  expect(made.stderr).toContain("db/main/migrations");
  const files = readdirSync(join(project.folder, "db/main/migrations"), { recursive: true });
  expect(files.filter((file) => String(file).endsWith("_baseline.sql"))).toEqual([]);
});

it("a folder with other files gets one", async () => {
  project = makeProject({
    "release.ts": releaseOn("live.db"),
    "db/main/migrations/README.md": "# Migrations\n",
    "db/main/migrations/.gitkeep": "",
  });
  const live = new DatabaseSync(join(project.folder, "live.db"));
  live.exec(create);
  live.close();
  const made = await project.run(["gen", "baseline"]);
  expect(made.code, made.stderr).toBe(0);
});
