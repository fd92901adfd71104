/** Whatever is written to the socket of an app, the app lives on and answers the next caller. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, it } from "vitest";
import { call } from "../../src/rpc/call.ts";
import { type Chance, chanceOf, seedOf } from "../support/random.ts";
import { figuresOf, full } from "./support/figures.ts";

const figures = figuresOf("hostile rpc");
const writes = full ? 100_000 : 3_000;
const atOnce = 30;
const patienceMs = full ? 3_600_000 : 90_000;
const folder = mkdtempSync(join(tmpdir(), "slipway-rpc-"));
const path = join(folder, "app.sock");
let app: ChildProcess;
let ended: number | NodeJS.Signals | null | undefined;

beforeAll(async () => {
  app = spawn(process.execPath, [join(import.meta.dirname, "support/listening-app.ts"), path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  app.once("close", (code, signal) => {
    ended = signal ?? code;
  });
  await new Promise((done) => app.stdout?.once("data", done));
});
afterAll(() => {
  app.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** JSON that is no request, or nearly one. None of them asks the app to stop. */
const documents = [
  ...["null", "7", '"x"', "[]", "{}", "[null]", '{"do":null}', '{"do":"else"}', '{"do":{}}'],
  ...['{"do":"evaluate"}', '{"do":"evaluate","expression":7,"argv":[]}', '{"do":"pid"'],
  ...[
    '{"do":"evaluate","expression":"1","argv":null}',
    '{"__proto__":{"do":"pid"}}',
    '{"do":"pid"}',
  ],
];
/** What an expression may end with. */
const expressions = [
  ...["answer", "argv", "undefined", "10n", "Symbol('x')", "() => 1", "throw null", "throw 7", ")"],
  ...["throw Symbol('x')", "throw Object.create(null)", "Promise.reject(undefined)", "await 1"],
  ..."({ toJSON() { throw 1 } })|throw { toString() { throw 1 } }|console.log('x'.repeat(9999))".split(
    "|",
  ),
  "throw Object.defineProperty(new Error('x'), 'stack', { get() { throw 1 } })",
];

function bytesOf(chance: Chance): Buffer {
  const evaluate = () =>
    JSON.stringify({ do: "evaluate", expression: chance.one(expressions), argv: [] });
  const kinds = [
    () => chance.bytes(400),
    () => Buffer.from(`${chance.one(documents)}\n`),
    () => Buffer.from(`${evaluate()}\n`),
    () => Buffer.from(`${evaluate()}\n${chance.one(documents)}\n${chance.one(documents)}`),
    () => Buffer.concat([Buffer.from(evaluate().slice(0, chance.below(40))), chance.bytes(40)]),
    () => Buffer.alloc(chance.below(20) === 0 ? 1_500_000 : 10, "a"),
  ];
  return chance.one(kinds)();
}

it(
  "closes or answers, and goes on",
  async () => {
    const chance = chanceOf(seedOf("hostile rpc"));
    for (let sent = 0; sent < writes && ended === undefined; sent += atOnce)
      await Promise.all(
        Array.from({ length: atOnce }, () => send(bytesOf(chance), chance.below(3))),
      );
    figures.tell("writes", writes);
    figures.must("the app ended", String(ended), "undefined");
    const answer = await call(
      path,
      { do: "evaluate", expression: "answer", argv: [] },
      {
        hear: { stdout: () => undefined, stderr: () => undefined },
        signal: new AbortController().signal,
      },
    );
    figures.must("the next caller gets", JSON.stringify(answer), '{"kind":"done","value":42}');
  },
  patienceMs,
);

/** Some callers end, some hang up at once. */
function send(bytes: Buffer, leaving: number): Promise<void> {
  return new Promise((done) => {
    const socket = createConnection(path);
    socket.on("error", () => undefined).on("close", () => done());
    socket.resume();
    socket.write(bytes, () => (leaving === 0 ? socket.destroy() : socket.end()));
  });
}
