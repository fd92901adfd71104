/** Who may look, and what comes from elsewhere: nothing is shown, done or run for it. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { html } from "../../src/dashboard/html.ts";
import { dashboard } from "../../src/dashboard/index.ts";
import { defineRelease } from "../../src/index.ts";

const release = defineRelease({
  app: "blog",
  repos: { main: { adapter: sqlite({ path: ":memory:" }), migrations: {} } },
}).using({ emit: () => undefined });
const authorize = () => ({ user: "ana" });

afterEach(() => vi.unstubAllEnvs());

describe("who may look", () => {
  it.each([undefined, "production", "staging"])(
    "refuses to begin without authorize where NODE_ENV is %s",
    (value) => {
      vi.stubEnv("NODE_ENV", value);
      expect(() => dashboard(release)).toThrow(
        expect.objectContaining({ code: "dashboard_unprotected" }),
      );
      expect(() => dashboard(release, { authorize })).not.toThrow();
    },
  );

  it("answers a developer on this machine only", async () => {
    const pages = dashboard(release);
    expect((await pages(new Request("http://localhost/slipway"))).status).toBe(200);
    expect((await pages(new Request("http://evil.test/slipway"))).status).toBe(403);
  });

  it("gives what authorize answers, and asks it for streams and forms too", async () => {
    const pages = dashboard(release, { authorize: () => new Response("no", { status: 401 }) });
    for (const path of ["", "/now", "/live?page=", "/nothing"])
      expect((await pages(new Request(`http://blog.test/slipway${path}`))).status).toBe(401);
    const post = new Request("http://blog.test/slipway/migrate", { method: "POST", body: "x=1" });
    expect((await pages(post)).status).toBe(401);
  });

  it.each([
    ["nothing", undefined],
    ["false", false],
    ["null", null],
    ["an object without a name", { admin: false }],
    ["a number for a name", { user: 7 }],
    ["the answer of another library", { status: 302, headers: { location: "/login" } }],
  ])("shows nothing where authorize gives %s", async (_, answer) => {
    const pages = dashboard(release, { authorize: () => answer as never });
    for (const path of ["", "/now", "/live?page="]) {
      const { status, headers } = await pages(new Request(`http://blog.test/slipway${path}`));
      expect([path, status, headers.get("content-type")]).toEqual([
        path,
        403,
        "text/plain; charset=utf-8",
      ]);
    }
  });

  it("shows nothing where authorize throws, and says the reason to onError alone", async () => {
    const heard: unknown[] = [];
    const secret = new Error("no connection to redis://:secret@sessions");
    const onError = (error: unknown) => heard.push(error);
    const throws = () => {
      throw secret;
    };
    for (const authorize of [throws, () => Promise.reject(secret)]) {
      const pages = dashboard(release, { authorize, onError });
      const answer = await pages(new Request("http://blog.test/slipway"));
      expect(answer.status).toBe(500);
      expect(await answer.text()).not.toContain("secret");
    }
    expect(heard).toEqual([secret, secret]);
  });

  it("is nowhere but on its path", async () => {
    const pages = dashboard(release, { authorize, path: "/a/b" });
    expect((await pages(new Request("http://blog.test/a/b/"))).status).toBe(200);
    for (const path of ["/", "/a", "/a/bc", "/a/%62/"])
      expect((await pages(new Request(`http://blog.test${path}`))).status, path).toBe(404);
    expect(() => dashboard(release, { path: "slipway" })).toThrow(/must be a path/);
  });
});

describe("what is odd", () => {
  const pages = dashboard(release, { authorize });
  const statusOf = async (path: string, method = "GET") => {
    const answer = await pages(new Request(`http://blog.test/slipway${path}`, { method }));
    await answer.body?.cancel();
    return answer.status;
  };

  it.each([
    "/%2e%2e/%2e%2e/etc/passwd",
    "/migrations/main/..%2f..%2fsecret",
    "/migrations/__proto__",
    "/migrations/constructor/1",
    "/backfills/main/1/constructor",
    "/backfills/main/1/toString",
    "/backfills/main/not-a-number",
    "/backfills/main/1e9",
    "/backfills/main/99",
    "/backfills/nowhere/1",
    "/backfills/main/1/pause",
    "/migrations/main/1/2/3/4",
    "/%00",
    "/%E0%A4%A",
    "/live/live",
    "/toString",
  ])("%s is no page", async (path) => {
    expect(await statusOf(path)).toBe(404);
  });

  it.each([
    `?q=${"x".repeat(100_000)}`,
    "?page=-1",
    "?page=1e99",
    "?page=NaN",
    "?page=2&page=3",
    "?data&data=1&__proto__=1",
    "?q=%00%FF",
    "?q=%25_%27%3B--",
  ])("a list takes any question", async (query) => {
    expect(await statusOf(`/migrations/main${query}`)).toBe(200);
  });

  it("a stream of any page begins, and HEAD begins none", async () => {
    const more = 200;
    for (let i = 0; i <= more; i += 1) expect(await statusOf("/live?page=", "HEAD")).toBe(200);
    const head = await pages(new Request("http://blog.test/slipway/live", { method: "HEAD" }));
    expect(head.body).toBe(null);
    for (const page of ["//", "%25", "http://evil.test/", "../../x", "x".repeat(5_000)])
      expect(await statusOf(`/live?page=${encodeURIComponent(page)}`)).toBe(200);
    await pages.close();
  });

  it.each(["OPTIONS", "PUT", "DELETE", "PATCH"])("%s is not taken", async (method) => {
    expect(await statusOf("", method)).toBe(405);
    expect(await statusOf("/backfills/main/1/pause", method)).toBe(405);
  });
});

describe("forms", () => {
  const pages = dashboard(release, { authorize, allow: ["migrate"] });
  const post = (headers: Record<string, string>, body: string) =>
    pages(
      new Request("http://blog.test/slipway/migrate", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        body,
      }),
    );

  it("are taken with the token of this browser only, and from this origin only", async () => {
    const page = await pages(new Request("http://blog.test/slipway/migrate"));
    const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(page.headers.get("set-cookie")).toMatch(/Path=\/slipway; HttpOnly; SameSite=Strict/);
    const [, token = ""] = /name="token" value="([\w-]{32})"/.exec(await page.text()) ?? [];
    expect(cookie).toBe(`slipway_form=${token}`);
    expect((await post({}, `token=${token}`)).status).toBe(403);
    expect((await post({ cookie }, "token=")).status).toBe(403);
    expect((await post({ cookie: "slipway_form=" }, "token=")).status).toBe(403);
    expect((await post({ cookie, origin: "http://evil.test" }, `token=${token}`)).status).toBe(403);
    expect((await post({ cookie, "sec-fetch-site": "cross-site" }, `token=${token}`)).status).toBe(
      403,
    );
    expect((await post({ cookie }, `token=${token}&x=${"x".repeat(20_000)}`)).status).toBe(413);
    const done = await post({ cookie, origin: "http://blog.test" }, `token=${token}`);
    expect(done.status).toBe(200);
  });

  it("run no migration unless it is allowed", async () => {
    const closed = dashboard(release, { authorize });
    expect((await closed(new Request("http://blog.test/slipway/migrate"))).status).toBe(404);
    const request = new Request("http://blog.test/slipway/migrate", { method: "POST", body: "" });
    expect((await closed(request)).status).toBe(405);
  });
});

describe("what a browser is told", () => {
  it("nothing but the page's own style and script takes effect, and each answer has another nonce", async () => {
    const pages = dashboard(release, { authorize });
    const policies = await Promise.all(
      [1, 2].map(async () => {
        const answer = await pages(new Request("http://blog.test/slipway"));
        const policy = answer.headers.get("content-security-policy") ?? "";
        const [, nonce = ""] = /script-src 'nonce-([^']{24})'/.exec(policy) ?? [];
        const text = await answer.text();
        expect(text.match(/<(script|style)\b[^>]*>/g)).toEqual([
          `<style nonce="${nonce}">`,
          `<script nonce="${nonce}">`,
        ]);
        expect(text).not.toMatch(/ (on\w+|style)=/);
        expect(policy).not.toContain("unsafe");
        expect(policy).toMatch(/^default-src 'none';.*frame-ancestors 'none'; base-uri 'none'$/);
        return policy;
      }),
    );
    expect(new Set(policies).size).toBe(2);
  });

  it("what stands in a template is escaped, signs that nobody sees included", () => {
    const hostile = `<script>"'\`&\u202e\u0000`;
    expect(String(html`<p title="${hostile}">${[hostile, undefined, false, 1]}</p>`)).toBe(
      '<p title="&lt;script&gt;&quot;&#39;&#96;&amp;\\u202e\\x00">&lt;script&gt;&quot;&#39;&#96;&amp;\\u202e\\x001</p>',
    );
  });
});
