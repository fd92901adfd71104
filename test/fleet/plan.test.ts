/** What a run would do to tenants, told with their number in mind. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planText } from "../../src/cli/plan-text.ts";
import { defineMigration } from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { addColumn, addTenants, dropSchemas, firstTwo, fleetRelease } from "./support.ts";

describe.each(["pglite", "postgres"] as const)("a plan for tenants, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
    await database.query(dropSchemas);
  });
  afterEach(() => database.dispose());

  const third = { ...firstTwo, "12_tags": addColumn("tags") };

  it("says what each lacks and how many lack it, and writes nothing", async () => {
    await addTenants((text) => database.query(text), ["acme", "bolt", "core", "dune"]);
    await fleetRelease(database, firstTwo).release.migrate({
      tenants: { names: ["acme", "bolt", "core"] },
    });
    const { release } = fleetRelease(database, third);
    const [plan] = await release.plan();
    expect(plan?.tenants).toMatchObject({
      ...{ tenants: 4, behind: 4, quarantined: 0, warnings: [] },
      counts: { 10: 1, 11: 1, 12: 4 },
    });
    expect(plan?.tenants?.steps.map(({ file }) => file.version)).toEqual(["10", "11", "12"]);
    const text = planText([plan!]);
    expect(text).toContain("\nTenants of main: 4 of 4\n");
    expect(text).toContain("what takes 20 ms in one tenant takes 80 ms in 4 tenants");
    expect(text).toContain("  10 posts up, in a transaction, for 1\n");
    expect(text).toContain("  12 tags up, in a transaction\n");
    expect((await release.migrationStatus())[0]?.tenants?.behind).toBe(4);
    const [named] = await release.plan({ tenants: { names: ["acme"], only: true } });
    expect(named).toMatchObject({ steps: [], tenants: { tenants: 1, counts: { 12: 1 } } });
    expect((await release.plan({ tenants: false }))[0]).not.toHaveProperty("tenants");
  });

  it("takes the pace of the last run, where that was long enough", async () => {
    const names = Array.from({ length: 20 }, (_, i) => `t${10 + i}`);
    await addTenants((text) => database.query(text), names);
    await fleetRelease(database, firstTwo).release.migrate();
    await database.query(
      "UPDATE slipway_tenant_migrations SET inserted_at = timestamp '2026-01-01' + substr(tenant, 2)::int * interval '1 s'",
    );
    const [plan] = await fleetRelease(database, third).release.plan();
    expect(plan?.tenants?.perSecond).toBeCloseTo(20 / 19);
    expect(planText([plan!])).toContain(
      "20 tenants take about 19 s, by the pace of the last run: 1 a second in one process",
    );
  });

  it("is there before the table is that lists them", async () => {
    await database.query("DROP TABLE IF EXISTS public.tenants");
    const { release } = fleetRelease(database, firstTwo);
    const [plan] = await release.plan();
    expect(plan?.steps).toHaveLength(1);
    expect(plan?.tenants).not.toHaveProperty("tenants");
    expect(plan?.tenants?.steps).toHaveLength(2);
    expect(planText([plan!])).toContain("Tenants of main: each tenant that the list has then");
  });

  it("names what all tenants lock, and what would refuse the run", async () => {
    await addTenants((text) => database.query(text), ["acme", "bolt"]);
    await database.query("CREATE TABLE IF NOT EXISTS public.countries (id bigint PRIMARY KEY)");
    await fleetRelease(database, firstTwo).release.migrate();
    const { release } = fleetRelease(database, {
      ...firstTwo,
      "11_body": addColumn("text"),
      "12_country": defineMigration({
        up: (m) =>
          m.execute("CREATE TABLE stamps (country bigint REFERENCES public.countries (id))"),
        down: (m) => m.execute("DROP TABLE stamps"),
      }),
    });
    const [plan] = await release.plan();
    expect(plan?.tenants?.warnings.map(({ code }) => code)).toEqual([
      "tenants_share",
      "would_be_refused",
    ]);
    expect(plan?.tenants?.warnings[0]?.message).toContain(
      "every tenant's transaction takes SHARE ROW EXCLUSIVE on public.countries, which all share",
    );
  });
});
