import { afterEach, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { wantsColour } from "../../src/cli/colour.ts";
import { redactAll } from "../../src/cli/redact.ts";
import { documentOf, makeProject, type Project, sqliteRelease, twoMigrations } from "./project.ts";

let project: Project;

afterEach(() => project?.remove());

describe("version and help", () => {
  it("version says which slipway, and which app when there is a release", async () => {
    project = makeProject();
    expect((await project.run(["version"])).stdout).toBe(`slipway ${packageJson.version}\n`);
    expect((await project.run(["--version"])).stdout).toBe(`slipway ${packageJson.version}\n`);
    project.write("release.ts", sqliteRelease);
    expect((await project.run(["version"])).stdout).toBe(
      `slipway ${packageJson.version}\nmy_app 1.2.3\n`,
    );
    expect(documentOf(await project.run(["version", "--json"]))).toEqual({
      slipway: packageJson.version,
      app: "my_app",
      version: "1.2.3",
    });
  });

  it.each([["--help"], ["migrate", "--help"], ["gen", "--help"], ["gen", "migration", "-h"]])(
    "help goes to stdout: %s %s",
    async (...args) => {
      project = makeProject();
      const { code, stdout, stderr } = await project.run(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/^Usage: slipway /);
    },
  );
});

it("with --json what a migration logs goes to stderr, and stdout is one document", async () => {
  const logs = `console.log("from the module"); console.info("as well");
import { defineMigration } from "slipway";
export default defineMigration({ change: (m) => m.createTable("a", (t) => t.id()) });
`;
  project = makeProject({ "release.ts": sqliteRelease, "db/main/migrations/1_a.ts": logs });
  const migrated = await project.run(["migrate", "--json"]);
  expect(documentOf(migrated)).toMatchObject({ repos: [{ migrations: [{ version: "1" }] }] });
  expect(migrated.stderr).toContain("from the module\nas well\n");
  const { stdout } = await project.run(["rollback", "main", "1", "--yes"]);
  expect(stdout).toContain("from the module");
});

it("in CI each line of a run begins with the time", async () => {
  project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
  const { code, stdout, stderr } = await project.run(["migrate"], { env: { CI: "true" } });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  const lines = stderr.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter((line) => !/^\d\d:\d\d:\d\d \S/.test(line))).toEqual([]);
});

describe("colours", () => {
  it("none without a terminal; FORCE_COLOR asks for them", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    const colour = "\u001b[";
    expect((await project.run(["nope"])).stderr).not.toContain(colour);
    expect((await project.run(["nope"], { env: { FORCE_COLOR: "1" } })).stderr).toContain(colour);
    const status = await project.run(["status"], { env: { FORCE_COLOR: "1" } });
    expect(status.stdout).not.toContain(colour);
  });

  it.each<[env: { [name: string]: string }, terminal: boolean, colours: boolean]>([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ CI: "true" }, true, false],
    [{ TERM: "dumb" }, true, false],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
  ])("%j on a terminal: %s → %s", (env, isTerminal, colours) => {
    expect(wantsColour(env, { isTerminal })).toBe(colours);
  });
});

describe("passwords", () => {
  it("are looked for in all of the details", () => {
    const details = {
      urls: ["a://b:c@d"],
      inner: { text: "a://b:c@d", n: 1, none: null },
      hint: "Write it as a://user:password@host, with @ percent-encoded, and not a://b:c@d",
    };
    expect(redactAll(details)).toEqual({
      urls: ["a://b:***@d"],
      inner: { text: "a://b:***@d", n: 1, none: null },
      hint: "Write it as a://user:password@host, with @ percent-encoded, and not a://b:***@d",
    });
  });
});

describe("the process", () => {
  it("says in one line that Node is too old, and ends with exit code 2", async () => {
    project = makeProject({ "release.ts": sqliteRelease });
    const old = "Object.defineProperty(process,'versions',{value:{node:'20.19.0'}})";
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(old)}`;
    const { code, stdout, stderr } = await project.run(["status"], { env: { NODE_OPTIONS } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /^error: slipway needs Node 22\.18 or newer, and this is 20\.19\.0\nhint: .*\n$/,
    );
  });

  it("goes on to its end, quietly, when nobody reads stdout any more", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    const running = project.start(["migrate", "--json"]);
    running.stopReading();
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 0, stderr: expect.not.stringContaining("EPIPE") });
    expect((await project.run(["status", "--check"])).code).toBe(0);
  });
});
