/** The dashboard in the apps that mount it: what frameworks do to the path, the host, the body and the answer. */
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import express from "express";
import { Hono } from "hono";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { type DashboardOptions, dashboard, nodeListener } from "../../src/dashboard/index.ts";
import { health } from "../../src/http/index.ts";
import { defineRelease } from "../../src/index.ts";

const release = defineRelease({
  app: "blog",
  repos: { main: { adapter: sqlite({ path: ":memory:" }), migrations: {} } },
}).using({ emit: () => undefined });
const path = "/admin/slipway";

const authorize: NonNullable<DashboardOptions["authorize"]> = ({ headers }) => {
  const user = headers.get("x-admin");
  if (user !== null) return { user };
  const answer = new Response(null, { status: 302, headers: { location: "/login" } });
  for (const cookie of ["a=1; HttpOnly", "b=2"]) answer.headers.append("set-cookie", cookie);
  return answer;
};

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of ends.splice(0)) await end();
});

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  ends.push(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const pagesOf = (options: DashboardOptions = {}) => {
  const pages = dashboard(release, { path, authorize, allow: ["migrate"], ...options });
  ends.push(() => pages.close());
  return pages;
};

const mounts: readonly (readonly [name: string, mount: () => Promise<Ask>])[] = [
  [
    "Express, behind its parsers of bodies",
    async () => {
      const app = express();
      app.use(express.json(), express.urlencoded({ extended: true }));
      app.use(path, nodeListener(pagesOf()));
      const origin = await listening(app);
      return (to, init) => fetch(`${origin}${to}`, init);
    },
  ],
  [
    "a router of Express, at a part of the path each",
    async () => {
      const router = express.Router().use("/slipway", nodeListener(pagesOf()));
      const origin = await listening(express().use("/admin", router));
      return (to, init) => fetch(`${origin}${to}`, init);
    },
  ],
  [
    "Hono",
    async () => {
      const pages = pagesOf();
      const app = new Hono();
      app.all(path, (context) => pages(context.req.raw));
      app.all(`${path}/*`, (context) => pages(context.req.raw));
      return async (to, init) => app.request(`http://blog.test${to}`, init);
    },
  ],
];

describe.each(mounts)("in %s", (_, mount) => {
  const headers = { "x-admin": "ana" };

  it("shows its pages, and takes a form", async () => {
    const ask = await mount();
    for (const to of ["", "/", "/now", "/plan", "/migrations/main", "/backfills"])
      expect((await ask(`${path}${to}`, { headers })).status, to).toBe(200);
    const head = await ask(path, { method: "HEAD", headers });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const page = await ask(`${path}/migrate`, { headers });
    const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
    const [, token = ""] = /name="token" value="([\w-]{32})"/.exec(await page.text()) ?? [];
    const send = (given: Record<string, string>) =>
      ask(`${path}/migrate`, {
        method: "POST",
        headers: { ...headers, cookie },
        body: new URLSearchParams(given),
      });
    expect((await send({ token })).status).toBe(200);
    expect((await send({ token: "x".repeat(32) })).status).toBe(403);
  });

  it("sends whoever may not look where authorize sends them, with each cookie", async () => {
    const ask = await mount();
    for (const to of ["", "/now", "/live?page=", "/migrate"]) {
      const { status, headers } = await ask(`${path}${to}`, { redirect: "manual" });
      expect([to, status, headers.get("location"), headers.getSetCookie()]).toEqual([
        to,
        302,
        "/login",
        ["a=1; HttpOnly", "b=2"],
      ]);
    }
  });
});

describe("behind something that takes a part of the path away", () => {
  const headers = { "x-admin": "ana" };

  it("links, forms, the stream and the cookie are where the browser finds them", async () => {
    const pages = pagesOf({ path: "/slipway", publicPath: "/shop/slipway" });
    const ask = (to: string) => pages(new Request(`http://localhost${to}`, { headers }));
    const answer = await ask("/slipway/migrations/main?q=a");
    const text = await answer.text();
    const places = [...text.matchAll(/(?:href|action|data-live)="(\/[^"]*)"/g)].map(
      ([, to]) => to ?? "",
    );
    expect(places.length).toBeGreaterThan(5);
    expect(places.filter((to) => !to.startsWith("/shop/slipway/"))).toEqual([]);
    expect(text).toContain(
      `data-live="/shop/slipway/live?page=${encodeURIComponent("migrations/main?q=a")}"`,
    );
    expect(answer.headers.get("set-cookie")).toContain("Path=/shop/slipway;");
    expect((await ask("/shop/slipway")).status).toBe(404);
    expect(() => dashboard(release, { authorize, publicPath: "shop" })).toThrow(/publicPath/);
  });
});

describe("where the framework names itself in the address, as Next.js does", () => {
  /** Next.js says `localhost`, whatever the browser asked for. */
  const asked = (host: string, to: string, init: RequestInit = {}) =>
    new Request(`http://localhost:3000${to}`, {
      ...init,
      headers: { host, "x-forwarded-host": host, ...init.headers },
    });

  it("answers a developer on this machine only, by the name that the browser used", async () => {
    const pages = dashboard(release);
    ends.push(() => pages.close());
    expect((await pages(asked("127.0.0.1:3000", "/slipway"))).status).toBe(200);
    expect((await pages(asked("localhost:3000", "/slipway"))).status).toBe(200);
    for (const host of ["evil.test", "192.168.1.5:3000", "localhost, evil.test", "a b"])
      expect((await pages(asked(host, "/slipway"))).status, host).toBe(403);
  });

  it("the page of pending migrations of slipway/http does so too, and takes its form", async () => {
    const adapter = sqlite({ path: ":memory:" });
    const pending = defineRelease({
      app: "blog",
      repos: { main: { adapter, migrations: { "1_a": "select 1" } } },
    });
    const answer = health(pending.using({ emit: () => undefined }), {
      migrationsPage: true,
      hosts: ["dev.test"],
    });
    for (const [host, status] of [
      ["evil.test", 403],
      ["dev.test:3000", 200],
    ] as const)
      expect((await answer(asked(host, "/migrations"))).status, host).toBe(status);
    const text = await (await answer(asked("127.0.0.1:3000", "/migrations"))).text();
    const [, token = ""] = /value="([\w-]{36})"/.exec(text) ?? [];
    const send = (from: Record<string, string>) =>
      answer(
        asked("127.0.0.1:3000", "/migrations", {
          method: "POST",
          headers: from,
          body: new URLSearchParams({ token }),
        }),
      );
    expect((await send({ origin: "http://127.0.0.1:3000" })).status).toBe(200);
    const browser = { origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-origin" };
    expect((await send(browser)).status).toBe(200);
    expect((await send({ origin: "http://evil.test" })).status).toBe(403);
    expect((await send({ ...browser, "sec-fetch-site": "cross-site" })).status).toBe(403);
  });

  it("takes a form of a browser that says where it is from, and of no other", async () => {
    const pages = pagesOf({ path: "/slipway" });
    const headers = { "x-admin": "ana" };
    const page = await pages(asked("blog.test", "/slipway/migrate", { headers }));
    const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
    const [, token = ""] = /name="token" value="([\w-]{32})"/.exec(await page.text()) ?? [];
    const send = (origin: string) =>
      pages(
        asked("blog.test", "/slipway/migrate", {
          method: "POST",
          headers: { ...headers, cookie, origin },
          body: new URLSearchParams({ token }),
        }),
      );
    expect((await send("https://blog.test")).status).toBe(200);
    expect((await send("https://evil.test")).status).toBe(403);
    expect((await send("null")).status).toBe(403);
  });
});

describe("a browser that takes nothing any more", () => {
  it("is sent nothing more, and gets the rest when it reads again", async () => {
    let sent = 0;
    const part = new Uint8Array(1_000_000);
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        if (sent > 200) controller.close();
        else controller.enqueue(part);
      },
    });
    const answer = new Response(body, { headers: { "content-type": "text/event-stream" } });
    const origin = await listening(nodeListener(() => Promise.resolve(answer)));
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(origin).port) });
    socket.pause();
    socket.write("GET / HTTP/1.0\r\n\r\n");
    await expect.poll(() => sent, { timeout: 20_000 }).toBeGreaterThan(1);
    expect(sent).toBeLessThan(200);
    let bytes = 0;
    socket.on("data", (chunk) => {
      bytes += chunk.length;
    });
    socket.resume();
    await new Promise((done) => socket.on("close", done));
    expect(sent).toBe(201);
    expect(bytes).toBeGreaterThan(200_000_000);
  });
});
