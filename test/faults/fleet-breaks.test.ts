/** A fleet whose process stands still, whose server falls over, or whose tenant is dropped while all are migrated. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { folderOf } from "../built/support.ts";
import { freshDatabase } from "../support/postgres.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { figuresOf, full } from "./support/figures.ts";
import { fleetProject, migrate, tenantsIn } from "./support/fleet.ts";
import { ask, until } from "./support/server.ts";

const figures = figuresOf("fleet: frozen, restarted, dropped");
const tenants = 20;
const folder = folderOf("fleet-breaks");
let project = "";

beforeAll(() => {
  project = fleetProject(
    folder.path,
    `{ schemas: Array.from({ length: ${tenants} }, (_, i) => "t" + i) }`,
    {
      "1_posts.sql": "CREATE TABLE posts (id bigint);\n",
      "2_tags.sql": "CREATE TABLE tags (id bigint);\nSELECT pg_sleep(0.05);\n",
      // Whoever is told to holds still in the tenant t7.
      "3_rows.ts": `import { setTimeout } from "node:timers/promises";
import { defineMigration } from "slipway";

export default defineMigration({
  up: (m) =>
    m.run(async (db) => {
      await db.query("INSERT INTO posts VALUES (1)");
      const [{ here }] = await db.query("SELECT current_schema()::text AS here");
      if (process.env.HOLD === here) await setTimeout(1_000);
    }),
  down: () => undefined,
});
`,
    },
  );
});
afterAll(() => folder.remove());

const whole = { catalog: "posts.id bigint, tags.id bigint", history: "1,2,3", state: "ready" };

async function makeSchemas(url: string): Promise<void> {
  for (let i = 0; i < tenants; i++) await ask(url, `CREATE SCHEMA t${i}`);
}

async function rowsOf(url: string): Promise<readonly unknown[]> {
  const counts = Array.from(
    { length: tenants },
    (_, i) => `(SELECT count(*)::int FROM t${i}.posts) AS t${i}`,
  );
  const [row = {}] = await ask(url, `SELECT ${counts.join(", ")}`);
  return Object.values(row);
}

it("a process that stands still in a tenant past its silence changes nothing later", {
  timeout: 180_000,
}, async () => {
  const database = await freshDatabase();
  try {
    await makeSchemas(database.url);
    const zombie = migrate(
      project,
      { DATABASE_URL: database.url, HOLD: "t7" },
      "--concurrency",
      "1",
    );
    const { pid } = await until(
      database.url,
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%current_schema()::text AS here%' AND state_change < now() - interval '200 ms'",
    );
    zombie.child.kill("SIGSTOP");
    const other = migrate(project, { DATABASE_URL: database.url }, "--concurrency", "2");
    // The server ends the silent one after a minute. The short form is that server.
    if (!full) await ask(database.url, `SELECT pg_terminate_backend(${pid})`);
    expect(await other.ended).toEqual({ code: 0, stderr: "" });
    const runs = "SELECT tenant, version::int, run_id FROM slipway_tenant_migrations ORDER BY 1, 2";
    const before = await ask(database.url, runs);
    zombie.child.kill("SIGCONT");
    const { code } = await zombie.ended;
    figures.must("frozen: exit code of the zombie, which finds all done", code ?? -1, 0);
    expect(await ask(database.url, runs)).toEqual(before);
    figures.must("frozen: rows of history", before.length, 3 * tenants);
    figures.must(
      "frozen: tenants that got their row twice, or not",
      (await rowsOf(database.url)).filter((count) => count !== 1).length,
      0,
    );
    const late = (await tenantsIn(database.url)).filter(
      ({ catalog, history, state }) =>
        `${catalog}${history}${state}` !== Object.values(whole).join(""),
    );
    figures.must("frozen: tenants that are not whole", late.length, 0);
  } finally {
    await database.drop();
  }
});

it("a server that falls over in the middle leaves each tenant whole, and the run goes on", {
  timeout: 120_000,
}, async () => {
  const server = await startPostgres({ durable: true });
  try {
    await makeSchemas(server.url);
    const running = migrate(
      project,
      { DATABASE_URL: server.url, HOLD: "t7" },
      "--concurrency",
      "2",
    );
    await until(server.url, "SELECT 1 FROM slipway_tenant_migrations HAVING count(*) >= 6");
    server.restartImmediately();
    const { code } = await running.ended;
    figures.must("restart: exit code of the run", code ?? -1, 0);
    const rows = await tenantsIn(server.url);
    expect(rows.map(({ tenant: _, ...row }) => row)).toEqual(rows.map(() => whole));
    figures.must("restart: tenants", rows.length, tenants);
    figures.must(
      "restart: tenants that got their row twice, or not",
      (await rowsOf(server.url)).filter((count) => count !== 1).length,
      0,
    );
  } finally {
    await server.stop();
  }
});

it("a tenant that is dropped meanwhile is told in one line, and the others are done", {
  timeout: 60_000,
}, async () => {
  const database = await freshDatabase();
  try {
    await makeSchemas(database.url);
    const running = migrate(
      project,
      { DATABASE_URL: database.url, HOLD: "t7" },
      "--concurrency",
      "1",
    );
    await until(
      database.url,
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%current_schema()::text AS here%' AND state_change < now() - interval '200 ms'",
    );
    await ask(database.url, "DROP SCHEMA t15 CASCADE");
    const { code, stderr } = await running.ended;
    figures.must("dropped: exit code", code ?? -1, 6);
    expect(
      stderr.split("\n").filter((line) => line.includes("schema t15 is not there")),
    ).toHaveLength(1);
    const rows = await tenantsIn(database.url);
    expect(rows.map(({ tenant: _, ...row }) => row)).toEqual(rows.map(() => whole));
    figures.must("dropped: tenants that are done", rows.length, tenants - 1);
  } finally {
    await database.drop();
  }
});
