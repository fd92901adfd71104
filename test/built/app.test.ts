/** A release with an app in it: start, eval, and the socket of the running app. */
import { type ChildProcess, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProject, folderOf, ran, writeProject } from "./support.ts";

const server = `import { createServer } from "node:http";
import { Release } from "../release.ts";

export const answer = 42;
export class Greeter {
  name() {
    return Greeter.name;
  }
}

export function boom() {
  throw new Error("boom");
}

/** As a module is that came from CommonJS, and an app that keeps something going. */
export default { answer };
if (!import.meta.main) setInterval(() => undefined, 60_000);

export async function start() {
  await Release.listen({ scope: { answer } });
  const server = createServer((_, response) => response.end("hello"));
  process.on("SIGTERM", () => {
    console.log("stopping");
    server.close();
  });
  server.listen(0, () => console.log("started", ...process.argv.slice(2)));
}

// Loaded by eval, it is not started.
if (import.meta.main) await start();
`;

const folder = folderOf("app");
let root = "";
const env = { SLIPWAY_NODE: process.execPath, RELEASE_TMP: join(folder.path, "tmp") };
const bin = (...args: readonly string[]) => ran(join(root, "bin/my_app"), args, { env });

beforeAll(async () => {
  const project = writeProject(folder.path, { "src/server.ts": server });
  root = await buildProject(project, "--app", "src/server.ts", "--quiet");
});
afterAll(() => folder.remove());

describe("eval", () => {
  it.each([
    [
      "the app's exports and the words behind it",
      "console.log(answer, argv)",
      "42 [ 'a', '--json' ]\n",
    ],
    ["the names of the app's own classes", "console.log(new Greeter().name())", "Greeter\n"],
    [
      "the release",
      "console.log(Release.app, Release.version, Release.repos())",
      "my_app 2.0.0 [ 'main' ]\n",
    ],
    ["await at the top level", "console.log(await Promise.resolve(answer))", "42\n"],
    ["several statements", "const x = answer; console.log(x);", "42\n"],
    ["a promise that is not awaited", "Promise.resolve().then(() => console.log(1));", "1\n"],
    ["imports", 'console.log((await import("node:path")).sep)', "/\n"],
  ])("has %s", async (_, expression, stdout) => {
    expect(await bin("eval", expression, "a", "--json")).toEqual({ code: 0, stdout, stderr: "" });
  });

  it("--json before the expression gives what it comes to", async () => {
    expect(JSON.parse((await bin("eval", "--json", "({ answer })")).stdout)).toEqual({
      answer: 42,
    });
  });

  it("a throw is exit code 1 and a stack trace that names the user's line", async () => {
    const { code, stdout, stderr } = await bin("eval", "boom()");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^Error: boom\n {4}at boom \(src\/server\.ts:12:9\)\n {4}at eval \(expression:1:1\)\n/,
    );
    expect(stderr).toContain("error: the expression failed: boom\n");
  });

  it.each([
    ["nothing", [], 2, "error: bin/my_app eval expects an expression as argument"],
    [
      "what cannot be read",
      ["Release.migrate("],
      1,
      "error: the expression failed: Unexpected end of input",
    ],
    [
      "an address that is not set",
      ["Release.migrate()"],
      2,
      "error: the environment variable DATABASE_URL is not set",
    ],
    [
      "the spelling of Elixir",
      ["MyApp.Release.migrate(step: 1)"],
      2,
      "hint: Write it as JavaScript: bin/my_app eval 'Release.migrate({ step: 1 })'",
    ],
  ] as const)("%s is told", async (_, args, code, line) => {
    const given = await bin("eval", ...args);
    expect(given).toMatchObject({ code, stdout: "" });
    expect(given.stderr.split("\n")).toContain(line);
  });
});

describe("the app that runs", () => {
  let app: ChildProcess;
  let output = "";
  const said = async (text: string) => {
    while (!output.includes(text)) await new Promise((done) => app.stdout?.once("data", done));
  };

  beforeAll(async () => {
    app = spawn(join(root, "bin/my_app"), ["start", "one", "two"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    app.stdout?.on("data", (chunk) => {
      output += chunk;
    });
    await said("started one two\n");
  });
  afterAll(() => app.kill("SIGKILL"));

  it("is the process of the launcher, so that signals reach it", async () => {
    expect(await bin("pid")).toEqual({ code: 0, stdout: `${app.pid}\n`, stderr: "" });
  });

  it("has a socket that its owner alone may use", () => {
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect([mode(env.RELEASE_TMP), mode(join(env.RELEASE_TMP, "my_app.sock"))]).toEqual([
      0o700, 0o600,
    ]);
  });

  it("rpc evaluates in it, and gives its output to the caller", async () => {
    const expression = "console.log(process.pid, answer, argv); console.error(Release.app)";
    expect(await bin("rpc", expression, "a")).toEqual({
      code: 0,
      stdout: `${app.pid} 42 [ 'a' ]\n`,
      stderr: "my_app\n",
    });
    expect(JSON.parse((await bin("rpc", "--json", "Promise.resolve({ answer })")).stdout)).toEqual({
      answer: 42,
    });
  });

  it("a throw in it is told with its trace, and it goes on", async () => {
    const { code, stderr } = await bin("rpc", "throw new TypeError('no')");
    expect({ code, first: stderr.split("\n")[0] }).toEqual({ code: 1, first: "TypeError: no" });
    const elixir = await bin("rpc", "Release.migration_status()");
    expect(elixir).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "error: Release.migration_status(): Release.migration_status is not a function\nhint: Write it as JavaScript: bin/my_app rpc 'Release.migrationStatus()'\n",
    });
    const unknown = await bin("rpc", "Release.migrate({ repo: 'nowhere' })");
    expect(unknown).toEqual(await bin("eval", "Release.migrate({ repo: 'nowhere' })"));
    expect(unknown.stderr).toMatch(/^error: .*nowhere.*\nhint: /);
    expect((await bin("rpc")).stderr).toContain("bin/my_app rpc expects an expression");
  });

  it("stop ends it and waits for that; then nobody answers", async () => {
    const ended = new Promise((done) => app.once("close", done));
    expect(await bin("stop")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await ended).toBe(0);
    expect(output).toContain("stopping\n");
    const { code, stderr } = await bin("pid");
    expect(code).toBe(1);
    expect(stderr).toContain("error: no app answers on ");
  });
});

it("a release without an app has nothing to start", async () => {
  const project = join(folder.path, "project");
  const bare = await buildProject(
    project,
    "--out",
    join(project, "_release/my_app"),
    "--overwrite",
  );
  const { code, stderr } = await ran(join(bare, "bin/server"), [], { env });
  expect({ code, line: stderr.split("\n")[0] }).toEqual({
    code: 2,
    line: "error: this release has no app to start",
  });
});
