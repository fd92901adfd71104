/** Which defaults of a new column write every row anew, as PostgreSQL itself does it. */
import { expect, it } from "vitest";
import { isComputed } from "../../src/core/difference/computed.ts";
import { openPglite } from "../support/pglite.ts";

const cases: readonly (readonly [expression: string, type: string, computed: boolean])[] = [
  ["now()", "timestamptz", false],
  ["(now() AT TIME ZONE 'UTC'::text)", "timestamp", false],
  ["timezone('utc'::text, now())", "timestamp", false],
  ["(CURRENT_DATE + make_interval(days => 3))", "timestamp", false],
  ["date_trunc('day'::text, now())", "timestamptz", false],
  ["'a (b) gen_random_uuid()'::character varying(20)", "text", false],
  ["COALESCE(current_setting('app.tenant'::text, true), 'none'::text)", "text", false],
  ["lower('A'::text)", "text", false],
  ["'{}'::jsonb", "jsonb", false],
  ["(1)::numeric(10,2)", "numeric", false],
  ["(EXTRACT(epoch FROM now()))::bigint", "bigint", false],
  ["gen_random_uuid()", "uuid", true],
  ["clock_timestamp()", "timestamptz", true],
  ["(now() + (random() * '1 day'::interval))", "timestamptz", true],
  ["md5((random())::text)", "text", true],
  ["nextval('counter'::regclass)", "bigint", true],
  ["public.lower('A'::text)", "text", true],
];

it("a default is computed for each row, or is one value for all of them", async () => {
  const database = await openPglite();
  try {
    await database.exec(`CREATE SEQUENCE counter; CREATE TABLE posts (id int);
      CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE plpgsql AS 'begin return random(); end';
      INSERT INTO posts SELECT generate_series(1, 9); SET search_path = pg_catalog, public`);
    const place = async () => {
      const { rows } = await database.query("SELECT pg_relation_filenode('public.posts') AS place");
      return rows[0];
    };
    const found: (readonly [expression: string, computed: boolean])[] = [];
    for (const [expression, type] of cases) {
      const before = await place();
      await database.exec(`ALTER TABLE public.posts ADD COLUMN more ${type} DEFAULT ${expression}`);
      found.push([expression, JSON.stringify(await place()) !== JSON.stringify(before)]);
      await database.exec("ALTER TABLE public.posts DROP COLUMN more");
    }
    expect(found).toEqual(cases.map(([expression, , computed]) => [expression, computed]));
    const said = cases.map(([expression, type]) => [
      expression,
      isComputed({ name: "more", type, default: { kind: "fragment", sql: expression } }),
    ]);
    expect(said).toEqual(found);
  } finally {
    await database.close();
  }
});
