/** What migrations of tenants lock beside what is the tenant's own. */
import { expect, it } from "vitest";
import { loadParser } from "../../src/check/parser.ts";
import { sharedLocks } from "../../src/core/safety/effects/shared-locks.ts";

const parser = await loadParser();

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ["its own tables alone", "CREATE TABLE posts (id bigint); ALTER TABLE posts ADD x int;", []],
  [
    "a foreign key to a table that all share",
    "CREATE TABLE posts (country bigint REFERENCES public.countries (id));",
    ["public.countries SHARE ROW EXCLUSIVE"],
  ],
  [
    "a column of a shared table",
    "ALTER TABLE public.countries ADD COLUMN IF NOT EXISTS code text;",
    ["public.countries ACCESS EXCLUSIVE"],
  ],
  ["rows that are read", "INSERT INTO posts SELECT * FROM public.countries;", []],
  ["an extension", "CREATE EXTENSION IF NOT EXISTS citext;", ["extension citext undefined"]],
  [
    "a function by its schema",
    "CREATE OR REPLACE FUNCTION public.now2() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1';",
    ["function public.now2 undefined"],
  ],
];

it.each(cases)("%s", (_, sql, wanted) => {
  expect(parser).toBeDefined();
  const scripts = [{ name: "a", statements: parser!.statements(sql), inTransaction: true }];
  const [found = []] = sharedLocks(scripts, parser!, { major: 18 });
  expect(found.map(({ object, mode }) => `${object} ${mode}`)).toEqual(wanted);
});
