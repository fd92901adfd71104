/** Names, comments, errors and rows that try to run as code: on every page, each is text. */
import pg from "pg";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { dashboard } from "../../src/dashboard/index.ts";
import { defineBackfill, defineRelease } from "../../src/index.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { executablePath, launch, serve } from "./support/browser.ts";
import { queueAt } from "./support/demo.ts";

/** Marks the page when any of it runs. */
const run = "document.documentElement.dataset.ran = 1";
const hostile = `"'><img src=x onerror="${run}"><script>${run}</script></style></script><svg onload="${run}">`;
/** As far as a name of a file or of a table may hold it. */
const named = `x"'><svg onload="${run}">`.slice(0, 55);

const migrations = {
  "1_create": `create table notes (id integer primary key, body text); -- ${hostile}`,
  "2_fails": `do $$ begin raise exception '${hostile.replaceAll("'", "''")}'; end $$`,
  [`3_${hostile.replaceAll("/", "")}`]: `comment on table notes is '${hostile.replaceAll("'", "''")}'`,
};

const dataMigrations = {
  [`4_${named}`]: defineBackfill({
    table: "notes",
    key: "body",
    each: () => {
      throw new Error(hostile);
    },
  }),
};

const pages = [
  "",
  "migrations/main",
  "migrations/main?data",
  "migrations/main/1",
  "migrations/main/2",
  "migrations/main/3",
  "migrations/main/4?data",
  "backfills",
  "backfills/main/4",
  "backfills/main/4/cancel",
  "now",
  "now?drift",
  "plan",
  `migrations/main?q=${encodeURIComponent(hostile)}`,
  `migrations/${encodeURIComponent(hostile)}`,
  `backfills/main/${encodeURIComponent(hostile)}`,
  encodeURIComponent(hostile),
];

describe.skipIf(executablePath === undefined)("what is hostile", () => {
  let browser: Browser;
  let database: FreshDatabase;
  let server: Awaited<ReturnType<typeof serve>>;
  let end: () => Promise<void>;

  beforeAll(async () => {
    database = await freshDatabase();
    const adapter = postgres({ url: database.url });
    const repos = { main: { adapter, migrations, dataMigrations, safe: "off" as const } };
    const release = defineRelease({ app: `blog${hostile}`, version: hostile, repos }).using({
      emit: () => undefined,
      user: hostile,
      host: hostile,
    });
    await release.migrate({ step: 1 });
    await expect(release.migrate()).rejects.toThrow(/2_fails/);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query("alter table notes alter body set not null, add unique (body)");
    await client.query("insert into notes (id, body) values (1, $1)", [hostile]);
    await client.query(`create table "${named.replaceAll('"', '""')}" (id integer)`);
    await client.end();
    await expect(release.migrateData()).rejects.toThrow(/1 row/);
    const queue = await queueAt(database.url, `"${named.replaceAll('"', '""')}"`);
    end = queue.end;
    server = await serve(dashboard(release, { authorize: () => ({ user: hostile }) }));
    browser = await launch();
  }, 120_000);

  afterAll(async () => {
    await end?.();
    await browser?.close();
    await server?.close();
    await database?.drop();
  });

  it.each(pages)(
    "runs no script on /%s, also where nothing forbids it",
    async (path) => {
      // Without the policy of the page only escaping stands between.
      const context = await browser.newContext({ bypassCSP: true });
      const page = await context.newPage();
      await page.goto(`${server.origin}/slipway/${path}`);
      expect(await page.locator("h1").count()).toBe(1);
      const live = page.locator("#live:has-text('Live')");
      if ((await page.locator("main[data-live]").count()) > 0) await live.waitFor();
      expect(await page.evaluate("document.documentElement.dataset.ran")).toBe(undefined);
      expect(
        await page.locator("main img, main script, main [onload], main [onerror]").count(),
      ).toBe(0);
      await context.close();
    },
    30_000,
  );

  it("shows it as it is written", async () => {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/slipway/backfills/main/4`);
    const text = await page.textContent("main");
    expect(text).toContain(`<script>${run}</script>`);
    expect(await page.textContent("header")).toContain("<script>");
    await page.goto(`${server.origin}/slipway/now`);
    expect(await page.textContent("main")).toContain("<svg onload=");
    await page.goto(`${server.origin}/slipway/migrations/main/2`);
    expect(await page.textContent("main")).toContain("<img src=x onerror=");
    await page.close();
  }, 60_000);
});
