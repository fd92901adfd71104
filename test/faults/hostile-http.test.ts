/** Whatever a client sends to slipway/http, on Node's own server and under each framework, the app lives on. */
import { type ChildProcess, spawn } from "node:child_process";
import { createConnection } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chanceOf, seedOf } from "../support/random.ts";
import { figuresOf, full, progress } from "./support/figures.ts";
import { type RawRequest, rawRequest } from "./support/raw-requests.ts";

const figures = figuresOf("hostile http");
const requests = full ? 100_000 : 5_000;
const atOnce = 40;
const patienceMs = full ? 1_800_000 : 90_000;
/** What the health of an app may answer; Node and the frameworks have more of their own, below 500. */
const most = 503;

let app: ChildProcess;
let ended: number | NodeJS.Signals | null | undefined;
let ports: { readonly [name: string]: number };

beforeAll(async () => {
  app = spawn(process.execPath, [join(import.meta.dirname, "support/http-servers.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_ENV: "development" },
  });
  app.once("close", (code, signal) => {
    ended = signal ?? code;
  });
  ports = JSON.parse(String(await new Promise((done) => app.stdout?.once("data", done))));
});
afterAll(() => app.kill("SIGKILL"));

it(
  "answers or hangs up, and goes on",
  async () => {
    const chance = chanceOf(seedOf("hostile http"));
    const names = Object.keys(ports);
    const seen = new Map<number, number>();
    for (let sent = 0; sent < requests && ended === undefined; sent += atOnce) {
      const batch = Array.from({ length: atOnce }, (_, i) => {
        const name = names[(sent + i) % names.length]!;
        return send(ports[name]!, rawRequest(chance));
      });
      for (const status of await Promise.all(batch)) seen.set(status, (seen.get(status) ?? 0) + 1);
      if (sent % 10_000 === 0) progress(`${sent} requests`);
    }
    const statuses = [...seen].filter(([status]) => status !== 0).sort(([a], [b]) => a - b);
    figures.tell("requests", requests);
    figures.tell("answers", statuses.map(([status, count]) => `${status}: ${count}`).join(", "));
    figures.must("the process ended", String(ended), "undefined");
    const failures = statuses.map(([status]) => status).filter((status) => status >= 500);
    figures.must("answers of 500 and more, but for readiness", failures.join(), `${most}`);
    const lives = await Promise.all(
      names.map(
        async (name) => (await fetch(`http://127.0.0.1:${ports[name]}/health/live`)).status,
      ),
    );
    expect(lives).toEqual(names.map(() => 200));
  },
  patienceMs,
);

/** The status of the first answer; 0 where there is none. */
function send(port: number, { bytes, hangsUp }: RawRequest): Promise<number> {
  return new Promise((done) => {
    let answer = "";
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("close", () => done(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)));
    socket.write(bytes, () => {
      if (hangsUp) socket.destroy();
      else socket.end();
    });
  });
}
