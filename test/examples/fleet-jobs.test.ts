/** The example with the real pg-boss: two machines share a run over tenants, each tenant once. */
import { PgBoss } from "pg-boss";
import { afterAll, expect, it } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshDatabase } from "../support/postgres.ts";

const database = await freshDatabase();
afterAll(() => database.drop());

it("migrates tenants on two machines, and one that fails is written down", async () => {
  process.env.DATABASE_URL = database.url;
  const { migrateTenants, workOnTenants } = await import("../../examples/fleet-jobs/jobs.ts");
  const { Release } = await import("../../examples/fleet-jobs/release.ts");
  const release = Release.using({ emit: () => undefined, write: () => undefined });
  await release.migrate();
  await ask(
    database.url,
    "DO $$ BEGIN FOR i IN 1..120 LOOP EXECUTE format('CREATE SCHEMA tenant_%s', i); INSERT INTO tenants VALUES (format('tenant_%s', i)); END LOOP; CREATE TABLE tenant_7.posts (); END $$",
  );
  const machines = [new PgBoss(database.url), new PgBoss(database.url)];
  const failures: unknown[] = [];
  for (const machine of machines) {
    machine.on("error", (error) => failures.push(error));
    await machine.start();
  }
  try {
    for (const machine of machines) await workOnTenants(machine, { release, connections: 2 });
    const [first] = machines;
    if (first === undefined) throw new Error("there is no machine");
    await migrateTenants(first, 2);
    await until(async () => {
      const [row] = await ask(
        database.url,
        "select count(*) filter (where state = 'completed')::int as done from pgboss.job",
      );
      return row?.done === 2;
    });
  } finally {
    for (const machine of machines) await machine.stop({ graceful: true, timeout: 10_000 });
  }
  expect((await release.migrationStatus())[0]?.tenants).toMatchObject({
    ...{ tenants: 120, upToDate: 119, behind: 0, quarantined: 1 },
  });
  const twice = "select count(*)::int as rows from slipway_tenant_migrations";
  expect(await ask(database.url, twice)).toEqual([{ rows: 238 }]);
  expect(failures).toEqual([]);
}, 180_000);

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 120_000; !(await holds()); ) {
    if (performance.now() > deadline) throw new Error("it took too long");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
