/** Somebody is woken up at night: three databases, one whose migration is blocked, one half applied, one as it should be. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { documentOf, makeProject, type Project, type Running } from "./project.ts";

const release = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

const at = (name) => ({ adapter: postgres({ url: () => env(name) }) });

export const Release = defineRelease({
  app: "shop",
  repos: { orders: at("ORDERS_URL"), stock: at("STOCK_URL"), mail: at("MAIL_URL") },
});
`;

const create = (table: string) =>
  `-- migrate:up\ncreate table ${table} (id bigint primary key);\n-- migrate:down\ndrop table ${table};\n`;

let project: Project;
let databases: readonly FreshDatabase[];
let env: { readonly [name: string]: string };
let reader: pg.Client;
let migration: Running;

beforeAll(async () => {
  databases = await Promise.all(["orders", "stock", "mail"].map(() => freshDatabase()));
  const [orders, stock, mail] = databases.map(({ url }) => url) as [string, string, string];
  env = { ORDERS_URL: orders, STOCK_URL: stock, MAIL_URL: mail };
  project = makeProject({
    "release.ts": release,
    "db/orders/migrations/20240101000000_create_orders.sql": create("orders"),
    "db/stock/migrations/20240101000000_create_stock.sql": create("stock"),
    "db/mail/migrations/20240101000000_create_mails.sql": create("mails"),
  });
  expect((await project.run(["migrate"], { env })).code).toBe(0);
  project.write(
    "db/orders/migrations/20240102000000_add_note.sql",
    "-- migrate:up\nalter table orders add column note text;\n-- migrate:down\nalter table orders drop column note;\n",
  );
  project.write(
    "db/stock/migrations/20240102000000_add_places.sql",
    "-- slipway: transaction=false\n-- migrate:up\nalter table stock add column place text;\ninsert into nowhere values (1);\ncreate index stock_place on stock (place);\n-- migrate:down\nalter table stock drop column place;\n",
  );
  reader = new pg.Client({ connectionString: orders, application_name: "reports" });
  reader.on("error", () => undefined);
  await reader.connect();
  await reader.query("begin; select count(*) from orders");
  expect((await project.run(["migrate", "-r", "stock"], { env })).code).toBe(1);
  migration = project.start(["migrate", "-r", "orders"], { env });
  await migration.said("try 2 waited");
}, 120_000);

afterAll(async () => {
  await reader.end();
  await migration.ended;
  project.remove();
  await Promise.all(databases.map((database) => database.drop()));
});

describe("status at night", () => {
  it("says of each database what it needs, and of one that needs nothing nothing", async () => {
    let started = performance.now();
    let { code, stdout } = await project.run(["status"], { env });
    // Between two tries, before it left word of the last one, nothing is in its way.
    for (let looks = 1; looks < 20 && !stdout.includes("in the way"); looks += 1) {
      started = performance.now();
      ({ code, stdout } = await project.run(["status"], { env }));
      // Each of the three reads beside the others, on the same server and under the same name.
      expect(stdout.match(/statement: (?!alter table orders).*/)?.[0]).toBeUndefined();
    }
    console.log(
      `status of three repos, in ${Math.round(performance.now() - started)} ms:\n${stdout}`,
    );
    expect(code).toBe(0);
    const [, orders = "", stock = "", mail = ""] = stdout.split("\nRepo: ");
    expect(orders).toMatch(/^ {2}running {3}20240102000000 {2}add_note$/m);
    expect(orders).toMatch(
      /^ {2}running: 20240102000000 add_note, since \d{4}-\d\d-\d\dT[\d:]+Z, by slipway shop, pid \d+, on 127/m,
    );
    expect(orders).toMatch(/wait\w* for AccessExclusiveLock on orders$/m);
    expect(orders).toMatch(/in the way: pid \d+, reports, .*idle in transaction.*select count/);
    expect(stock).toBe(`stock

  Status    Migration ID    Migration Name
--------------------------------------------------
  up        20240101000000  create_stock
  part      20240102000000  add_places (applied in part: 1 statement done)

  half applied: 20240102000000 add_places
    done      alter table stock add column place text
    to come   insert into nowhere values (1)
    to come   create index stock_place on stock (place)
    finish it: slipway migrate --repo stock
    undo it:   slipway rollback stock 20240102000000
    settle it: slipway mark stock 20240102000000 anew, when you undid it by hand; or applied --reason TEXT, when you did the rest

  failed going up: 20240102000000 add_places, at ${/at (\S+): relation/.exec(stock)?.[1]}: relation "nowhere" does not exist
`);
    expect(mail).toBe(`mail

  Status    Migration ID    Migration Name
--------------------------------------------------
  up        20240101000000  create_mails
`);
  });

  it("--plain is the block alone, and --json has all of it", async () => {
    const plain = await project.run(["status", "--plain", "-r", "orders"], { env });
    expect(plain.stdout).toBe(`
Repo: orders

  Status    Migration ID    Migration Name
--------------------------------------------------
  up        20240101000000  create_orders
  down      20240102000000  add_note
`);
    const look = async () => {
      const ran = await project.run(["status", "--json"], { env });
      return documentOf(ran) as { repos: readonly Record<string, unknown>[] };
    };
    let { repos } = await look();
    for (let looks = 1; looks < 20 && !JSON.stringify(repos).includes("blockers"); looks += 1)
      ({ repos } = await look());
    const blocked = {
      wanted: { mode: "AccessExclusiveLock", on: "orders" },
      blockers: [expect.objectContaining({ application: "reports", state: "idle in transaction" })],
    };
    expect(repos[0]).toMatchObject({
      repo: "orders",
      migrations: [{ appliedAt: expect.any(String) }, { status: "down", running: true }],
      run: { version: "20240102000000", name: "add_note", holder: { application: "slipway shop" } },
    });
    const run = repos[0]?.run as
      | { readonly wait?: unknown; readonly lastTry?: unknown }
      | undefined;
    expect(run?.wait ?? run?.lastTry).toMatchObject(blocked);
    expect(repos[1]).toMatchObject({
      migrations: [
        {},
        {
          part: { done: 1, inDoubt: 0, units: [{ state: "done" }, {}, {}] },
          failed: { result: "failed", direction: "up", reason: expect.stringMatching(/nowhere/) },
        },
      ],
    });
    expect(repos[2]).toEqual({
      repo: "mail",
      migrations: [
        {
          status: "up",
          version: "20240101000000",
          name: "create_mails",
          appliedAt: expect.any(String),
        },
      ],
    });
  });

  it("says who holds the lock to who waits: the migration and its statement, and nothing of our own", async () => {
    const { code, stderr } = await project.run(["migrate", "-r", "orders", "--lock-wait", "0"], {
      env,
    });
    expect(code).toBe(5);
    expect(stderr).toMatch(
      /^error: .*held by slipway shop, pid \d+, .*running: 20240102000000 add_note/,
    );
    expect(stderr).not.toMatch(/BEGIN|SET LOCAL|PERFORM/);
  });

  it.skipIf(!existsSync("/usr/bin/script"))(
    "--watch writes over what it wrote on a terminal, without a line that is too long",
    async () => {
      const command = `stty cols 70 rows 20; timeout -s INT 6 "${process.execPath}" node_modules/slipway/dist/cli/bin.js status --watch`;
      const { stdout, status } = spawnSync("/usr/bin/script", ["-qec", command, "/dev/null"], {
        cwd: project.folder,
        encoding: "utf8",
        env: { ...env, PATH: process.env.PATH, TERM: "xterm", SHELL: "/bin/sh" },
      });
      expect(status).toBe(124);
      const [first = "", ...later] = stdout.split(/(?=\d\d:\d\d:\d\d UTC, every 2 s)/);
      expect(later.length).toBeGreaterThan(0);
      const lines = first.replaceAll("\u001b[K", "").split("\r\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(70);
      // Up over the nineteen lines of the first look: a terminal of twenty has no more room.
      expect(first).toContain("\u001b[19A");
    },
  );

  it("--long says when each ran", async () => {
    const { stdout } = await project.run(["status", "--long", "-r", "mail"], { env });
    expect(stdout).toMatch(/Migration Name +Applied at \(UTC\)\n/);
    expect(stdout).toMatch(/up +20240101000000 +create_mails +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n$/);
  });

  it("--watch prints what changed where there is no terminal, and a signal ends it", async () => {
    const watching = project.start(["status", "--watch", "-r", "orders"], { env });
    await watching.printed("  running   20240102000000");
    await reader.query("rollback");
    await migration.ended;
    // A look between the commit and the end of the run still names the run.
    await watching.printed(/ {2}up {8}20240102000000 {2}add_note\n\n$/);
    watching.kill("SIGINT");
    const { code, stdout } = await watching.ended;
    expect(code).toBe(0);
    const looks = stdout.split(/\d\d:\d\d:\d\d UTC\n/).slice(1);
    expect(looks.length).toBeGreaterThan(1);
    expect(looks.at(-1)).not.toContain("running");
  });
});
