/** The example with the real pg-boss: two machines, slices of a backfill, each order once. */
import { PgBoss } from "pg-boss";
import { afterAll, expect, it } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshDatabase } from "../support/postgres.ts";

const database = await freshDatabase();
afterAll(() => database.drop());

it("works on a backfill slice by slice, on two machines", async () => {
  process.env.DATABASE_URL = database.url;
  const { startBackfill, workOnBackfills } = await import("../../examples/pg-boss/slices.ts");
  const { Release } = await import("../../examples/pg-boss/release.ts");
  const quiet = { emit: () => undefined };
  await ask(
    database.url,
    "create table orders (id bigint primary key, price int not null, quantity int not null, total int, changes int not null default 0)",
  );
  await ask(
    database.url,
    "insert into orders select g, g % 100, g % 7 from generate_series(1, 60000) g",
  );
  await ask(
    database.url,
    "create function counted() returns trigger language plpgsql as $$ begin new.changes := old.changes + 1; return new; end $$",
  );
  await ask(
    database.url,
    "create trigger counted before update on orders for each row execute function counted()",
  );
  const machines = [new PgBoss(database.url), new PgBoss(database.url)];
  const failures: unknown[] = [];
  for (const machine of machines) {
    machine.on("error", (error) => failures.push(error));
    await machine.start();
  }
  try {
    for (const machine of machines) await workOnBackfills(machine, { forMs: 50 });
    const [first] = machines;
    if (first === undefined) throw new Error("there is no machine");
    await startBackfill(first, 20261101090000, 2);
    const { backfills } = Release.using(quiet);
    await until(async () => (await backfills.list()).some(({ state }) => state === "finished"));
    await until(async () => {
      const [row] = await ask(
        database.url,
        "select count(*)::int as done from data_migrations",
      ).catch(() => []);
      return row?.done === 1;
    });
    // The last slice of the slower machine finds nothing left to do.
    await until(async () => {
      const [row] = await ask(
        database.url,
        "select count(*)::int as open from pgboss.job where state <> 'completed'",
      );
      return row?.open === 0;
    });
  } finally {
    for (const machine of machines) await machine.stop({ graceful: true, timeout: 10_000 });
  }
  const [row] = await ask(
    database.url,
    "select count(*) filter (where total is distinct from price * quantity)::int as wrong, count(*) filter (where changes <> 1)::int as not_once from orders",
  );
  expect(row).toEqual({ wrong: 0, not_once: 0 });
  const jobs = await ask(
    database.url,
    "select state::text as state, count(*)::int as jobs from pgboss.job group by 1",
  );
  expect(jobs.map(({ state }) => state)).toEqual(["completed"]);
  expect(Number(jobs[0]?.jobs)).toBeGreaterThan(2);
  expect(failures).toEqual([]);
}, 180_000);

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 120_000; !(await holds()); ) {
    if (performance.now() > deadline) throw new Error("it took too long");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
