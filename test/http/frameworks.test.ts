/** The recipes of examples/health, which docs/http.md shows, with the frameworks themselves. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { app as expressApp } from "../../examples/health/express.ts";
import { app as fastifyApp } from "../../examples/health/fastify.ts";
import { app as honoApp } from "../../examples/health/hono.ts";
import * as nextRoute from "../../examples/health/next.ts";
import { Release } from "../../examples/health/release.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-health-"));

beforeAll(() => {
  process.env.DATABASE_PATH = join(folder, "app.db");
});
afterAll(async () => {
  await fastifyApp.close();
  rmSync(folder, { recursive: true, force: true });
});

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** Asks a server that listens only for as long as it takes. */
function listening(listener: RequestListener): Ask {
  return async (path, init) => {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    try {
      return await fetch(`http://127.0.0.1:${port}${path}`, init);
    } finally {
      server.close();
    }
  };
}

const frameworks: readonly (readonly [name: string, ask: Ask])[] = [
  ["hono", async (path, init) => honoApp.request(path, init)],
  ["express", listening(expressApp)],
  [
    "fastify",
    async (path, init) => {
      await fastifyApp.ready();
      return listening((request, response) => fastifyApp.routing(request, response))(path, init);
    },
  ],
  ["next", (path, init) => nextRoute.GET(new Request(`http://localhost${path}`, init))],
];

describe.each(frameworks)("health in %s", (name, ask) => {
  it("is shown in the docs as it is run here", () => {
    const root = join(import.meta.dirname, "../..");
    const example = readFileSync(join(root, `examples/health/${name}.ts`), "utf8");
    expect(readFileSync(join(root, "docs/http.md"), "utf8")).toContain(example);
  });

  it("lives, and is ready when the migrations have run", async () => {
    const live = await ask("/health/live");
    expect([live.status, await live.json()]).toEqual([200, { status: "live" }]);
    await Release.using({ emit: () => undefined }).rollback("main", { all: true });
    await expect
      .poll(async () => (await ask("/health/ready")).status, { timeout: 20_000 })
      .toBe(503);
    const { repos } = (await (await ask("/health/ready")).json()) as { repos: unknown };
    expect(repos).toMatchObject([{ repo: "main", pending: [{ name: "create_users" }] }]);
    await Release.using({ emit: () => undefined }).migrate();
    await expect
      .poll(async () => (await ask("/health/ready")).status, { timeout: 20_000 })
      .toBe(200);
    expect((await ask("/health/ready", { method: "HEAD" })).status).toBe(200);
  });
});
