/** The story of a night on call, acted against the packed package and a real PostgreSQL. It prints what a person would see. */
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { type Stage, stage } from "./support/stage.ts";

const files = {
  "package.json": '{ "name": "shop", "version": "2.4.0", "type": "module" }\n',
  "release.ts": `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "shop",
  repos: {
    orders: { adapter: postgres({ url: () => env("ORDERS_URL") }) },
    stock: { adapter: postgres({ url: () => env("STOCK_URL") }) },
  },
});
`,
  "db/orders/migrations/20240101000000_create_orders.sql":
    "-- migrate:up\ncreate table orders (id bigint primary key, total integer, note text);\n-- migrate:down\ndrop table orders;\n",
  "db/stock/migrations/20240101000000_create_stock.sql":
    "-- migrate:up\ncreate table stock (id bigint primary key);\n-- migrate:down\ndrop table stock;\n",
};

const second = {
  "db/orders/migrations/20240102000000_drop_note.ts": `import { defineMigration } from "slipway";

export default defineMigration({
  safe: { "drop-column": "no code reads it any more" },
  change(m) {
    m.alterTable("orders", (t) => t.remove("note", { was: "text" }));
  },
});
`,
  "db/orders/data_migrations/20240102000001_round_totals.ts": `import { defineBackfill, sql } from "slipway";

export default defineBackfill({
  table: "orders",
  key: "id",
  set: { total: sql\`total + 1\` },
  batchSize: 20,
  maxBatchSize: 20,
  pauseMs: 40,
});
`,
  "db/stock/migrations/20240102000000_add_places.sql": `-- slipway: transaction=false
-- migrate:up
alter table stock add column place text;
insert into places select distinct place from stock;
create index stock_place on stock (place);
-- migrate:down
drop index stock_place;
alter table stock drop column place;
`,
};

let night: Stage;
let databases: readonly FreshDatabase[];
let report: pg.Client;

beforeAll(async () => {
  databases = await Promise.all([freshDatabase(), freshDatabase()]);
  const [orders, stock] = databases.map(({ url }) => url) as [string, string];
  night = stage(files, { ORDERS_URL: orders, STOCK_URL: stock, SLIPWAY_NODE: process.execPath });
  report = new pg.Client({ connectionString: orders, application_name: "monthly report" });
  report.on("error", () => undefined);
  await report.connect();
}, 120_000);

afterAll(async () => {
  console.log(night.story());
  await report.end().catch(() => undefined);
  night.remove();
  await Promise.all(databases.map((database) => database.drop()));
});

const bin = "_release/shop/bin/shop";

it("the evening: version 2.4 is out, and all is well", async () => {
  night.tell("The evening. Version 2.4 is built and migrated; status is the block of every day.");
  expect((await night.type("npx slipway release --quiet")).code).toBe(0);
  expect((await night.type(`${bin} migrate`)).code).toBe(0);
  await report.query("insert into orders select g, g, 'x' from generate_series(1, 1000) g");
  const { text, code } = await night.type(`${bin} status`);
  expect(code).toBe(0);
  expect(text).not.toMatch(/running|part|failed|edited/);
});

it("01:10: a migration hangs, and one look says behind whom", async () => {
  night.tell("01:10. The deploy of 2.5 does not come to its end.");
  for (const [path, text] of Object.entries(second)) night.write(path, text);
  expect((await night.type("npx slipway release --quiet --overwrite")).code).toBe(0);
  await report.query("begin; select sum(total) from orders");
  const deploy = night.open(`${bin} migrate --repo orders`);
  await deploy.printed("try 2 waited");
  const { text } = await night.type(`${bin} status --repo orders`);
  expect(text).toMatch(/^ {2}running {3}20240102000000 {2}drop_note$/m);
  expect(text).toMatch(/wait\w* for AccessExclusiveLock on orders$/m);
  expect(text).toMatch(/in the way: pid \d+, monthly report, .*idle in transaction/);
  const other = await night.type(`${bin} migrate --repo orders --lock-wait 0`);
  expect(other.code).toBe(5);
  expect(other.text).toContain("running: 20240102000000 drop_note");
  expect(other.text).not.toMatch(/BEGIN|SET LOCAL/);
  night.tell("The report is ended by its owner. The migration goes on by itself.");
  await report.query("rollback");
  expect((await deploy.ended).code).toBe(0);
});

it("01:40: the other database stopped half-way, and nothing can be left behind", async () => {
  night.tell("01:40. The deploy goes on with stock, and fails in the middle.");
  const failed = await night.type(`${bin} migrate --repo stock`);
  expect(failed.code).toBe(1);
  expect(failed.text).toMatch(/hint: .*slipway|shop/);
  const { text } = await night.type(`${bin} status --repo stock`);
  expect(text).toMatch(
    /^ {2}part {6}20240102000000 {2}add_places \(applied in part: 1 statement done\)$/m,
  );
  expect(text).toMatch(
    /done {6}alter table stock add column place text\n {4}to come {3}insert into places/,
  );
  expect(text).toMatch(
    /failed going up: 20240102000000 add_places, at \S+Z: relation "places" does not exist/,
  );
  expect(text).toContain("finish it: bin/shop migrate --repo stock\n");
  const plan = await night.type(`${bin} plan --repo stock`);
  expect(plan.text).toContain("done before, and not sent again");
  night.tell("Somebody wants all of it back, and would leave a column behind.");
  const refused = await night.type(`${bin} rollback stock 20240101000000`);
  expect(refused.code).toBe(4);
  expect(refused.text).toContain("is applied in part, and this would leave that part behind");
  night.tell("What is done is undone, by the plan that the journal keeps.");
  expect((await night.type(`${bin} rollback stock 20240102000000`)).code).toBe(0);
  expect((await night.type(`${bin} status --repo stock`)).text).toMatch(
    /^ {2}down {6}20240102000000/m,
  );
});

it("02:20: a backfill is slow, is paused and goes on, and the events know who", async () => {
  night.tell("02:20. The backfill keeps the disks busy.");
  expect((await night.type(`${bin} migrate-data --repo orders --for 0.5s`)).code).toBe(0);
  expect((await night.type(`${bin} backfill pause`)).code).toBe(0);
  const { text } = await night.type(`${bin} status --data --repo orders`);
  expect(text).toMatch(/round_totals \(\d+%, paused\)/);
  const stopped = await night.type(`${bin} migrate-data --repo orders`);
  expect(stopped.code).not.toBe(0);
  expect((await night.type(`${bin} backfill resume`)).code).toBe(0);
  expect((await night.type(`${bin} backfill set pause=0 batch-size=500`)).code).toBe(0);
  expect((await night.type(`${bin} backfill work`)).code).toBe(0);
  const { text: past } = await night.type(`${bin} history orders --limit 5`);
  expect(past).toMatch(/applied +20240102000001_round_totals +\d+ ms +shop 2.4.0 by \S+ on \S+/);
  expect(past.match(/paused|resumed|set \{/g)).toHaveLength(3);
});

it("03:00: the morning wants the column back, and hears what it gets", async () => {
  night.tell("03:00. 2.5 is taken back. The column comes back, and what was in it does not.");
  const back = await night.type(`${bin} rollback orders 20240102000000`);
  expect(back.code).toBe(0);
  expect(back.text).toContain("column orders.note comes back empty: what was in it is gone");
  const verified = await night.type(`${bin} verify`);
  expect(verified.code).toBe(3);
  const same = await night.type(`${bin} eval 'Release.rollback("orders", 2024)'`);
  const asked = await night.type(`${bin} rollback orders 2024`);
  expect(same).toEqual(asked);
  expect((await night.type(`${bin} status`)).text).not.toMatch(/running|part|failed/);
});
