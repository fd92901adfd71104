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

  it("is nowhere but on its path", async () => {
    const pages = dashboard(release, { authorize, path: "/a/b" });
    expect((await pages(new Request("http://blog.test/a/b/"))).status).toBe(200);
    for (const path of ["/", "/a", "/a/bc", "/a/%62/"])
      expect((await pages(new Request(`http://blog.test${path}`))).status, path).toBe(404);
    expect(() => dashboard(release, { path: "slipway" })).toThrow(/must be a path/);
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
