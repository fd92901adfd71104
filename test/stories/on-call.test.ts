/**
 * Four faults of a night, each made for real: what every place where people look says of it is asserted, and the command
 * that it names is the one that is typed next, and solves it.
 */
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
  repos: { main: { adapter: postgres({ url: () => env("SHOP_URL"), lockLeaseMs: 18_000 }) } },
});
`,
  // The handler as an app mounts it; a page is told as its text.
  "look.ts": `import { dashboard } from "slipway/dashboard";
import { Release } from "./release.ts";

const show = dashboard(Release, { authorize: () => ({ user: "ann" }) });
for (const page of process.argv.slice(2).map((name) => name.replace("overview", ""))) {
  const answer = await show(new Request("http://localhost/slipway/" + page));
  const html = (await answer.text()).replace(/<(style|script)[^]*?<\\/\\1>/g, "");
  const signs = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  const text = html.replace(/<[^>]*>/g, " ").replace(/&(#?\\w+);/g, (all, name) => signs[name] ?? all);
  console.log(page + ": " + answer.status + " " + text.replace(/\\s+/g, " "));
}
await show.close();
`,
  "db/main/migrations/20240101000000_create_orders.sql":
    "-- migrate:up\ncreate table orders (id bigint primary key, total integer, note text);\n-- migrate:down\ndrop table orders;\n",
};

let night: Stage;
let database: FreshDatabase;
let report: pg.Client;
let psql: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  night = stage(files, { SHOP_URL: database.url });
  [report, psql] = [await connected("monthly report"), await connected("psql")];
  expect((await night.type("npx slipway migrate --quiet")).code).toBe(0);
  await psql.query("insert into orders select g, g from generate_series(1, 400) g");
}, 120_000);

afterAll(async () => {
  console.log(night.story());
  await Promise.all([report, psql].map((client) => client.end().catch(() => undefined)));
  night.remove();
  await database.drop();
});

async function connected(application_name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url, application_name });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** The command that prints pages of the dashboard. */
function look(...pages: readonly string[]): string {
  return `"$(command -v node)" look.ts ${pages.join(" ")}`;
}

/** Types it until it says so: between two tries of a migration there are moments with nothing to see. */
async function until(command: string, says: RegExp, most = 100): Promise<string> {
  for (let looks = 1; ; looks += 1) {
    const { text } = await night.type(command);
    if (says.test(text) || looks === most) {
      expect(text).toMatch(says);
      return text;
    }
  }
}

/** The statement that a text names behind these words. */
function named(text: string, words: RegExp): string {
  const [, statement = ""] = new RegExp(`${words.source}\\s*([^\\n<]*?;)`).exec(text) ?? [];
  expect(statement).not.toBe("");
  return statement;
}

it("a migration is blocked: each place names who is in the way, and the statement that ends it", async () => {
  night.write(
    "db/main/migrations/20240102000000_add_place.sql",
    "-- migrate:up\nalter table orders add column place text;\n-- migrate:down\nalter table orders drop column place;\n",
  );
  await report.query("begin read only");
  await report.query("select sum(total) from orders");
  const deploy = night.open("npx slipway migrate");
  await deploy.printed("try 1 waited");
  const status = await until("npx slipway status", /in the way: pid \d+, monthly report/);
  const end = named(status, /let it end, or end it:/);
  expect(end).toMatch(/^SELECT pg_terminate_backend\(\d+\);$/);
  const pages = await until(
    look("overview", "now"),
    /running, waits.*Long transactions.*monthly report/s,
  );
  expect(pages).toContain(end);
  const doctor = await until(
    "npx slipway doctor",
    /transactions +a migration may have to wait for/,
  );
  expect(doctor).toMatch(/warn {2}transactions +.*monthly report.*idle in transaction/);
  expect(named(doctor, /transactions[^\n]*\n *Let it end, or end it:/)).toBe(end);
  expect(named(doctor, /warn {2}lock [^\n]*\n *Let it end, or end it:/)).toBe(end);
  const { text: history } = await night.type("npx slipway history main");
  expect(history).not.toContain("add_place");
  await psql.query(end);
  expect((await deploy.ended).code).toBe(0);
  expect((await night.type("npx slipway history main --limit 1")).text).toMatch(
    /applied +20240102000000_add_place/,
  );
}, 60_000);

it("a concurrent build was cut off: each place says that it is half done, and migrate finishes it", async () => {
  report = await connected("monthly report");
  night.write(
    "db/main/migrations/20240103000000_index_total.sql",
    "-- slipway: transaction=false\n-- migrate:up\ncreate index concurrently orders_total on orders (total);\n-- migrate:down\ndrop index concurrently orders_total;\n",
  );
  await report.query("begin");
  await report.query("update orders set note = 'x' where id = 1");
  const deploy = night.open("npx slipway migrate");
  const builds = async () =>
    (await psql.query("select from pg_index where not indisvalid")).rowCount === 1;
  while (!(await builds())) await new Promise((done) => setTimeout(done, 50));
  deploy.signal("SIGKILL");
  await deploy.ended;
  await psql.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'slipway%'",
  );
  await report.query("rollback");
  const status = await until("npx slipway status", /half applied: 20240103000000 index_total/);
  const [, finish = ""] = /finish it: slipway (.*)/.exec(status) ?? [];
  const { text: pages } = await night.type(look("overview", "now", "migrations/main"));
  expect(pages).toMatch(/main: half done/);
  expect(pages).toMatch(/orders_total on orders invalid/);
  expect(pages.match(new RegExp(`slipway ${finish}`, "g"))).toHaveLength(2);
  const doctor = await night.type("npx slipway doctor");
  expect(doctor.code).toBe(2);
  expect(doctor.text).toMatch(/warn {2}indexes +orders_total is invalid/);
  expect(doctor.text).toMatch(/BAD {3}history +half done: 20240103000000_index_total/);
  expect((await night.type("npx slipway history main")).text).not.toContain("index_total");
  expect((await night.type(`npx slipway ${finish}`)).code).toBe(0);
  expect((await night.type("npx slipway doctor")).text).toMatch(/ok {4}indexes +all valid/);
  expect((await night.type("npx slipway history main --limit 1")).text).toMatch(
    /applied +20240103000000_index_total/,
  );
}, 60_000);

it("the pod that holds the lock is frozen: each place says so, and the statement that frees it at once", async () => {
  night.write(
    "db/main/migrations/20240104000000_send.ts",
    `import { defineMigration } from "slipway";

export default defineMigration({
  up(m) {
    m.run(async (db) => {
      await db.query("create table sent (id integer)");
      if (process.env.SLOW) await new Promise((done) => setTimeout(done, 60_000));
    });
  },
  down: (m) => m.execute("drop table sent"),
});
`,
  );
  const pod = night.open("npx slipway migrate", { SLOW: "1" });
  try {
    await pod.printed("run code");
    pod.signal("SIGSTOP");
    const status = await until("npx slipway status", /not heard of for/);
    const free = named(status, /free it now:/);
    const { text: pages } = await night.type(look("overview"));
    expect(pages).toMatch(/has not been heard of for .*: it is frozen, or cut off/);
    expect(pages).toContain(`To free it now: ${free}`);
    const { text: doctor } = await night.type("npx slipway doctor");
    expect(doctor).toMatch(/warn {2}lock +a run is at work: slipway shop, not heard of for/);
    expect(named(doctor, /To free it now:/)).toBe(free);
    expect((await night.type("npx slipway history main")).text).not.toContain("send");
    await psql.query(free);
    expect((await night.type("npx slipway migrate")).code).toBe(0);
    pod.signal("SIGCONT");
    expect((await pod.ended).text).toMatch(/lock was lost/);
    expect((await night.type("npx slipway history main --limit 1")).text).toMatch(
      /20240104000000_send/,
    );
  } finally {
    pod.signal("SIGKILL");
  }
}, 60_000);

it("a backfill is held: each place says so, and the command that lifts its limits", async () => {
  night.write(
    "db/main/data_migrations/20240105000000_round.ts",
    `import { defineBackfill, sql } from "slipway";

export default defineBackfill({
  table: "orders",
  key: "id",
  set: { total: sql\`total + 1\` },
  throttle: { longTransactionMs: 20 },
});
`,
  );
  await report.query("begin");
  await report.query("select 1");
  const worker = night.open("npx slipway migrate-data");
  const status = await until(
    "npx slipway status --data",
    /running, held for .*a transaction is open for/,
  );
  const [, lift = ""] = /lift its limits: slipway (.*)/.exec(status) ?? [];
  const { text: pages } = await night.type(look("overview", "backfills/main/20240105000000"));
  expect(pages).toMatch(
    /main: backfill round is running, held.*round running, held.*Held for .*a transaction is open for/s,
  );
  expect(pages).toContain(`To lift its limits: slipway ${lift}`);
  const { text: doctor } = await night.type("npx slipway doctor");
  expect(doctor).toMatch(/warn {2}history +the backfill 20240105000000_round is running, held for/);
  expect(doctor).toMatch(
    /a transaction is open for [^\n]*To lift its limits: slipway backfill set [^\n]* -r main/,
  );
  const { text: shown } = await night.type("npx slipway backfill show 20240105000000");
  expect(shown).toContain(`slipway ${lift}`);
  expect(shown).toMatch(/why +a throttle holds it: a transaction is open for/);
  expect((await night.type("npx slipway backfill list")).text).toMatch(
    /held for [^\n]*\n {4}a transaction is open for/,
  );
  expect((await night.type(`npx slipway ${lift}`)).code).toBe(0);
  expect((await worker.ended).code).toBe(0);
  expect((await night.type("npx slipway history main --limit 5")).text).toMatch(
    /applied +20240105000000_round/,
  );
}, 60_000);
