/** The pages in Chromium: with and without JavaScript, wide and narrow, light and dark. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dashboard } from "../../src/dashboard/index.ts";
import { defineRelease } from "../../src/index.ts";
import { testDatabase } from "../support/databases.ts";
import { executablePath, launch, looks, serve } from "./support/browser.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const migrations = {
  "20210702012346_create_users": "create table users (id integer primary key)",
  "20210702012347_create_posts": "create table posts (id integer primary key)",
};

const pages = [""] as const;

describe.skipIf(executablePath === undefined)("the pages in a browser", () => {
  let browser: Browser;
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let server: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    database = await testDatabase("sqlite");
    const repos = { main: { adapter: database.adapter, migrations } };
    const release = defineRelease({ app: "blog", repos }).using({ emit: () => undefined });
    await release.migrate({ step: 1 });
    server = await serve(dashboard(release));
    browser = await launch();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await database?.dispose();
  });

  it.each(pages)(
    "axe-core finds nothing on /%s, at every width, in light and dark",
    async (path) => {
      for (const look of looks) {
        // The checks are put into the page by the test itself, past what the page allows.
        const context = await browser.newContext({ ...look, bypassCSP: true });
        const page = await context.newPage();
        await page.goto(`${server.origin}/slipway/${path}`);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() =>
          (globalThis as unknown as { axe: typeof import("axe-core") }).axe.run(),
        );
        const shown = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`,
        );
        expect(shown, JSON.stringify(look)).toEqual([]);
        const root = "document.documentElement";
        const scrollWidth = await page.evaluate<number>(`${root}.scrollWidth`);
        const clientWidth = await page.evaluate<number>(`${root}.clientWidth`);
        expect(scrollWidth, `${path} is wider than ${JSON.stringify(look)}`).toBeLessThanOrEqual(
          clientWidth,
        );
        await context.close();
      }
    },
    120_000,
  );

  it.each(pages)(
    "/%s asks no other host and breaks no rule of its own, with and without JavaScript",
    async (path) => {
      for (const javaScriptEnabled of [true, false]) {
        const context = await browser.newContext({ javaScriptEnabled });
        const page = await context.newPage();
        const asked = new Set<string>();
        const said: string[] = [];
        page.on("request", (request) => asked.add(new URL(request.url()).origin));
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(String(error)));
        const answer = await page.goto(`${server.origin}/slipway/${path}`);
        expect(answer?.status()).toBe(200);
        expect(await page.locator("h1").count()).toBe(1);
        expect([...asked]).toEqual([server.origin]);
        expect(said).toEqual([]);
        await context.close();
      }
    },
    60_000,
  );
});
