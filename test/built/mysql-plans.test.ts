/** A release for MySQL and MariaDB carries what all servers spell alike as statements, and runs them as the compiler would. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { build, environment, folderOf, ran, writeProject } from "./support.ts";

const server = await mariadbOfRun();
const folder = folderOf("mysql-plans");
afterAll(() => folder.remove());

const migration = (body: string) => `import { defineMigration } from "slipway";

export default defineMigration({ change(m) { ${body} } });
`;
const files = {
  "release.ts": `import { defineRelease, env } from "slipway";
import { mysql } from "slipway/mysql";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: mysql({ url: () => env("DATABASE_URL") }) } },
});
`,
  "db/main/migrations/2_posts.ts": migration(`
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "string", { default: "it's", comment: "shown" });
      t.references("author_id", "users");
      t.timestamps();
    });
    m.createIndex("posts", ["title"]);
    m.alterTable("posts", (t) => t.add("slug", "string"));`),
  "db/main/migrations/3_notes.sql":
    "-- migrate:up\nCREATE TABLE notes (id int, body text);\nALTER TABLE notes ADD COLUMN at datetime;\nINSERT INTO notes (id, body) VALUES (1, 'a;\\'b');\n-- migrate:down\nDROP TABLE notes;\n",
  "db/main/migrations/0_no_way_back.sql": "CREATE TABLE zero (id int);\n",
};

async function built(name: string, flags: readonly string[]) {
  const place = join(folder.path, name);
  mkdirSync(place);
  const out = join(place, "out");
  const project = writeProject(place, files);
  const { code, stderr } = await build(["--out", out, ...flags], project);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return { out, hasPlans: existsSync(join(out, "lib/plans.json")) };
}

describe.skipIf(server === undefined)("on MariaDB", () => {
  let databases: readonly MysqlDatabase[] = [];
  let releases: readonly string[] = [];
  beforeAll(async () => {
    const lean = await built("lean", []);
    const whole = await built("whole", ["--keep-compiler"]);
    expect([lean.hasPlans, whole.hasPlans]).toEqual([true, false]);
    releases = [lean.out, whole.out];
    const { url = "" } = server ?? {};
    databases = [await freshMysql(url), await freshMysql(url)];
  });
  afterAll(async () => {
    for (const database of databases) await database.dispose();
  });

  const bin = (which: number, args: readonly string[], at = which) =>
    ran(join(releases[which]!, "bin/my_app"), args, {
      env: environment(databases[at]!.url, folder.path),
    });
  const history = (at: number) =>
    databases[at]!.query(
      "SELECT version, name, checksum, meaning, plan FROM schema_migrations ORDER BY version",
    );
  const columns = (at: number) =>
    databases[at]!.query(
      "SELECT table_name AS t, column_name AS c, column_type AS y FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name NOT LIKE 'slipway%' ORDER BY 1, 2",
    );

  it("plans and runs the same with the compiler and without, and writes the same history", async () => {
    const plans = [await bin(0, ["plan", "--json"]), await bin(1, ["plan", "--json"])];
    const statements = plans.map(({ stdout }) =>
      [...stdout.matchAll(/"sql": ?"[^"]+/g)].map(String),
    );
    expect(statements[0]?.length).toBeGreaterThan(5);
    expect(statements[0]).toEqual(statements[1]);
    for (const which of [0, 1]) expect(await bin(which, ["migrate"])).toMatchObject({ code: 0 });
    expect(await history(0)).toHaveLength(4);
    expect(await history(0)).toEqual(await history(1));
    expect(await columns(0)).toEqual(await columns(1));
  });

  it("rolls back what the other ran, and says the same where there is no way back", async () => {
    for (const which of [0, 1]) {
      const at = 1 - which;
      expect(await bin(which, ["rollback", "main", "0"], at)).toMatchObject({
        code: 4,
        stderr: expect.stringContaining("0_no_way_back.sql has no down part"),
      });
      expect(await bin(which, ["rollback", "main", "1"], at)).toMatchObject({ code: 0 });
      expect(await history(at)).toHaveLength(1);
    }
  });
});
