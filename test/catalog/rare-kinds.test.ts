/** What few databases have: made, changed and taken away by a difference, and known from a time when only names were kept. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresCatalog } from "../../src/adapters/postgres/catalog/postgres-catalog.ts";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import type { SchemaCatalog } from "../../src/core/catalog/catalog.ts";
import { catalogChanges, changeLines } from "../../src/core/catalog/changes.ts";
import { driftOf } from "../../src/core/catalog/drift.ts";
import { difference } from "../../src/core/difference/difference.ts";
import { undone } from "../../src/core/difference/steps.ts";
import type { SchemaOperation } from "../../src/core/language/operation.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";

const fixture = readFileSync(
  join(import.meta.dirname, "../fixtures/catalog/rare-kinds.sql"),
  "utf8",
);

let database: FreshDatabase;
let client: pg.Client;
let empty: SchemaCatalog;
let full: SchemaCatalog;

const read = () => postgresCatalog.read(async (sql) => (await client.query(sql)).rows);

beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  empty = await read();
  await client.query(fixture);
  full = await read();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

async function run(operations: readonly SchemaOperation[]): Promise<void> {
  for (const op of operations)
    for (const { sql } of postgresDialect.compile(op))
      await client.query(sql).catch((error: Error) => {
        throw new Error(`${error.message}, in ${sql}`);
      });
}

async function thereAndBack(from: SchemaCatalog, to: SchemaCatalog): Promise<void> {
  const words = postgresCatalog.words!;
  const steps = difference({ from, to, words, compile: postgresDialect.compile });
  const operations = steps.map(({ operation }) => operation);
  await run(operations);
  expect(changeLines(catalogChanges(to, await read())), "there").toEqual([]);
  await run(undone(operations));
  expect(changeLines(catalogChanges(from, await read())), "and back").toEqual([]);
}

it("a difference makes all of it and takes it away", async () => {
  expect(full.objects.length - empty.objects.length).toBeGreaterThan(35);
  await thereAndBack(full, empty);
});

it("a difference changes one of each, with what is made of it", async () => {
  await client.query(
    `ALTER OPERATOR "Rare one".=== (int, int) SET (RESTRICT = NONE);
     ALTER OPERATOR FAMILY backwards USING btree DROP OPERATOR 5 (int, bigint);
     ALTER TEXT SEARCH CONFIGURATION search DROP MAPPING FOR numword;
     ALTER TEXT SEARCH DICTIONARY "Rare one".words (accept = true);
     ALTER SERVER there VERSION '2';
     ALTER FOREIGN TABLE "Rare one"."rows" ADD COLUMN n int;
     COMMENT ON LANGUAGE second IS 'other'`,
  );
  const changed = await read();
  await thereAndBack(changed, full);
});

it("names alone, as an earlier Slipway kept them, are no change", () => {
  const { drifted } = driftOf(
    {
      objects: [...full.objects.filter(({ id }) => !/^(operator|server|foreign table) /.test(id))],
      leftOut: [
        ...["operator Rare one.!!", "operator Rare one.!==", "operator Rare one.==="],
        ...["operator family public.backwards", "operator family public.near"],
        ...["server bare", "server there", "server gone"],
        ...["foreign table Rare one.rows", "foreign table public.far_part"],
      ],
    },
    full,
  );
  expect(drifted.map(({ lines }) => lines)).toEqual([["- server gone"]]);
});
