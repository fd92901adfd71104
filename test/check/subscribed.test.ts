/** What stops a subscription when its own side changes, and the order that does not: two servers and a real subscription. */
import { postgres } from "slipway/postgres";
import { expect, it } from "vitest";
import { verdictsOf } from "../../src/check/verdicts-of.ts";
import { defineRelease, silent } from "../../src/index.ts";
import { full } from "../faults/support/figures.ts";
import { parser, rulesAgainst } from "./support/replication-rules.ts";
import { pair, startPair } from "./support/subscription.ts";

startPair();

const found = (sql: string, url: string) => rulesAgainst(sql, { url, side: "subscribed" });

type Case = readonly [rule: string, here: string, sent: string];

const insert = "INSERT INTO orders VALUES (2, 'new', 1)";

/** A change of the subscriber that the rules find, and a row that stops the subscription. */
const stopping: readonly Case[] = [
  ["subscribed-drop", "ALTER TABLE orders DROP COLUMN amount", insert],
  ["subscribed-drop", "DROP TABLE orders", insert],
  ["subscribed-rename", "ALTER TABLE orders RENAME COLUMN amount TO total", insert],
  ["subscribed-rename", "ALTER TABLE orders RENAME TO purchases", insert],
  [
    "subscribed-rename",
    "ALTER TABLE orders RENAME TO kept; CREATE VIEW orders AS SELECT * FROM kept",
    insert,
  ],
  ["subscribed-rename", "CREATE SCHEMA old; ALTER TABLE orders SET SCHEMA old", insert],
  [
    "subscribed-refusal",
    "ALTER TABLE orders ADD more int; UPDATE orders SET more = 1; ALTER TABLE orders ALTER more SET NOT NULL",
    insert,
  ],
  [
    "subscribed-refusal",
    "ALTER TABLE orders ADD more int; ALTER TABLE orders ADD CONSTRAINT more_there NOT NULL more NOT VALID",
    insert,
  ],
  [
    "subscribed-refusal",
    "ALTER TABLE orders ADD more int; ALTER TABLE orders ADD CHECK (more IS NOT NULL) NOT VALID",
    insert,
  ],
  [
    "subscribed-refusal",
    "ALTER TABLE orders ALTER COLUMN amount SET NOT NULL",
    "INSERT INTO orders VALUES (2, 'new', NULL)",
  ],
  [
    "subscribed-refusal",
    "ALTER TABLE orders ADD CONSTRAINT few CHECK (amount < 2) NOT VALID",
    "INSERT INTO orders VALUES (2, 'new', 7)",
  ],
  ["subscribed-refusal", "CREATE UNIQUE INDEX one ON orders (amount)", insert],
  ["subscribed-refusal", "ALTER TABLE orders ADD UNIQUE (state)", insert],
  [
    "subscribed-refusal",
    "ALTER TABLE orders ALTER COLUMN amount TYPE smallint",
    "INSERT INTO orders VALUES (2, 'new', 70000)",
  ],
  [
    "subscribed-key",
    "ALTER TABLE orders DROP CONSTRAINT orders_pkey",
    "UPDATE orders SET amount = 2",
  ],
  [
    "subscribed-key",
    "ALTER TABLE orders DROP CONSTRAINT orders_pkey; ALTER TABLE orders REPLICA IDENTITY FULL",
    "UPDATE orders SET amount = 2",
  ],
];

/** Elsewhere one of each rule is enough. */
const tried = full
  ? stopping
  : stopping.filter(([rule], i) => stopping.findIndex(([other]) => other === rule) === i);

it.each(tried)(
  "%s: after %s, a row stops the subscription",
  {
    timeout: 60_000,
  },
  async (rule, sql, sent) => {
    const both = await pair();
    expect(await found(sql, both.thereUrl)).toEqual([rule]);
    await both.there.query(sql);
    await both.here.query(sent);
    await both.stops();
    await both.end();
  },
);

/** A change of the subscriber that no rule is against, and a row that arrives. */
const harmless: readonly (readonly [here: string, sent: string, seen: string])[] = [
  ["ALTER TABLE orders ADD COLUMN more int NOT NULL DEFAULT 1", insert, "id = 2 AND more = 1"],
  [
    "ALTER TABLE orders ALTER COLUMN amount TYPE bigint",
    "INSERT INTO orders VALUES (2, 'new', 70000)",
    "amount = 70000",
  ],
  ["ALTER TABLE orders ALTER COLUMN amount TYPE text", insert, "id = 2"],
  ["CREATE INDEX by_amount ON orders (amount)", insert, "id = 2"],
  [
    "CREATE UNIQUE INDEX again ON orders (id); ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY USING INDEX again",
    "UPDATE orders SET amount = 2",
    "amount = 2",
  ],
  [
    "ALTER TABLE orders ADD more int, ADD CHECK (more > 0); CREATE UNIQUE INDEX one ON orders (more)",
    insert,
    "id = 2",
  ],
  [
    "CREATE UNIQUE INDEX again ON orders (id); ALTER TABLE orders REPLICA IDENTITY USING INDEX again; ALTER TABLE orders DROP CONSTRAINT orders_pkey",
    "UPDATE orders SET amount = 2",
    "amount = 2",
  ],
  [
    "CREATE TABLE sums (n int PRIMARY KEY); INSERT INTO sums VALUES (1); ALTER TABLE orders ADD FOREIGN KEY (amount) REFERENCES sums",
    "INSERT INTO orders VALUES (2, 'new', 70000)",
    "amount = 70000",
  ],
];

it.each(full ? harmless : harmless.slice(0, 2))(
  "%s stops nothing",
  { timeout: 60_000 },
  async (sql, sent, seen) => {
    const both = await pair();
    expect(await found(sql, both.thereUrl)).toEqual([]);
    await both.there.query(sql);
    await both.here.query(sent);
    await both.arrives(`SELECT 1 FROM orders WHERE ${seen}`);
    expect(await both.errors()).toBe(0);
    await both.end();
  },
);

it("subscribed-truncate: the rows do not come again, and updates of them change nothing", {
  timeout: 60_000,
}, async () => {
  const both = await pair();
  expect(await found("TRUNCATE orders", both.thereUrl)).toEqual(["subscribed-truncate"]);
  await both.there.query("TRUNCATE orders");
  await both.here.query("UPDATE orders SET amount = 2");
  await both.here.query(insert);
  await both.arrives("SELECT 1 FROM orders WHERE id = 2");
  expect((await both.there.query("SELECT id FROM orders")).rows).toEqual([{ id: 2 }]);
  expect(await both.errors()).toBe(0);
  await both.end();
});

const ordered = [
  ["ALTER TABLE orders RENAME COLUMN amount TO total", "INSERT INTO orders VALUES (3, 'new', 1)"],
  ["ALTER TABLE orders DROP COLUMN amount", "INSERT INTO orders VALUES (3, 'new')"],
] as const;

it.each(full ? ordered : ordered.slice(0, 1))(
  "%s: the publisher first, and here behind every row that was written before",
  {
    timeout: 60_000,
  },
  async (sql, next) => {
    const good = await pair();
    await good.here.query(insert);
    await good.here.query(sql);
    await good.arrives("SELECT 1 FROM orders WHERE id = 2");
    await good.there.query(sql);
    await good.here.query(next);
    await good.arrives("SELECT 1 FROM orders WHERE id = 3");
    expect(await good.errors()).toBe(0);
    await good.end();

    // Rows wait on the publisher, with the names that it had when they were written.
    const bad = await pair();
    await bad.there.query(`ALTER SUBSCRIPTION ${bad.name} DISABLE`);
    await bad.here.query(insert);
    await bad.here.query(sql);
    await bad.there.query(sql);
    await bad.there.query(`ALTER SUBSCRIPTION ${bad.name} ENABLE`);
    await bad.stops();
    await bad.end();
  },
);

it("migrate and plan name the subscription, from the sources and from a built release", {
  timeout: 60_000,
}, async () => {
  const both = await pair();
  const rename = "ALTER TABLE orders RENAME COLUMN amount TO total;";
  const answered = `-- slipway: safe subscribed-rename "the publisher has it"\n-- slipway: safe rename-column "no code yet"\n${rename}`;
  const sources = release(both.thereUrl, { "1_rename": rename });
  const verdict = verdictsOf(await sources.inventory(), () => parser)("main", "1_rename")!;
  const built = release(both.thereUrl, [{ id: "1_rename", load: rename, verdict }]);
  const refused = new RegExp(
    `the subscription ${both.name} stops at the next row that the publisher sends for orders.amount`,
  );
  for (const app of [sources, built]) {
    await expect(app.migrate()).rejects.toThrow(refused);
    expect(JSON.stringify(await app.plan())).toMatch(refused);
  }
  await release(both.thereUrl, { "1_rename": answered }).migrate();
  await both.end();
});

type Migrations = NonNullable<Parameters<typeof defineRelease>[0]["repos"][string]["migrations"]>;

function release(url: string, migrations: Migrations) {
  const main = { adapter: postgres({ url }), migrations };
  return defineRelease({ app: "a", repos: { main } }).using({
    write: () => undefined,
    emit: silent,
  });
}

it("a table that the subscription no longer fills may go", {
  timeout: 60_000,
}, async () => {
  const both = await pair();
  await both.here.query("ALTER PUBLICATION feed DROP TABLE orders");
  await both.there.query(`ALTER SUBSCRIPTION ${both.name} REFRESH PUBLICATION`);
  expect(await found("DROP TABLE orders", both.thereUrl)).toEqual([]);
  await both.end();
});
