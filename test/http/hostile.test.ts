/** What a client may send by mistake or by intent, to Node's own server. */
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createConnection } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type HealthOptions, health, nodeListener } from "../../src/http/index.ts";
import { defineRelease } from "../../src/index.ts";
import { testDatabase } from "../support/databases.ts";

type TestDatabase = Awaited<ReturnType<typeof testDatabase>>;

let database: TestDatabase;
let port: number;

const releaseOn = (adapter: TestDatabase["adapter"]) =>
  defineRelease({ app: "app", repos: { main: { adapter, migrations: { "1_a": "select 1" } } } });

beforeAll(async () => {
  database = await testDatabase("sqlite");
  const handler = health(releaseOn(database.adapter), { migrationsPage: true });
  port = await listening(nodeListener(handler));
});
afterAll(() => database.dispose());

async function listening(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  return (server.address() as AddressInfo).port;
}

/** The answer to bytes, which the client does not end unless it is told to. */
function answerTo(text: string, options: { readonly port?: number } = {}): Promise<string> {
  return new Promise((done, failed) => {
    const socket = createConnection({ host: "127.0.0.1", port: options.port ?? port });
    let answer = "";
    socket.on("error", failed).on("close", () => done(answer));
    socket.on("data", (chunk) => {
      answer += chunk;
      socket.end();
    });
    socket.write(text);
  });
}

const statusOf = (answer: string) => Number(answer.split(" ")[1]);
const get = (target: string, host: string) => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const post = (headers: string, body = "") =>
  `POST /migrations HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body}`;

describe("a request that is none", () => {
  it.each([
    ["a Host that is no host", get("/live", "["), 400],
    ["an empty Host", get("/live", ""), 400],
    ["credentials in Host", get("/migrations", "evil:secret@localhost"), 400],
    ["a path in Host", get("/migrations", "localhost/x"), 400],
    ["a port beyond all ports", get("/live", "localhost:99999"), 400],
    ["no path", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
    ["a path that reads as a host", get("//[/migrations", "localhost"), 200],
    ["a method that no Request has", "TRACE /live HTTP/1.1\r\nHost: localhost\r\n\r\n", 405],
    ["the address that a proxy gets", get("http://a:b@other.test/live", "localhost"), 200],
    ["nothing of ours", get("/%00%", "localhost"), 404],
  ])("%s", async (_, text, status) => {
    expect(statusOf(await answerTo(text))).toBe(status);
  });

  it("a path cannot name the host that the page answers to", async () => {
    expect(statusOf(await answerTo(get("//localhost/migrations", "evil.example")))).toBe(403);
    expect(statusOf(await answerTo(get("http://localhost/migrations", "evil.example")))).toBe(403);
  });
});

describe("a body", () => {
  const none = (length: number) => `Content-Length: ${length}`;

  it.each([
    ["to a path that there is not", post(none(9)).replace("/migrations", "/else"), 404],
    ["to a question that takes none", post(none(9)).replace("/migrations", "/live"), 405],
    ["from another site", post(`${none(9)}\r\nOrigin: http://evil.example`), 403],
    ["that is said to be too much", post(none(65_537)), 413],
    ["that is too much", post("Transfer-Encoding: chunked", `11000\r\n${"a".repeat(69_632)}`), 413],
    ["without the token", post(none(7), "token=x"), 403],
  ])("%s is answered without waiting for more of it", async (_, text, status) => {
    const answer = await answerTo(text);
    expect([statusOf(answer), /connection: close/i.test(answer)]).toEqual([
      status,
      !text.endsWith("token=x"),
    ]);
  });

  it("whose client hangs up in the middle harms nobody", async () => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.write(post(none(1_000), "token="), () => socket.destroy());
    await new Promise((done) => socket.once("close", done));
    expect(statusOf(await answerTo(get("/live", "localhost")))).toBe(200);
  });

  it.each([[[1]], [null], [7], [{ token: [null] }], [Buffer.from("token=x")]])(
    "that the framework read before, as %j, is one without the token",
    async (body) => {
      const listener = nodeListener(health(releaseOn(database.adapter), { migrationsPage: true }));
      const parsed = await listening(
        (request, response) => void listener(Object.assign(request, { body }), response),
      );
      const status = statusOf(await answerTo(post(none(0)), { port: parsed }));
      expect([400, 403]).toContain(status);
    },
  );
});

describe("code of the app's", () => {
  it.each<[string, NonNullable<HealthOptions["onError"]>]>([
    ["throws", () => fail()],
    ["rejects", async () => fail()],
  ])("an onError that %s is a warning, and readiness is answered", async (_, onError) => {
    const warnings: string[] = [];
    const hear = ({ message }: Error) => void warnings.push(message);
    process.on("warning", hear);
    onTestFinished(() => void process.off("warning", hear));
    const open = () => Promise.reject(new Error("away"));
    const handler = health(releaseOn({ ...database.adapter, open }), { onError });
    const answer = await handler(new Request("http://localhost/ready"));
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: "not ready", error: expect.any(String) },
    ]);
    await expect.poll(() => warnings).toEqual(["onError of health() threw: mine"]);
  });

  it("a handler that rejects ends its connection and nothing else", async () => {
    const broken = await listening(nodeListener(async () => fail()));
    expect(await answerTo(get("/live", "localhost"), { port: broken })).toBe("");
    expect(statusOf(await answerTo(get("/live", "localhost")))).toBe(200);
  });
});

function fail(): never {
  throw new Error("mine");
}
