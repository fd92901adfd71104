/** The proxy that stands for a long way counts what a client waits for. */
import pg from "pg";
import { expect, test } from "vitest";
import { farProxy } from "../../bench/far-proxy.ts";
import { freshDatabase } from "../support/postgres.ts";

test("a connection with a password is three waits, each query one more, and each takes its time", async () => {
  const { url, drop } = await freshDatabase();
  const proxy = await farProxy(url, 5);
  const client = new pg.Client({ connectionString: proxy.through(url) });
  await client.connect();
  expect(proxy.waits()).toBe(3);
  const started = performance.now();
  await client.query("SELECT 1; SELECT 2");
  await client.query("SELECT repeat('x', 1000000)");
  expect(performance.now() - started).toBeGreaterThanOrEqual(9);
  expect(proxy.waits()).toBe(2);
  await client.end();
  await proxy.stop();
  await drop();
});
