/** `onEvent` against a real server that takes, fails, hangs and is not there. */
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { defineMigration, defineRelease, type OnEvent } from "slipway";
import { slack, webhook } from "slipway/notify";
import { sqlite } from "slipway/sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deliverer } from "../../src/notify/deliver.ts";

type Request = { readonly headers: IncomingHttpHeaders; readonly body: string };

let server: Server;
let url = "";
let requests: Request[];
/** What the server answers, request by request; the last one lasts. `hang`: nothing. */
let answers: (number | "hang")[];
let warnings: string[];
/** Where a redirect leads. */
let location: string;

beforeEach(async () => {
  requests = [];
  answers = [200];
  warnings = [];
  location = "/";
  vi.spyOn(process, "emitWarning").mockImplementation((text) => void warnings.push(String(text)));
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    requests.push({ headers: request.headers, body });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer !== "hang") response.writeHead(answer ?? 200, { location }).end("ok");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=s3cret`;
});
afterEach(async () => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const posts = defineMigration({ change: (m) => m.createTable("posts", (t) => t.id()) });

async function migrate(onEvent: OnEvent | readonly OnEvent[], migrations: object = {}) {
  const main = {
    adapter: sqlite({ path: ":memory:" }),
    migrations: { "1_posts": posts, ...migrations },
    dataMigrations: {},
  };
  const release = defineRelease({ app: "blog", version: "1.2.0", repos: { main }, onEvent });
  return release.using({ emit: () => undefined, host: "web-1" }).migrate();
}

describe("webhook", () => {
  it("sends what ended, signed as Standard Webhooks are", async () => {
    const secret = `whsec_${Buffer.from("a secret of 24 bytes....").toString("base64")}`;
    await migrate(webhook({ url, secret }));
    expect(requests).toHaveLength(1);
    const { headers, body } = requests[0]!;
    const { type, data } = JSON.parse(body);
    expect({ type, app: data.app, version: data.version, host: data.host }).toEqual({
      type: "migration_finished",
      app: "blog",
      version: "1.2.0",
      host: "web-1",
    });
    expect(data.event.migration).toEqual({ repo: "main", version: "1", name: "posts" });
    const content = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    const mac = createHmac("sha256", "a secret of 24 bytes....").update(content).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${mac}`);
    expect(warnings).toEqual([]);
  });

  it("tries again behind a 500, with the same id, and keeps the order", async () => {
    answers = [500, 503, 200];
    await migrate(webhook({ url, events: ["migration_started", "migration_finished"] }));
    const types = requests.map(({ body }) => JSON.parse(body).type);
    expect(types).toEqual([
      "migration_started",
      "migration_started",
      "migration_started",
      "migration_finished",
    ]);
    expect(new Set(requests.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
    expect(warnings).toEqual([]);
  });

  it("leaves a request that is refused, says so once and without the address", async () => {
    answers = [403];
    const [outcome] = await migrate(
      webhook({ url, events: ["migration_started", "migration_finished"] }),
    );
    expect(outcome?.migrations).toHaveLength(1);
    expect(requests).toHaveLength(2);
    const { port } = server.address() as AddressInfo;
    expect(warnings).toEqual([
      `onEvent failed, and the run continues: 127.0.0.1:${port} did not take the message: HTTP 403`,
    ]);
  });

  it("gives up on a server that hangs, and the run has gone on meanwhile", async () => {
    answers = ["hang"];
    const [outcome] = await migrate(webhook({ url, timeoutMs: 100, tries: 2 }));
    expect(outcome?.migrations).toHaveLength(1);
    expect(requests).toHaveLength(2);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/onEvent failed, and the run continues: .*timeout/);
  });

  it("gives up on a server that is not there", async () => {
    await new Promise((done) => server.close(done));
    await migrate(webhook({ url, tries: 2 }));
    expect(warnings).toEqual([
      expect.stringMatching(/127\.0\.0\.1:\d+ did not take the message: .*ECONNREFUSED/),
    ]);
  });

  it("sends nothing where the function of its address gives nothing", async () => {
    await migrate(webhook({ url: () => undefined }));
    expect(requests).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

describe("an address that is hostile or wrong", () => {
  it("is asked once where it redirects, and nothing is sent on", async () => {
    const followed: string[] = [];
    const other = createServer((request, response) => {
      followed.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/stolen`;
    answers = [307];
    await migrate(webhook({ url }));
    await new Promise((done) => other.close(done));
    expect({ requests: requests.length, followed }).toEqual({ requests: 1, followed: [] });
    expect(warnings).toEqual([expect.stringMatching(/: HTTP 307, a redirect.* not followed$/)]);
  });

  it.each([
    ["no URL", "hook?key=s3cret", "the address is no URL"],
    ["a file", "file:///s3cret", "the address begins with file:, not with https:"],
    ["a password", "http://u:s3cret@127.0.0.1:1/s3cret", "the address holds a user or a password"],
  ])("is refused where it is %s, and not shown", async (_, given, words) => {
    await migrate([webhook({ url: given }), slack({ webhookUrl: given })]);
    expect(warnings).toEqual([expect.stringContaining(`no message was sent: ${words}`)]);
    expect(warnings[0]).not.toContain("s3cret");
  });

  it("holds a thousand messages and no more, and lets go of all of them when the run ends", async () => {
    answers = ["hang"];
    const over = new AbortController();
    const send = deliverer({ timeoutMs: 60_000, tries: 3 });
    let made = 0;
    const make = () => {
      made += 1;
      return { url, headers: {}, body: "{}" };
    };
    const all = Promise.allSettled(Array.from({ length: 1_500 }, () => send(make, over.signal)));
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    over.abort();
    const reasons = (await all).map((end) => (end.status === "rejected" ? end.reason : undefined));
    expect(reasons.filter((why) => /1000 messages wait already/.test(why?.message))).toHaveLength(
      500,
    );
    expect(reasons.filter((why) => why === undefined)).toEqual([]);
    expect(requests).toHaveLength(1);
    answers = [200];
    await send(make, new AbortController().signal);
    expect({ requests: requests.length, made: made < 1_500 }).toEqual({ requests: 2, made: true });
  });
});

describe("slack", () => {
  it("cuts a long line, and no sign of it in two", async () => {
    const words = `'${"😀<".repeat(2_000)}'`;
    const broken = { "2_bad": { up: `select * from nowhere where x = ${words}`, down: "" } };
    await expect(migrate(slack({ webhookUrl: url }), broken)).rejects.toThrow(/nowhere/);
    const text = JSON.parse(requests.at(-1)!.body).text as string;
    expect(text.isWellFormed()).toBe(true);
    expect(text).not.toMatch(/&(?!lt;|gt;|amp;)/);
    expect(text).toMatch(/blog 1\.2\.0 on web-1, repo main$/);
  });

  it("sends a line, in which nothing is a link or a mention", async () => {
    const broken = {
      "2_bad": { up: "insert into nowhere values ('<!channel> & more')", down: "" },
    };
    await expect(migrate(slack({ webhookUrl: url }), broken)).rejects.toThrow(/nowhere/);
    const texts = requests.map(({ body }) => JSON.parse(body).text as string);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toMatch(/^== Migrated 1 in \d+\.\ds\nblog 1\.2\.0 on web-1, repo main$/);
    expect(texts[1]).toContain("== Failed 2");
    expect(texts[1]).not.toContain("<");
  });
});

const thrower =
  (what: unknown): OnEvent =>
  () => {
    throw what;
  };

describe("a listener of one's own", () => {
  it("hears each event but SQL, and may throw", async () => {
    const heard: string[] = [];
    const bad: OnEvent = () => {
      throw new Error("it is broken");
    };
    const good: OnEvent = ({ event }) => void heard.push(event.type);
    await migrate([bad, good]);
    expect(heard).toEqual(["migration_started", "operation", "migration_finished"]);
    expect(warnings).toEqual(["onEvent failed, and the run continues: it is broken"]);
  });

  it.each<[string, OnEvent, string]>([
    ["throws undefined", () => Promise.reject(), "undefined"],
    ["throws null at once", thrower(null), "null"],
    ["throws what has no text", thrower(Object.create(null)), "what it threw has no message"],
    ["throws a symbol", () => Promise.reject(Symbol("odd")), "Symbol(odd)"],
    [
      "throws an error whose message is none",
      thrower(Object.assign(new Error(), { message: 5 })),
      "5",
    ],
    [
      "shows a password in its error",
      () => Promise.reject(new Error("no postgres://u:s3cret@db/app")),
      "no postgres://u:***@db/app",
    ],
  ])("may be one that %s", async (_, bad, words) => {
    const [outcome] = await migrate(bad);
    expect(outcome?.migrations).toHaveLength(1);
    expect(warnings).toEqual([`onEvent failed, and the run continues: ${words}`]);
  });

  it("may give a query builder, which works when somebody waits for it", async () => {
    const written: string[] = [];
    const builder = (row: string) => ({
      // biome-ignore lint/suspicious/noThenProperty: as query builders have it
      then: (done: (value: unknown) => void) => done(written.push(row)),
    });
    await migrate(({ event }) => builder(event.type));
    expect(written).toEqual(["migration_started", "operation", "migration_finished"]);
  });

  it("holds the end of a run for no more than five seconds", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let isAborted = false;
    const never: OnEvent = (_, { signal }) => {
      signal.addEventListener("abort", () => {
        isAborted = true;
      });
      return new Promise(() => undefined);
    };
    const run = migrate(never);
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1), { timeout: 5_000 });
    await vi.advanceTimersByTimeAsync(5_000);
    await run;
    vi.useRealTimers();
    expect(isAborted).toBe(true);
    expect(warnings).toEqual(["onEvent failed, and the run continues: it took longer than 5 s"]);
  });
});
