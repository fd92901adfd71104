import { describe, expect, it } from "vitest";
import { settled } from "../../src/adapters/postgres/catalog/settled.ts";
import { testDatabase } from "../support/databases.ts";

describe("what the server writes of an expression", () => {
  it("has its casts on the elements, as it writes them once it read them again", () => {
    const once =
      "((status)::text = ANY ((ARRAY['a'::character varying, 'b, c]'::character varying])::text[]))";
    const again =
      "((status)::text = ANY (ARRAY[('a'::character varying)::text, ('b, c]'::character varying)::text]))";
    expect(settled(once)).toBe(again);
    expect(settled(again)).toBe(again);
  });

  it.each([
    "(note = '(ARRAY[1])::text[]')",
    `("(ARRAY[1])::text[]" > 0)`,
    "((a = ANY (ARRAY[1, 2])))",
    "(ARRAY[1, 2",
  ])("is left alone where it is %s", (text) => {
    expect(settled(text)).toBe(text);
  });

  it("is what the server itself writes the second time", async () => {
    const { query, dispose } = await testDatabase("postgres");
    try {
      const lists = ["('a', 'b')", "('it''s', 'x]y', 'z,')", "('(ARRAY[')"];
      const types = ["varchar(20)", "char(3)", "varchar"];
      for (const [i, type] of types.entries())
        for (const [j, list] of lists.entries()) {
          const table = `t${i}${j}`;
          const definition = `SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = `;
          await query(
            `CREATE TABLE ${table} (c ${type}, CONSTRAINT ${table}_a CHECK (c IN ${list}))`,
          );
          const [first] = await query(`${definition}'${table}_a'`);
          await query(`ALTER TABLE ${table} ADD CONSTRAINT ${table}_b ${first?.text}`);
          const [second] = await query(`${definition}'${table}_b'`);
          expect(settled(String(first?.text))).toBe(second?.text);
        }
    } finally {
      await dispose();
    }
  });
});
