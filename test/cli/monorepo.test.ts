/** A command line at the root of a monorepo finds the one release in its packages. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { makeProject, type Project, sqliteRelease, tableMigration } from "./project.ts";

let project: Project;

afterEach(() => project.remove());

const workspaces = (...patterns: readonly string[]) =>
  JSON.stringify({ name: "root", private: true, workspaces: patterns });
const inDb = {
  "packages/db/package.json": '{ "name": "db", "type": "module" }',
  "packages/db/release.ts": sqliteRelease.replace(
    '"main.db"',
    'new URL("main.db", import.meta.url).pathname',
  ),
  "packages/db/db/main/migrations/1_users.ts": tableMigration("users"),
  "packages/api/package.json": '{ "name": "api", "type": "module" }',
};

describe.each<[string, { readonly [file: string]: string }]>([
  ["npm", { "package.json": workspaces("packages/*") }],
  ["Yarn", { "package.json": '{ "workspaces": { "packages": ["./packages/**"] } }' }],
  ["one that is named", { "package.json": workspaces("packages/api", "packages/db") }],
  [
    "pnpm",
    {
      "package.json": '{ "name": "root" }',
      "pnpm-workspace.yaml":
        "packages:\n  # ours\n  - 'packages/*'\n  - '!**/test/**'\ncatalog: {}\n",
    },
  ],
])("%s", (_, files) => {
  it("finds it, says which, and works from there", async () => {
    project = makeProject({ ...inDb, ...files });
    const ran = await project.run(["migrate"]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^using packages\/db\/release\.ts\n== Running 1 users/);
    expect(project.has("packages/db/main.db")).toBe(true);
    const made = await project.run(["gen", "migration", "create_posts"]);
    expect(made.stdout).toMatch(
      /creating packages\/db\/db\/main\/migrations\/\d+_create_posts\.ts/,
    );
    expect((await project.run(["status", "-q"])).stderr).toBe("");
    const inside = await project.run(["status"], { cwd: "packages/db" });
    expect(inside.stderr).toBe("");
  });
});

it.each([
  [
    "github",
    [".github/workflows/migrations.yml"],
    /defaults:\n +run:\n +working-directory: packages\/db\n/,
  ],
  [
    "gitlab",
    [".gitlab/migrations.gitlab-ci.yml"],
    /- cd "packages\/db"\n[\s\S]*codequality: packages\/db\//,
  ],
  [
    "buildkite",
    [".buildkite/migrations.yml", ".buildkite/migrations.compose.yml"],
    /- cd "packages\/db"\n[\s\S]*--file \.\.\/\.\.\/\.buildkite\/[\s\S]*\[packages\/db\/migrations\.md\]\n/,
  ],
  [
    "circleci",
    [".circleci/config.yml"],
    /name: Packages\n +working_directory: packages\/db\n[\s\S]*path: packages\/db\/test-results\n/,
  ],
])(
  "gen %s in a package writes where the server reads, and works in the package",
  async (name, files, text) => {
    const postgres = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";
export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
`;
    const repository = {
      ".git/HEAD": "ref: refs/heads/main\n",
      "package.json": workspaces("packages/*"),
    };
    project = makeProject({ ...inDb, ...repository, "packages/db/release.ts": postgres });
    const ran = await project.run(["gen", name], { cwd: "packages/db" });
    expect(ran).toMatchObject({
      code: 0,
      stdout: files.map((file) => `* creating ../../${file}\n`).join(""),
      stderr: "",
    });
    expect(readFileSync(join(project.folder, files[0] ?? ""), "utf8")).toMatch(text);
    const [again] = (await project.run(["gen", name])).stdout.split("\n");
    expect(again).toBe(`* unchanged ${files[0]}`);
    for (const file of files) expect(project.has(`packages/db/${file}`)).toBe(false);
  },
);

it("asks which one when there are several", async () => {
  project = makeProject({
    ...inDb,
    "package.json": workspaces("packages/*"),
    "packages/api/src/release.ts": sqliteRelease,
  });
  const { code, stderr } = await project.run(["status"]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      "error: there are several release files: packages/api/src/release.ts, packages/db/release.ts\n" +
      "hint: Name one with --release packages/api/src/release.ts, or run this in its folder.\n",
  });
  const named = await project.run(["migrate", "--release", "packages/db/release.ts"]);
  expect(named.code).toBe(0);
});

it("says where it looked when there is none", async () => {
  project = makeProject({ "package.json": workspaces("packages/*") });
  expect((await project.run(["status"])).stderr).toMatch(/^error: no release file found/);
});
