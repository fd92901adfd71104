/** Who may do what: dumped on request, kept where a view or a routine is made anew, and what a reader lacks. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { defineRelease } from "slipway";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keptRights } from "../../src/adapters/postgres/catalog/kept-rights.ts";
import { postgresCatalog } from "../../src/adapters/postgres/catalog/postgres-catalog.ts";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { carryingRights } from "../../src/core/difference/carried-rights.ts";
import { difference } from "../../src/core/difference/difference.ts";
import { undone } from "../../src/core/difference/steps.ts";
import type { SchemaOperation } from "../../src/core/language/operation.ts";
import { pooled } from "../support/databases.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";

let database: FreshDatabase;
let client: pg.Client;
let app: string;

beforeEach(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  // Roles are of the whole server.
  app = `app_${randomBytes(4).toString("hex")}`;
  await client.query(`CREATE ROLE ${app} LOGIN PASSWORD 'sesame'; CREATE ROLE ${app}_owner`);
});
afterEach(async () => {
  await client.query(`DROP OWNED BY ${app}, ${app}_owner CASCADE`);
  await client.query(`DROP ROLE ${app}; DROP ROLE ${app}_owner`);
  await client.end();
  await database.drop();
});

const releaseOn = (url: string) =>
  defineRelease({
    app: "rights",
    repos: { main: { adapter: postgres({ url }), migrations: [] } },
  }).using({
    write: () => undefined,
    emit: () => undefined,
  });

const objects = () => `
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, a text, b text);
CREATE SEQUENCE s; CREATE VIEW v AS SELECT a FROM t; CREATE SCHEMA "Of app"; CREATE TYPE mood AS ENUM ('x');
CREATE FUNCTION f(n int, OUT m int) LANGUAGE sql AS 'select n'; CREATE PROCEDURE p() LANGUAGE sql AS '';
CREATE AGGREGATE g(int) (sfunc = int4pl, stype = int);
GRANT SELECT, INSERT ON t TO ${app}; GRANT UPDATE (a, b), REFERENCES (a) ON t TO ${app};
GRANT SELECT ON v TO ${app} WITH GRANT OPTION; GRANT SELECT ON v TO PUBLIC;
GRANT USAGE ON SEQUENCE s TO ${app}; GRANT USAGE, CREATE ON SCHEMA "Of app" TO ${app}; GRANT CREATE ON SCHEMA public TO ${app};
REVOKE USAGE ON TYPE mood FROM PUBLIC; REVOKE ALL ON FUNCTION f FROM PUBLIC; GRANT EXECUTE ON FUNCTION f TO ${app};
GRANT EXECUTE ON PROCEDURE p TO ${app}; REVOKE ALL ON FUNCTION g(int) FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${app};
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE SEQUENCE of_another; ALTER SEQUENCE of_another OWNER TO ${app}_owner;`;

it("dump --rights has them all, and a loaded database has the same", async () => {
  const copy = await freshDatabase();
  try {
    await client.query(objects());
    const [dumped] = await releaseOn(database.url).dump({ rights: true });
    const sql = dumped?.sql ?? "";
    expect(dumped?.leftOut).toEqual([]);
    expect(
      sql.match(/^(GRANT|REVOKE|ALTER DEFAULT).*$/gm)?.map((line) => line.replaceAll(app, "app")),
    ).toEqual([
      "REVOKE EXECUTE ON ROUTINE public.g(integer) FROM PUBLIC;",
      "REVOKE EXECUTE ON ROUTINE public.f(n integer, OUT m integer) FROM PUBLIC;",
      "GRANT EXECUTE ON ROUTINE public.f(n integer, OUT m integer) TO app;",
      "GRANT EXECUTE ON ROUTINE public.p() TO app;",
      'GRANT CREATE, USAGE ON SCHEMA "Of app" TO app;',
      "GRANT CREATE ON SCHEMA public TO app;",
      // Its owner is not told, and keeps its rights.
      "GRANT SELECT, UPDATE, USAGE ON SEQUENCE public.of_another TO app_owner;",
      "GRANT USAGE ON SEQUENCE public.s TO app;",
      "GRANT INSERT, REFERENCES (a), SELECT, UPDATE (a), UPDATE (b) ON TABLE public.t TO app;",
      "REVOKE USAGE ON TYPE public.mood FROM PUBLIC;",
      "GRANT SELECT ON TABLE public.v TO PUBLIC;",
      "GRANT SELECT ON TABLE public.v TO app WITH GRANT OPTION;",
      "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;",
      "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app;",
    ]);
    await releaseOn(copy.url).load("main", sql);
    expect((await releaseOn(copy.url).dump({ rights: true }))[0]?.sql).toBe(sql);
    const [without] = await releaseOn(copy.url).dump();
    expect(without?.sql).not.toMatch(/^(GRANT|REVOKE|ALTER DEFAULT)/m);
    expect(without?.leftOut).toHaveLength(2);
    const other = new pg.Client({ connectionString: copy.url });
    await other.connect();
    await other.query(`DROP OWNED BY ${app}, ${app}_owner`);
    await other.end();
  } finally {
    await copy.drop();
  }
});

const read = () => postgresCatalog.read(async (sql) => (await client.query(sql)).rows);

async function run(operations: readonly SchemaOperation[]): Promise<void> {
  for (const op of operations)
    for (const { sql } of postgresDialect.compile(op)) await client.query(sql);
}

const aclsOf = async () =>
  (
    await client.query(`SELECT relname AS name, pg_get_userbyid(relowner) AS owner, relacl::text AS acl,
    (SELECT array_agg(attacl::text) FROM pg_attribute WHERE attrelid = c.oid AND attacl IS NOT NULL)::text AS columns
  FROM pg_class c WHERE relname IN ('shown', 'filled', 'other')
  UNION ALL SELECT proname, pg_get_userbyid(proowner), proacl::text, NULL FROM pg_proc WHERE proname IN ('f', 'g', 'h') ORDER BY 1`)
  ).rows;

it("what goes and comes again has the rights and the owner that it had, there and back", async () => {
  const schema = (type: string) => `
CREATE TABLE t (id int, a ${type});
CREATE VIEW shown AS SELECT a, id FROM t; CREATE MATERIALIZED VIEW filled AS SELECT a FROM t; CREATE VIEW other AS SELECT a FROM shown;
CREATE FUNCTION f(one int, two text DEFAULT 'x') RETURNS ${type} LANGUAGE sql AS 'select null::${type}';
CREATE FUNCTION g(t) RETURNS ${type} LANGUAGE sql AS 'select $1.a';`;
  await client.query(schema("int"));
  const to = await read();
  await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  await client.query(schema("bigint"));
  const from = await read();
  // By hand, beside the migrations.
  await client.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${app}_owner; GRANT ALL ON t TO ${app}_owner;
    GRANT SELECT ON shown TO ${app} WITH GRANT OPTION; GRANT UPDATE (a) ON shown TO ${app}; GRANT SELECT ON filled TO PUBLIC;
    REVOKE ALL ON FUNCTION f FROM PUBLIC; GRANT EXECUTE ON FUNCTION f TO ${app};
    ALTER VIEW shown OWNER TO ${app}_owner; ALTER FUNCTION f OWNER TO ${app}_owner`);
  const before = await aclsOf();
  expect(before).toHaveLength(5);
  const words = postgresCatalog.words!;
  const sides = { from, to, words, compile: postgresDialect.compile };
  const operations = carryingRights(difference(sides), from, keptRights).map(
    ({ operation }) => operation,
  );
  await run(operations);
  expect((await read()).objects.find(({ id }) => id === "table public.t")).toMatchObject({
    columns: [{ name: "id" }, { name: "a", type: "integer" }],
  });
  expect(await aclsOf()).toEqual(before);
  await run(undone(operations));
  expect(await aclsOf()).toEqual(before);
});

it.skipIf(pooled)(
  "a user who may not read the catalog or the history hears of what, and of the grant",
  async () => {
    await client.query("CREATE TABLE t (id int)");
    await releaseOn(database.url).dump();
    await defineRelease({
      app: "rights",
      repos: {
        main: {
          adapter: postgres({ url: database.url }),
          migrations: { "1_a": "CREATE TABLE a (id int)" },
        },
      },
    })
      .using({ write: () => undefined, emit: () => undefined })
      .migrate();
    const url = Object.assign(new URL(database.url), { username: app, password: "sesame" }).href;
    await expect(releaseOn(url).dump()).rejects.toMatchObject({
      code: "setup_refused",
      exitCode: 2,
      message: expect.stringMatching(
        /^repo main: cannot read schema_migrations: permission denied/,
      ),
      hint: expect.stringMatching(`^GRANT SELECT.* ON schema_migrations TO ${app};`),
    });
    await expect(releaseOn(url).verifySchema()).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining(`TO ${app};`),
    });
    await client.query(`GRANT SELECT ON schema_migrations, slipway_schema TO ${app}`);
    await client.query("REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC");
    for (const reading of [() => releaseOn(url).dump(), () => releaseOn(url).verifySchema()])
      await expect(reading()).rejects.toMatchObject({
        code: "schema_denied",
        exitCode: 2,
        message: `the schema cannot be read: ${app} may not use table pg_catalog.pg_policy`,
        hint: `Let a DBA run this once: GRANT SELECT ON pg_catalog.pg_policy TO ${app};`,
      });
    await client.query(`GRANT SELECT ON pg_catalog.pg_policy TO ${app}`);
    await expect(releaseOn(url).dump()).resolves.toHaveLength(1);
  },
);
