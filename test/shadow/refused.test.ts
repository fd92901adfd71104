/** What a shadow refuses of statements that code sends, with values beside them. */
import { afterAll, expect, it } from "vitest";
import { neededParser } from "../../src/check/parser.ts";
import { Trials } from "../check/support/sweeper.ts";

const schema = "CREATE TABLE books (id int PRIMARY KEY, title text NOT NULL, extra jsonb);";
const parser = await neededParser("the test");
const trials = await Trials.open(parser);
afterAll(() => trials.close());

const words = async (sql: string) =>
  (await trials.refused(sql, { schema, major: 18 }))?.get(0)?.get(0);

it("gives values that come beside a statement the types that they have where it runs", async () => {
  for (const sql of [
    "INSERT INTO books VALUES ($1, $2, $3), ($4, $5, $6)",
    "UPDATE books SET title = replace(title, 'a', 'b') WHERE title LIKE $1",
    "DELETE FROM books WHERE id = ANY ($1)",
    "UPDATE books SET extra = jsonb_build_object('a', $1)",
    "UPDATE books SET title = $1 + $2",
  ])
    expect([sql, await words(sql)]).toEqual([sql, undefined]);
});

it("says what is wrong whatever they are", async () => {
  expect(await words("UPDATE books SET titel = $1")).toBe(
    'column "titel" of relation "books" does not exist',
  );
  expect(await words("DELETE FROM bucks WHERE id = $1")).toBe('relation "bucks" does not exist');
});

it("has nothing left of a statement that it only prepared", async () => {
  const twice = "UPDATE books SET title = $1; UPDATE books SET title = $1";
  expect(await words(twice)).toBeUndefined();
});
