/** What stops a subscriber, and the order that does not: two servers and a real subscription for each rule. */
import type pg from "pg";
import { expect, it } from "vitest";
import { rulesAgainst } from "./support/replication-rules.ts";
import { pair, startPair, until } from "./support/subscription.ts";

startPair();

const found = (sql: string, url: string) => rulesAgainst(sql, { url, side: "published" });

type Case = {
  readonly rule: string;
  /** The statement as it is judged. */
  readonly sql: string;
  /** What an application writes afterwards, and how it is seen to have arrived. */
  readonly writes: string;
  readonly seen: string;
  /** The safe order, with the statement in it. */
  readonly order: (sides: { readonly here: Run; readonly there: Run }) => Promise<void>;
};
type Run = (sql: string) => Promise<void>;

const addColumn = "ALTER TABLE orders ADD COLUMN note text";
const wider = "ALTER TABLE orders ALTER COLUMN amount TYPE bigint";
const dropColumn = "ALTER TABLE orders DROP COLUMN state";
const rename = "ALTER TABLE orders RENAME COLUMN amount TO total";
const renameTable = "ALTER TABLE orders RENAME TO purchases";

/** The subscriber has every row already; otherwise it would follow behind the last of them. */
const publisherFirst =
  (sql: string): Case["order"] =>
  async ({ here, there }) => {
    await here(sql);
    await there(sql);
  };

const cases: readonly Case[] = [
  {
    rule: "published-add-column",
    sql: addColumn,
    writes: "INSERT INTO orders VALUES (2, 'new', 1, 'hello')",
    seen: "SELECT 1 FROM orders WHERE id = 2 AND note = 'hello'",
    order: async ({ here, there }) => {
      await there(addColumn);
      await here(addColumn);
    },
  },
  {
    rule: "published-column-type",
    sql: wider,
    writes: "INSERT INTO orders VALUES (2, 'new', 3000000000)",
    seen: "SELECT 1 FROM orders WHERE amount = 3000000000",
    order: async ({ here, there }) => {
      await there(wider);
      await here(wider);
    },
  },
  {
    rule: "published-drop-column",
    sql: dropColumn,
    writes: "INSERT INTO orders (id) VALUES (2)",
    seen: "SELECT 1 FROM orders WHERE id = 2",
    order: async ({ here, there }) => {
      await there("ALTER TABLE orders ALTER COLUMN state DROP NOT NULL");
      await here(dropColumn);
      await there(dropColumn);
    },
  },
  {
    rule: "published-rename",
    sql: rename,
    writes: "INSERT INTO orders (id, state, total) VALUES (2, 'new', 1)",
    seen: "SELECT 1 FROM orders WHERE total = 1 AND id = 2",
    order: publisherFirst(rename),
  },
  {
    rule: "published-rename",
    sql: renameTable,
    writes: "INSERT INTO purchases VALUES (2, 'new', 1)",
    seen: "SELECT 1 FROM purchases WHERE id = 2",
    order: publisherFirst(renameTable),
  },
];

it.each(cases)(
  "$rule: $sql stops a subscriber, and the safe order does not",
  async (one) => {
    const bad = await pair();
    expect(await found(one.sql, bad.url)).toEqual([one.rule]);
    await bad.here.query(one.sql);
    await bad.here.query(one.writes);
    await bad.stops();
    await bad.end();

    const good = await pair();
    const run = (client: pg.Client) => async (sql: string) => void (await client.query(sql));
    await one.order({ here: run(good.here), there: run(good.there) });
    await good.here.query(one.writes);
    await good.arrives(one.seen);
    expect(await good.errors()).toBe(0);
    await good.end();
  },
  120_000,
);

it("published-truncate: the rows of the subscriber go too, or stay for ever", async () => {
  const sent = await pair();
  expect(await found("TRUNCATE orders", sent.url)).toEqual(["published-truncate"]);
  await sent.here.query("TRUNCATE orders");
  await until(
    async () => (await sent.there.query("SELECT 1 FROM orders")).rows.length === 0,
    "it is empty",
  );
  await sent.end();

  const kept = await pair(" WITH (publish = 'insert, update')");
  expect(await found("TRUNCATE orders", kept.url)).toEqual(["published-truncate"]);
  await kept.here.query("TRUNCATE orders");
  await kept.here.query("INSERT INTO orders VALUES (2, 'new', 1)");
  await kept.arrives("SELECT 1 FROM orders WHERE id = 2");
  expect((await kept.there.query("SELECT 1 FROM orders")).rows).toHaveLength(2);
  await kept.end();
}, 120_000);

it.each([
  "ALTER TABLE orders REPLICA IDENTITY NOTHING",
  "ALTER TABLE orders DROP CONSTRAINT orders_pkey",
])(
  "published-replica-identity: after %s writers fail here, unless another identity was set first",
  async (sql) => {
    const both = await pair();
    expect(await found(sql, both.url)).toContain("published-replica-identity");
    await both.here.query("BEGIN");
    await both.here.query(sql);
    await expect(both.here.query("UPDATE orders SET amount = 2")).rejects.toThrow(
      /does not have a replica identity and publishes updates/,
    );
    await both.here.query("ROLLBACK");
    await both.here.query("ALTER TABLE orders REPLICA IDENTITY FULL");
    if (/DROP/.test(sql)) {
      expect(await found(sql, both.url)).toEqual([]);
      await both.here.query(sql);
    }
    await both.here.query("UPDATE orders SET amount = 2");
    await both.arrives("SELECT 1 FROM orders WHERE amount = 2");
    await both.end();
  },
  120_000,
);

it("what is not sent is no finding: another table, a column that no list has, a publication of inserts alone", async () => {
  const only = await pair(" (id, state) WITH (publish = 'insert')");
  expect(await found(addColumn, only.url)).toEqual([]);
  expect(await found("ALTER TABLE orders ALTER COLUMN amount TYPE bigint", only.url)).toEqual([]);
  expect(await found("ALTER TABLE orders REPLICA IDENTITY NOTHING", only.url)).toEqual([]);
  expect(await found("CREATE TABLE more (id int); ALTER TABLE more ADD a int;", only.url)).toEqual(
    [],
  );
  expect(await found("ALTER TABLE others ADD COLUMN a int", only.url)).toEqual([]);
  await only.here.query(addColumn);
  await only.here.query("INSERT INTO orders VALUES (2, 'new', 1, 'hello')");
  await only.arrives("SELECT 1 FROM orders WHERE id = 2");
  expect(await only.errors()).toBe(0);
  await only.end();
}, 120_000);
