import { afterEach, describe, expect, it, vi } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { type HealthOptions, health } from "../../src/http/index.ts";
import { defineRelease, type MigrationsOption } from "../../src/index.ts";
import { testDatabase } from "../support/databases.ts";
import { freePort } from "../support/server.ts";

const url = "http://localhost/any/where";
const migrations = {
  "1_a": "create table a (id integer)",
  "2_b": "-- slipway: phase=after\nselect 1",
};

async function onSqlite(options: HealthOptions = {}) {
  const { adapter } = await testDatabase("sqlite");
  const opened = vi.fn(adapter.open);
  const repos = { main: { adapter: { ...adapter, open: opened }, migrations } };
  const release = defineRelease({ app: "<app>", repos }).using({ emit: () => undefined });
  const handler = health(release, options);
  const get = (path: string, init?: RequestInit) => handler(new Request(`${url}/${path}`, init));
  return { release, get, opened };
}

afterEach(() => vi.unstubAllEnvs());

describe("health", () => {
  it("says with 503 what is missing, and does not wait for what runs after the deploy", async () => {
    const { release, get } = await onSqlite({ cacheMs: 0 });
    const before = await get("ready");
    const b = { version: "2", name: "b" };
    expect([before.status, before.headers.get("cache-control"), await before.json()]).toEqual([
      503,
      "no-store",
      {
        status: "not ready",
        repos: [
          {
            repo: "main",
            ready: false,
            pending: [{ version: "1", name: "a" }],
            later: [b],
            tooNew: [],
          },
        ],
      },
    ]);
    await release.migrate({ phase: "before" });
    const after = await get("ready/");
    expect([after.status, await after.json()]).toEqual([
      200,
      {
        status: "ready",
        repos: [{ repo: "main", ready: true, pending: [], later: [b], tooNew: [] }],
      },
    ]);
  });

  it("asks the database once for all who ask within a while", async () => {
    const { get, opened } = await onSqlite({ cacheMs: 60_000 });
    await Promise.all([get("ready"), get("ready"), get("ready")]);
    await get("ready");
    expect(opened).toHaveBeenCalledTimes(1);
    await get("live");
    expect(opened).toHaveBeenCalledTimes(1);
  });

  it("answers only what it is asked for", async () => {
    const { get } = await onSqlite();
    expect((await get("ready", { method: "POST" })).status).toBe(405);
    expect((await get("migrations")).status).toBe(404);
    expect((await get("else")).status).toBe(404);
  });

  it("tells nobody where the database is and why it does not answer, but whoever owns the app", async () => {
    const port = await freePort();
    const adapter = postgres({ url: `postgres://ada:secret@127.0.0.1:${port}/app` });
    const release = defineRelease({ app: "app", repos: { main: { adapter, migrations } } });
    const heard: unknown[] = [];
    const response = await health(release, { onError: (error) => heard.push(error) })(
      new Request(`${url}/ready`),
    );
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: "not ready", error: "connection_failed" });
    expect(heard).toMatchObject([{ code: "connection_failed" }]);
  });

  it("does not hang when the database does", async () => {
    const { adapter } = await testDatabase("sqlite");
    const open = () => new Promise<never>(() => undefined);
    const repos = {
      main: { adapter: { ...adapter, open }, migrations: migrations as MigrationsOption },
    };
    const handler = health(defineRelease({ app: "app", repos }), { timeoutMs: 10 });
    const response = await handler(new Request(`${url}/ready`));
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: "not ready", error: "timeout" },
    ]);
  });
});

describe("the page of pending migrations", () => {
  const post = (body: string, headers: Record<string, string> = {}) => ({
    method: "POST",
    body,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
  const tokenOf = (page: string) => /name="token" value="([^"]+)"/.exec(page)?.[1] ?? "";

  it("runs them when its own form asks, and for nobody else", async () => {
    const { release, get } = await onSqlite({ migrationsPage: true });
    const page = await get("migrations");
    const token = tokenOf(await page.clone().text());
    expect(await page.text()).toContain("&lt;app&gt;: migrations are pending");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");

    const form = `token=${token}`;
    const refused = await Promise.all([
      get("migrations", post("")),
      get("migrations", post("token=else")),
      get("migrations", post(form, { origin: "http://evil.example" })),
      get("migrations", post(form, { origin: "null" })),
      get("migrations", post(form, { "sec-fetch-site": "cross-site" })),
    ]);
    expect(refused.map((response) => response.status)).toEqual([403, 403, 403, 403, 403]);
    expect((await release.readiness())[0]?.pending.length).toBe(1);

    const ran = await get("migrations", post(form, { origin: "http://localhost" }));
    expect([ran.status, (await ran.text()).includes("== Migrated 1")]).toEqual([200, true]);
    expect((await release.readiness())[0]).toMatchObject({ ready: true, later: [] });
    expect(await (await get("migrations")).text()).toContain("nothing is pending");
  });

  it("answers to the names of this machine only, unless told others", async () => {
    const { adapter } = await testDatabase("sqlite");
    const release = defineRelease({ app: "app", repos: { main: { adapter, migrations } } });
    const handler = health(release, { migrationsPage: true, hosts: ["app.test"] });
    const statuses = [
      "evil.example",
      "app.test",
      "127.0.0.1:3000",
      "[::1]:3000",
      "a.localhost",
    ].map(async (host) => (await handler(new Request(`http://${host}/migrations`))).status);
    expect(await Promise.all(statuses)).toEqual([403, 200, 200, 200, 200]);
  });

  it("says what went wrong", async () => {
    const { adapter } = await testDatabase("sqlite");
    const repos = { main: { adapter, migrations: { "1_bad": "create tabel a (id integer)" } } };
    const handler = health(defineRelease({ app: "app", repos }), { migrationsPage: true });
    const page = await (await handler(new Request("http://localhost/migrations"))).text();
    const response = await handler(
      new Request("http://localhost/migrations", post(`token=${tokenOf(page)}`)),
    );
    expect(response.status).toBe(500);
    expect(await response.text()).toContain("syntax error");
  });

  it("is refused in production", async () => {
    vi.stubEnv("NODE_ENV", "production");
    await expect(onSqlite({ migrationsPage: true })).rejects.toMatchObject({
      code: "page_in_production",
      exitCode: 2,
    });
    await onSqlite({ migrationsPage: false });
  });
});
