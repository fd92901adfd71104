/** In a transaction a connection says that it is there, but not while it is asked something: the driver would warn. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { plain } from "../../src/core/model/statement.ts";
import { freshDatabase } from "../support/postgres.ts";
import { whileLocked } from "../support/while-locked.ts";

it("asks nothing beside a statement that takes long, and goes on afterwards", async () => {
  const database = await freshDatabase();
  const warned: string[] = [];
  const hear = ({ message }: Error) => warned.push(message);
  process.on("warning", hear);
  const adapter = postgres({ url: database.url, lockLeaseMs: 1_000 });
  const session = await adapter.open({ role: "work", application: "test" });
  const other = await adapter.open({ role: "work", application: "test" });
  await whileLocked(
    adapter,
    "one",
    async () => await session.takeFence?.({ name: "one", history: { name: "schema_migrations" } }),
  );
  const [own] = await session.query("SELECT pg_backend_pid() AS pid");
  await session.execute([plain("BEGIN"), plain("SELECT 1")]);
  await session.query("SELECT pg_sleep(1)");
  const last = async () => {
    const [row] = await other.query(
      `SELECT query FROM pg_stat_activity WHERE pid = ${Number(own?.pid)}`,
    );
    return String(row?.query);
  };
  for (let i = 0; i < 50 && !(await last()).startsWith("SHOW"); i++) await sleep(50);
  expect(await last()).toMatch(/^SHOW transaction_isolation/);
  await session.execute([plain("COMMIT")]);
  expect(warned).toEqual([]);
  process.off("warning", hear);
  for (const one of [session, other]) await one.close();
  await database.drop();
});
