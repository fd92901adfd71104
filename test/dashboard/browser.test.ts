/** The pages in Chromium: with and without JavaScript, wide and narrow, light and dark. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { RunOptions } from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { dashboard } from "../../src/dashboard/index.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { executablePath, launch, looks, serve } from "./support/browser.ts";
import { fillShop, queueAt, shop } from "./support/demo.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What passes is not listed, which takes axe-core longer than to look for what does not. */
const allRules: RunOptions = { resultTypes: ["violations"] };
/** A page in the dark differs in its colours alone. */
const ofColours: RunOptions = {
  ...allRules,
  runOnly: ["color-contrast", "link-in-text-block"],
};

const pages = [
  "",
  "migrations/main",
  "migrations/main/20260301090000",
  "migrations/main/20260210090000?data",
  "backfills",
  "backfills/main/20260215090000",
  "backfills/main/20260215090000/cancel",
  "backfills/main/20260215090000/pace",
  "now",
  "now?drift",
  "plan",
  "migrate",
] as const;

describe.skipIf(executablePath === undefined)("the pages in a browser", () => {
  let browser: Browser;
  let database: FreshDatabase;
  let server: Awaited<ReturnType<typeof serve>>;
  let release: ReturnType<typeof shop>;
  const at = (path: string) => `${server.origin}/slipway/${path}`;

  beforeAll(async () => {
    database = await freshDatabase();
    const adapter = postgres({ url: database.url });
    await fillShop(adapter, database.url);
    release = shop(adapter);
    const authorize = () => ({ user: "ana" });
    server = await serve(dashboard(release, { authorize, allow: ["migrate"] }));
    browser = await launch();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await database?.drop();
  });

  it.each(pages)(
    "axe-core finds nothing on /%s, and it fits, at every width, in light and dark",
    async (path) => {
      // The checks are put into the page by the test itself, past what the page allows.
      const context = await browser.newContext({ bypassCSP: true });
      const page = await context.newPage();
      const answer = await page.goto(at(path));
      expect(answer?.status(), path).toBe(200);
      await page.evaluate(axe);
      for (const { viewport, colorScheme } of looks) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate(
          (options) =>
            (globalThis as unknown as { axe: typeof import("axe-core") }).axe.run(options),
          colorScheme === "dark" ? ofColours : allRules,
        );
        const shown = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`,
        );
        expect(shown, `${viewport.width} ${colorScheme}`).toEqual([]);
        const root = "document.documentElement";
        const wide = await page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`);
        expect(wide, `${path} is too wide for ${viewport.width}`).toBeLessThan(1);
      }
      await context.close();
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
        page.on("request", (request) => asked.add(new URL(request.url()).protocol));
        page.on("request", (request) => asked.add(new URL(request.url()).host));
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(String(error)));
        const answer = await page.goto(at(path));
        expect(answer?.status()).toBe(200);
        expect(await page.locator("h1").count()).toBe(1);
        const own = new URL(server.origin).host;
        expect([...asked].filter((one) => !["http:", "data:", "", own].includes(one))).toEqual([]);
        expect(said).toEqual([]);
        await context.close();
      }
    },
    60_000,
  );

  it("a visitor without JavaScript pauses, paces and resumes a backfill, each asked once more", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(at("backfills/main/20260215090000"));
    expect(await page.textContent(".status")).toBe("paused");
    await page.click("text=Resume");
    expect(await page.textContent("h1")).toBe("Resume orders_in_cents?");
    expect((await release.backfills.show(20260215090000)).state).toBe("paused");
    await page.click("button");
    expect(await page.textContent(".status")).toBe("running, no worker");
    await page.click("text=Set the pace");
    await page.fill("#batchSize", "50");
    await page.click("text=Continue");
    expect(await page.textContent(".card p")).toBe("batchSize: 50");
    await page.click("button");
    expect(await page.textContent("main")).toContain("batchSize 50");
    await page.click("text=Pause");
    await page.click("button");
    expect(await page.textContent(".status")).toBe("paused");
    const [history] = await release.history({ limit: 3 });
    expect(history?.events.map(({ result, user }) => `${result} by ${user}`)).toEqual([
      "paused by ana",
      "set by ana",
      "resumed by ana",
    ]);
    await context.close();
  }, 60_000);

  it("retries dead rows in the visitor's name, and leaves the rest to workers", async () => {
    const before = await release.backfills.show(20260215090000);
    expect(before.rowsDead).toBeGreaterThan(0);
    const page = await browser.newPage();
    await page.goto(at("backfills/main/20260215090000/retry"));
    await page.click("button");
    await page.waitForURL(at("backfills/main/20260215090000"));
    const [history] = await release.history({ limit: 1 });
    expect(history?.events).toMatchObject([{ result: "retried", user: "ana" }]);
    const after = await release.backfills.pause(20260215090000);
    expect(after.state).toBe("paused");
    expect(after.rowsSeen).toBeLessThan(after.rowsExpected);
    await page.close();
  }, 60_000);

  it("follows a backfill that runs, and shows who waits for whom, without being loaded again", async () => {
    const [backfill, now] = [await browser.newPage(), await browser.newPage()];
    await backfill.goto(at("backfills/main/20260215090000"));
    await now.goto(at("now"));
    expect(await now.textContent("h1")).toBe("Nobody waits for a lock");
    await release.backfills.set(20260215090000, { pauseMs: 500 });
    await release.backfills.resume(20260215090000);
    const stop = new AbortController();
    const working = release
      .using({ signal: stop.signal })
      .migrateData()
      .catch((error: { code: string }) => error.code);
    await backfill.locator(".plot").waitFor({ timeout: 30_000 });
    await backfill.getByText("running", { exact: true }).waitFor({ timeout: 30_000 });
    const queue = await queueAt(database.url, "invoices");
    await now.getByText("2 connections wait for a lock").waitFor({ timeout: 30_000 });
    expect(await now.locator(".tree > li > ul > li > ul > li").count()).toBe(1);
    await queue.end();
    await now.getByText("Nobody waits").first().waitFor({ timeout: 30_000 });
    stop.abort("SIGTERM");
    expect(await working).toBe("interrupted");
    await backfill.close();
    await now.close();
  }, 120_000);

  it("everything can be reached and done with the keyboard", async () => {
    const page = await browser.newPage();
    await page.goto(at("plan"));
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.keyboard.press("Shift+Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Plan");
    await page.close();
  }, 30_000);

  it("runs migrations where that is allowed, asked once more", async () => {
    const page = await browser.newPage();
    await page.goto(at("plan"));
    await page.click("text=Run them");
    await page.click("button");
    expect(await page.textContent("h1")).toBe("Migrated");
    const [history] = await release.history({ limit: 1 });
    expect(history?.events).toMatchObject([{ result: "applied", user: "ana" }]);
    await page.close();
  }, 60_000);
});
