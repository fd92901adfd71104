/** Backfills over every kind of key that SQLite can store. */
import { expect, it } from "vitest";
import type { Row } from "../../src/adapters/adapter.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { type keys, runKeyCase } from "./support/key-cases.ts";
import { sqliteKeys } from "./support/sqlite-keys.ts";

const right = { set: "right", snapshot: "right", each: "right", insert: "right" };
const composite = new Set(["uuid", "text", ""]);
const cases = sqliteKeys.flatMap((one) => {
  const name = `${one.type || "no type"} ${one.table ?? ""}`.trim();
  const all = [{ name, one, key: "alone" as keyof typeof keys }];
  return composite.has(one.type) ? [...all, { name, one, key: "composite" as const }] : all;
});

it.each(cases)("a key $key of $name is right in each mode", async ({ one, key }) => {
  const adapter = sqlite({ path: ":memory:" });
  const query = async (sql: string): Promise<readonly Row[]> => {
    const session = await adapter.open({ role: "work", application: "test" });
    try {
      return await session.query(sql);
    } finally {
      await session.close();
    }
  };
  const same = (a: string, b: string) => `typeof(${a}) = typeof(${b}) and ${a} is ${b}`;
  expect(await runKeyCase({ adapter, query }, one, key, same)).toEqual(right);
});
