/** A file for each tenant in a built release, which carries what belongs to each. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildProject, environment, folderOf, ran, writeProject } from "../built/support.ts";

const folder = folderOf("fleet-files");
let release = "";

const files = {
  "release.ts": `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";

export const Release = defineRelease({
  app: "my_app",
  repos: {
    main: {
      adapter: sqlite({ path: () => \`\${process.env.DATA}/shared.db\` }),
      tenants: {
        files: async (db) =>
          Object.fromEntries(
            (await db.query<{ name: string }>("SELECT name FROM tenants")).map(({ name }) => [
              name,
              \`\${process.env.DATA}/\${name}.db\`,
            ]),
          ),
      },
    },
  },
});
`,
  "db/main/migrations/2_tenants.sql":
    "CREATE TABLE tenants (name text PRIMARY KEY);\nINSERT INTO tenants VALUES ('acme'), ('bolt');\n",
  "db/main/tenant_migrations/1_posts.ts": `import { defineMigration } from "slipway";

export default defineMigration({ change: (m) => m.createTable("posts", (t) => t.id()) });
`,
  "db/main/tenant_migrations/2_title.sql":
    "-- migrate:up\nALTER TABLE posts ADD COLUMN title text;\n-- migrate:down\nALTER TABLE posts DROP COLUMN title;\n",
};

beforeAll(async () => {
  release = await buildProject(writeProject(folder.path, files));
});
afterAll(() => folder.remove());

const bin = (...args: readonly string[]) =>
  ran(join(release, "bin/my_app"), args, {
    env: { ...environment("", folder.path), DATA: folder.path },
    cwd: "/",
  });

const columns = (name: string) => {
  const db = new DatabaseSync(join(folder.path, `${name}.db`));
  const rows = db.prepare("SELECT name FROM pragma_table_info('posts')").all();
  db.close();
  return rows.map(({ name: column }) => column);
};

it("is migrated, looked at and rolled back by the command line of the release", async () => {
  const first = await bin("migrate");
  expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining("2 tenants migrated") });
  expect(["acme", "bolt"].map(columns)).toEqual([
    ["id", "title"],
    ["id", "title"],
  ]);
  expect((await bin("status")).stdout).toContain("main: 2 up to date\n");
  const back = await bin("rollback", "main", "2", "--tenant", "acme", "--yes");
  expect(back.code).toBe(0);
  expect(["acme", "bolt"].map(columns)).toEqual([["id"], ["id", "title"]]);
  const listed = await bin("status", "--tenants", "--behind", "--check");
  expect(listed).toMatchObject({ code: 3, stdout: expect.stringContaining("  acme  behind  1") });
  rmSync(join(folder.path, "bolt.db"));
  expect((await bin("migrate")).stderr).toContain("2 tenants migrated");
  expect((await bin("history", "--tenant", "acme")).stdout).toContain("title");
});
