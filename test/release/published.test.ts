/** Publications that were made by hand: `migrate` asks the database, with the sources and from a built release. */
import pg from "pg";
import { postgres } from "slipway/postgres";
import { afterEach, beforeEach, expect, it } from "vitest";
import { neededParser } from "../../src/check/parser.ts";
import { verdictsOf } from "../../src/check/verdicts-of.ts";
import { defineRelease, silent } from "../../src/index.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";

const parser = await neededParser("the test");
const tables = {
  "1_tables": `CREATE TABLE orders (id int PRIMARY KEY, state text, amount int);
CREATE TABLE parts (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE parts_25 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO orders VALUES (1, 'new', 1);
INSERT INTO parts VALUES (1, '2025-05-05');`,
};

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
  await release(tables).migrate();
});
afterEach(() => database.drop());

async function ask(sql: string) {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

type Migrations = NonNullable<Parameters<typeof defineRelease>[0]["repos"][string]["migrations"]>;

function release(migrations: Migrations) {
  const main = { adapter: postgres({ url: database.url }), migrations };
  return defineRelease({ app: "shop", repos: { main } }).using({
    write: () => undefined,
    emit: silent,
  });
}

/** The same, as it is built: with what the rules said, and without the rules. */
async function built(sql: string) {
  const all = { ...tables, "2_change": sql };
  const verdict = verdictsOf(await release(all).inventory(), () => parser);
  return release(
    Object.entries(all).map(([id, load]) => ({ id, load, verdict: verdict("main", id)! })),
  );
}

const column = "ALTER TABLE orders ADD COLUMN note text;";
const type = "ALTER TABLE orders ALTER COLUMN amount TYPE bigint USING amount;";
const empty = "TRUNCATE orders;";
const nothing = "ALTER TABLE orders REPLICA IDENTITY NOTHING;";
const part = "ALTER TABLE parts ADD COLUMN note text;";
const answered = `-- slipway: safe published-add-column "every subscriber has it"\n${column}`;

/** A publication that somebody made, a migration, and what is found because of it. */
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ["", column, []],
  ["FOR TABLE orders", column, ["subscribers of feed that have no orders.note stop"]],
  ["FOR ALL TABLES", column, ["subscribers of feed that have no orders.note stop"]],
  ["FOR TABLE parts_25", column, []],
  ["FOR TABLE parts_25", part, ["subscribers of feed that have no parts.note stop"]],
  ["FOR TABLE orders (id, state)", column, []],
  ["FOR TABLE orders (id, state)", type, []],
  ["FOR TABLE orders (id, amount)", type, ["keep the old type of orders.amount"]],
  ["FOR TABLE orders", empty, ["subscribers of feed lose all rows of orders too"]],
  ["FOR TABLE orders WITH (publish = 'insert')", empty, ["subscribers of feed keep the rows"]],
  ["FOR TABLE orders", nothing, ["every UPDATE and DELETE of orders fails"]],
  ["FOR TABLE orders WITH (publish = 'insert')", nothing, []],
  ["FOR TABLE orders", answered, []],
];

it.each(cases)("publication %s, %s: %j", async (publication, sql, messages) => {
  if (publication !== "") await ask(`CREATE PUBLICATION feed ${publication}`);
  const sources = release({ ...tables, "2_change": sql });
  expect(await publishedOf(await built(sql))).toEqual(
    messages.map((message) => expect.stringContaining(message)),
  );
  await ask(
    "DELETE FROM schema_migrations WHERE version = '2'; ALTER TABLE orders DROP COLUMN IF EXISTS note; ALTER TABLE parts DROP COLUMN IF EXISTS note",
  );
  expect(await publishedOf(sources)).toEqual(
    messages.map((message) => expect.stringContaining(message)),
  );
});

/** What is refused for the sake of subscribers. */
async function publishedOf(app: ReturnType<typeof release>): Promise<readonly string[]> {
  const error = await app.migrate().then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error !== undefined) expect(error.code).toBe("unsafe");
  return (error?.details.findings ?? [])
    .filter(({ rule }: { readonly rule: string }) => rule.startsWith("published-"))
    .map(({ message }: { readonly message: string }) => message);
}

it("runs what is answered, and says the rule where it is not", async () => {
  await ask("CREATE PUBLICATION feed FOR TABLE orders");
  await expect(release({ ...tables, "2_change": column }).migrate()).rejects.toMatchObject({
    code: "unsafe",
    details: { findings: [{ rule: "published-add-column" }] },
  });
  await release({ ...tables, "2_change": answered }).migrate();
  expect(await ask("SELECT note FROM orders")).toHaveLength(1);
});

it("refuses in a release that carries nothing else of the rules, but for a database without rows", async () => {
  const lean = globalThis as { slipwayWithoutFindings?: true };
  await ask("CREATE PUBLICATION feed FOR TABLE orders");
  const app = await built(column);
  lean.slipwayWithoutFindings = true;
  try {
    expect(await publishedOf(app)).toEqual([
      expect.stringContaining("subscribers of feed that have no orders.note stop"),
    ]);
    await ask("TRUNCATE orders, parts");
    expect(await publishedOf(app)).toEqual([]);
    expect(await ask("SELECT version::text FROM schema_migrations ORDER BY 1")).toHaveLength(2);
  } finally {
    delete lean.slipwayWithoutFindings;
  }
});
