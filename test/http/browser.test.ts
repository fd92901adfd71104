/** The page in a real browser, through a real server. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "playwright-core";
import { expect, it } from "vitest";
import { health, nodeListener } from "../../src/http/index.ts";
import { defineRelease } from "../../src/index.ts";
import { testDatabase } from "../support/databases.ts";
import { debianProgram } from "../support/debian.ts";

const executablePath = debianProgram("chromium", "chromium");

it.skipIf(executablePath === undefined)(
  "shows what is pending, and its button runs it, without a script and without a request elsewhere",
  async () => {
    const { adapter, tables, dispose } = await testDatabase("sqlite");
    const migrations = { "20210702012346_create_users": "create table users (id integer)" };
    const release = defineRelease({ app: "blog", repos: { main: { adapter, migrations } } });
    const server = createServer(nodeListener(health(release, { migrationsPage: true })));
    server.listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] } as never);
    try {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).host));
      await page.goto(`http://127.0.0.1:${port}/migrations`);
      expect(await page.textContent("h1")).toBe("blog: migrations are pending");
      expect(await page.textContent("li")).toBe("20210702012346 create_users");
      await page.click("button");
      expect(await page.textContent("h1")).toBe("blog: migrated");
      expect(await page.textContent("pre")).toContain("== Migrated 20210702012346");
      await page.click("a");
      expect(await page.textContent("h1")).toBe("blog: nothing is pending");
      expect(await tables()).toEqual(["users"]);
      expect(new Set(asked)).toEqual(new Set([`127.0.0.1:${port}`]));
    } finally {
      await browser.close();
      server.closeAllConnections();
      server.close();
      await dispose();
    }
  },
  120_000,
);
