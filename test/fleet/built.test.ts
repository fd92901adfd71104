/** Tenants in a built release, from several processes, and through PgBouncer in transaction mode. */
import { readFileSync } from "node:fs";
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
import { startPgbouncer } from "../support/pgbouncer.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { schemasRelease } from "./support.ts";

const folder = folderOf("fleet");
const tenants = Array.from({ length: 60 }, (_, i) => `tenant_${String(i).padStart(2, "0")}`);
let release = "";
let database: FreshDatabase;

const files = {
  "release.ts": schemasRelease,
  "db/main/migrations/2_tenants.sql":
    "CREATE TABLE IF NOT EXISTS tenants (name text PRIMARY KEY);\n",
  "db/main/tenant_migrations/1_posts.ts": `import { defineMigration } from "slipway";

export default defineMigration({ change: (m) => m.createTable("posts", (t) => t.id()) });
`,
  "db/main/tenant_migrations/2_title.sql":
    "-- migrate:up\nALTER TABLE posts ADD COLUMN title text;\n-- migrate:down\nALTER TABLE posts DROP COLUMN title;\n",
  "db/main/tenant_data_migrations/3_fill.ts": `import { defineBackfill, sql } from "slipway";

export default defineBackfill({ table: "posts", key: "id", set: { title: sql\`coalesce(title, '') || 'x'\` } });
`,
};

beforeAll(async () => {
  release = await buildProject(writeProject(folder.path, files));
  database = await freshDatabase();
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

const bin = (url: string, ...args: readonly string[]): Promise<Ran> =>
  ran(join(release, "bin/my_app"), args, { env: environment(url, folder.path), cwd: "/" });

async function withTenants(): Promise<FreshDatabase> {
  const made = await freshDatabase();
  await ask(made.url, "CREATE TABLE tenants (name text PRIMARY KEY)");
  for (const name of tenants) {
    await ask(made.url, `CREATE SCHEMA ${name}`);
    await ask(made.url, `INSERT INTO tenants VALUES ('${name}')`);
  }
  return made;
}

const twice = `SELECT count(*)::int AS rows, count(DISTINCT tenant)::int AS tenants, (SELECT count(*)::int FROM information_schema.columns WHERE table_schema LIKE 'tenant%' AND column_name = 'title') AS titles FROM slipway_tenant_migrations`;

it("has their migrations inside, compiled", () => {
  expect(JSON.parse(readFileSync(join(release, "lib/migrations.json"), "utf8"))).toMatchObject({
    main: {
      tenantMigrations: [{ id: "1_posts" }, { id: "2_title" }],
      tenantDataMigrations: [{ id: "3_fill" }],
    },
  });
});

it("migrates them, says who is behind, and rolls one back", async () => {
  const first = await bin(database.url, "migrate");
  expect(first).toMatchObject({ code: 0 });
  await ask(database.url, "CREATE SCHEMA acme; CREATE SCHEMA bolt");
  await ask(database.url, "INSERT INTO tenants VALUES ('acme'), ('bolt')");
  expect((await bin(database.url, "status")).stdout).toContain("\nmain: 0 up to date, 2 behind\n");
  expect((await bin(database.url, "status", "--check")).code).toBe(3);
  const second = await bin(database.url, "migrate", "--canary", "bolt", "--concurrency", "2");
  expect(second).toMatchObject({ code: 0 });
  expect(second.stderr).toContain("repo main: canaries: 1 tenant\n");
  const back = await bin(database.url, "rollback", "main", "2", "--tenant", "acme", "--yes");
  expect(back).toMatchObject({ code: 0 });
  expect((await bin(database.url, "status", "--behind")).stdout).toContain(
    "main: 1 up to date, 1 behind; oldest 1\n  acme  behind  1  1 pending\n",
  );
  const created = await bin(database.url, "tenant", "create", "main", "core");
  expect(created).toMatchObject({ code: 0, stdout: "tenant core of main created\n" });
  const dropped = await bin(database.url, "tenant", "drop", "main", "core", "--yes");
  expect(dropped).toMatchObject({ code: 0, stdout: "tenant core of main dropped\n" });
  expect((await bin(database.url, "history", "--tenant", "acme")).stdout).toContain("rolled back");
});

it("gives each tenant to one of four processes", async () => {
  const made = await withTenants();
  try {
    const all = await Promise.all(
      [1, 2, 3, 4].map(() => bin(made.url, "migrate", "--concurrency", "2", "--json")),
    );
    expect(all.map(({ code, stderr }) => [code, code === 0 ? "" : stderr])).toEqual(
      all.map(() => [0, ""]),
    );
    const migrated = all.map(({ stdout }) => JSON.parse(stdout).repos[0].tenants.migrated);
    expect(migrated.reduce((sum: number, one: number) => sum + one, 0)).toBe(60);
    expect(await ask(made.url, twice)).toEqual([{ rows: 120, tenants: 60, titles: 60 }]);
  } finally {
    await made.drop();
  }
});

it("goes through PgBouncer in transaction mode", async (context) => {
  const made = await withTenants();
  const pooler = await startPgbouncer(made.url, { poolSize: 3 });
  try {
    if (pooler === undefined) return context.skip();
    const both = await Promise.all([1, 2].map(() => bin(pooler.url, "migrate")));
    expect(both.map(({ code, stderr }) => [code, code === 0 ? "" : stderr])).toEqual([
      [0, ""],
      [0, ""],
    ]);
    expect(await ask(made.url, twice)).toEqual([{ rows: 120, tenants: 60, titles: 60 }]);
    // A connection that goes back to the pool means what it meant before.
    expect(await ask(pooler.url, "SHOW search_path")).toEqual([{ search_path: '"$user", public' }]);
  } finally {
    await pooler?.stop();
    await made.drop();
  }
});

it.each([
  ["directly", false],
  ["through PgBouncer", true],
] as const)(
  "two processes do the backfill of each tenant once, %s",
  async (_, pooled) => {
    const made = await withTenants();
    const pooler = pooled ? await startPgbouncer(made.url, { poolSize: 6 }) : undefined;
    try {
      const url = pooler?.url ?? made.url;
      expect((await bin(made.url, "migrate")).code).toBe(0);
      for (const name of tenants)
        await ask(made.url, `INSERT INTO ${name}.posts SELECT g FROM generate_series(1, 3) g`);
      const ends = await Promise.all([bin(url, "migrate-data"), bin(url, "migrate-data")]);
      expect(ends.map(({ code, stderr }) => (code === 0 ? code : stderr))).toEqual([0, 0]);
      const titles = tenants.map((name) => `SELECT title FROM ${name}.posts`).join(" UNION ALL ");
      const rows = await ask(made.url, titles);
      expect(rows).toHaveLength(3 * tenants.length);
      expect(rows.filter(({ title }) => title !== "x")).toEqual([]);
      const [state] = await ask(
        made.url,
        "SELECT count(*)::int AS runs, count(*) FILTER (WHERE state = 'finished')::int AS finished FROM slipway_backfills",
      );
      expect(state).toEqual({ runs: tenants.length + 1, finished: tenants.length + 1 });
    } finally {
      await pooler?.stop();
      await made.drop();
    }
  },
  60_000,
);
