/** What `each` writes back on SQLite: many rows in one statement, each value as its own literal would be. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { literal } from "../../src/adapters/sqlite/quote.ts";
import { defineBackfill } from "../../src/index.ts";
import { describeOn, releaseOn } from "../conformance/support/release.ts";

const text = fc
  .string({ unit: "binary", maxLength: 20 })
  .filter((value) => value.isWellFormed() && !value.includes("\0"));
const awkward = fc.constantFrom("", "null", "'", '"', "\\", "';", "1", "1.50", "9007199254740993");
const anyText = fc.oneof(awkward, text);
const whole = fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n });

/** Column → its type, and what is written into it. */
const columns: { readonly [name: string]: readonly [string, fc.Arbitrary<unknown>] } = {
  big: ["bigint", fc.oneof(whole, whole.map(String))],
  exact: ["decimal(30, 6)", anyText],
  real_one: ["real", fc.double({ noNaN: true, noDefaultInfinity: true })],
  flag: ["boolean", fc.boolean()],
  words: ["text", fc.oneof(anyText, fc.integer())],
  bytes: ["blob", fc.oneof(fc.uint8Array({ maxLength: 20 }), anyText)],
  anything: ["", fc.oneof(anyText, whole, fc.uint8Array({ maxLength: 5 }))],
  doc: ["json", fc.record({ a: anyText, b: fc.array(fc.integer()) })],
};
const names = Object.keys(columns);
const rowOf = fc.record(
  Object.fromEntries(names.map((name) => [name, fc.option(columns[name]![1], { freq: 8 })])),
);

describeOn(["sqlite"], (database) => {
  it.each([
    ["whole numbers beyond 2^53", "id bigint primary key not null", ["id"]],
    ["text, whatever its case", "id text collate nocase primary key not null", ["id"]],
    ["two columns", "id numeric not null, part text not null, unique (id, part)", ["id", "part"]],
  ])("writes many rows at once as it would each of them, by %s", async (_, definition, key) => {
    const list = names.flatMap((name) => [
      `${name} ${columns[name]![0]}`,
      `${name}_own ${columns[name]![0]}`,
    ]);
    const [first, ...rest] = definition.split(", unique");
    await database().query(
      `create table things (${[first, ...list, ...rest.map((one) => `unique${one}`)].join(", ")})`,
    );
    const values = fc.sample(rowOf, { numRuns: 300, seed: 20211107 });
    const idOf = (i: number) => String(2n ** 60n + BigInt(i));
    const keys = values.map((_value, i) => (key.length === 1 ? [idOf(i)] : [idOf(i), `'${i % 7}`]));
    await database().query(
      `insert into things (${key.join(", ")}) values ${keys.map((own) => `(${own.map(literal).join(", ")})`).join(", ")}`,
    );
    const byId = new Map(values.map((row, i) => [idOf(i), row]));
    const each = (row: Readonly<Record<string, unknown>>) => byId.get(String(row.id));
    const backfill = defineBackfill({ table: "things", key, each, batchSize: 110 });
    const { release } = releaseOn(database(), {}, { dataMigrations: { "1_all": backfill } });
    await release.migrateData();
    const session = await database().adapter.open({ role: "work", application: "test" });
    for (const [id, row] of byId) {
      const set = names.map((name) => `${name}_own = ${literal(row[name])}`);
      await session.query(`update things set ${set.join(", ")} where id = ${literal(id)}`);
    }
    await session.close();
    for (const name of names) {
      const [wrong] = await database().query(
        `select cast(id as text), hex(${name}), hex(${name}_own) from things where typeof(${name}) <> typeof(${name}_own) or ${name} is not ${name}_own or hex(${name}) <> hex(${name}_own) limit 1`,
      );
      expect({ name, wrong }).toEqual({ name, wrong: undefined });
      const [row] = await database().query(`select count(${name}) as written from things`);
      expect(row).toEqual({ written: values.filter((one) => one[name] !== null).length });
    }
  });
});
