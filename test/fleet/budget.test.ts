/** A budget of failures, and a canary, are for all processes that share the work. */
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { addColumn, addTenants, firstTwo, fleetRelease } from "./support.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase("postgres");
});
afterEach(() => database.dispose());

const names = Array.from({ length: 40 }, (_, i) => `t${String(i).padStart(2, "0")}`);
const more = { ...firstTwo, "12_tags": addColumn("tags") };

async function prepared(failing: readonly string[]): Promise<void> {
  await addTenants((sql) => database.query(sql), names);
  await fleetRelease(database, firstTwo).release.migrate();
  for (const name of failing)
    await database.query(`ALTER TABLE ${name}.posts ADD COLUMN tags text`);
}

async function states(): Promise<readonly (readonly [unknown, number])[]> {
  const rows = await database.query(
    "SELECT state, newest::text, count(*)::int AS n FROM slipway_tenants GROUP BY 1, 2 ORDER BY 1, 2",
  );
  return rows.map(({ state, newest, n }) => [`${state} ${newest}`, Number(n)] as const);
}

it("two processes together begin no further tenant once more have failed than both may bear", async () => {
  await prepared(names);
  const run = () =>
    fleetRelease(database, more).release.migrate({ tenants: { maxFailures: 4, concurrency: 1 } });
  // Both have begun before the first fails.
  const held = database.query(
    "SELECT pg_sleep(2) FROM (SELECT FROM slipway_tenants WHERE tenant = 't00' FOR UPDATE) AS held",
  );
  await setTimeout(100);
  const ended = await Promise.allSettled([run(), run()]);
  await held;
  for (const one of ended)
    expect(one).toMatchObject({ status: "rejected", reason: { code: "tenants_failed" } });
  const failed = new Map(await states()).get("quarantined 11") ?? 0;
  // Each may be in the middle of one when the last failure is written down.
  expect(failed).toBeGreaterThan(4);
  expect(failed).toBeLessThanOrEqual(6);
});

it("a canary that fails in one process is the end of the other, and of the next run", async () => {
  await prepared(["t20"]);
  const run = () =>
    fleetRelease(database, more).release.migrate({ tenants: { canary: ["t20"], concurrency: 2 } });
  const ended = await Promise.allSettled([run(), run()]);
  for (const one of [...ended, ...(await Promise.allSettled([run()]))])
    expect(one).toMatchObject({
      status: "rejected",
      reason: { code: "tenants_failed", details: { done: 0, left: 39 } },
    });
  expect(await states()).toEqual([
    ["quarantined 11", 1],
    ["ready 11", 39],
  ]);
});

it("what another process has is counted once, however often it is looked at", async () => {
  await addTenants((sql) => database.query(sql), ["acme", "bolt"]);
  await fleetRelease(database, firstTwo).release.migrate();
  const held = database.query(
    "SELECT pg_sleep(1.5) FROM (SELECT FROM slipway_tenants WHERE tenant = 'acme' FOR UPDATE) AS held",
  );
  await setTimeout(100);
  const { release, heard } = fleetRelease(database, more);
  await release.migrate({ tenants: { concurrency: 1 } });
  await held;
  expect(heard.lines.join("\n")).toContain("repo main: 2 of 2 tenants");
});
