/** A built release makes a new tenant as a copy of those that are up to date, from the plans that it carries. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  buildProject,
  environment,
  folderOf,
  type Ran,
  ran,
  writeProject,
} from "../built/support.ts";
import { ask } from "../faults/support/server.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { schemasRelease } from "./support.ts";

const folder = folderOf("fleet-copy");
let release = "";
let database: FreshDatabase;

const migrations = Array.from({ length: 22 }, (_, i) => [
  `db/main/tenant_migrations/${20 + i}_column.sql`,
  `ALTER TABLE posts ADD COLUMN column_${i} text;\n`,
]);

beforeAll(async () => {
  const files = {
    "release.ts": schemasRelease,
    "db/main/migrations/2_tenants.sql": "CREATE TABLE tenants (name text PRIMARY KEY);\n",
    "db/main/tenant_migrations/1_posts.ts": `import { defineMigration } from "slipway";

export default defineMigration({ change: (m) => m.createTable("posts", (t) => t.id()) });
`,
    // Whoever ran it has the place of a column that is gone, and a copy has not.
    "db/main/tenant_migrations/2_gone.sql":
      "ALTER TABLE posts ADD COLUMN gone text;\nALTER TABLE posts DROP COLUMN gone;\n",
    ...Object.fromEntries(migrations),
  };
  release = await buildProject(writeProject(folder.path, files));
  database = await freshDatabase();
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

const bin = (...args: readonly string[]): Promise<Ran> =>
  ran(join(release, "bin/my_app"), args, {
    env: environment(database.url, folder.path),
    cwd: "/",
  });

async function placesOf(tenant: string): Promise<unknown> {
  const [row] = await ask(
    database.url,
    `SELECT count(*) FILTER (WHERE NOT attisdropped)::int AS columns, count(*) FILTER (WHERE attisdropped)::int AS gone, (SELECT count(*)::int FROM slipway_tenant_migrations WHERE tenant = '${tenant}') AS history FROM pg_attribute WHERE attrelid = '${tenant}.posts'::regclass AND attnum > 0`,
  );
  return row;
}

it("and drops one with its history", async () => {
  expect(await bin("migrate")).toMatchObject({ code: 0 });
  for (const name of ["tenant_one", "tenant_two"]) {
    const made = await bin("tenant", "create", "main", name);
    expect(made).toMatchObject({ code: 0, stdout: `tenant ${name} of main created\n` });
    await ask(database.url, `INSERT INTO tenants VALUES ('${name}')`);
    expect(await placesOf(name)).toEqual({ columns: 23, gone: 1, history: 24 });
  }
  expect(await bin("tenant", "create", "main", "bolt")).toMatchObject({
    ...{ code: 0, stdout: "tenant bolt of main created\n" },
  });
  expect(await placesOf("bolt")).toEqual({ columns: 23, gone: 0, history: 24 });
  expect(await bin("tenant", "create", "main", "bolt")).toMatchObject({ code: 0 });
  expect(await bin("tenant", "drop", "main", "bolt", "--yes")).toMatchObject({ code: 0 });
  expect(
    await ask(
      database.url,
      "SELECT (SELECT count(*)::int FROM pg_namespace WHERE nspname = 'bolt') AS schemas, (SELECT count(*)::int FROM slipway_tenant_migrations WHERE tenant = 'bolt') AS history",
    ),
  ).toEqual([{ schemas: 0, history: 0 }]);
});
