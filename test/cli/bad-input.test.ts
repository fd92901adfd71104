import { afterEach, describe, expect, it } from "vitest";
import {
  linesOf,
  makeProject,
  type Project,
  sqliteRelease,
  tableMigration,
  twoMigrations,
} from "./project.ts";

let project: Project;

afterEach(() => project.remove());

const millisecondsFrom = (least: number) =>
  `a whole number of milliseconds from ${least} to 2147483647`;

describe("a flag with a bad value", () => {
  const version = "a version such as 20210718153339";
  it.each<[args: string[], error: string]>([
    [["migrate", "--step", "0"], "--step is 0, which is not a whole number from 1"],
    [["migrate", "-n", "1.5"], "--step is 1.5, which is not a whole number from 1"],
    [["migrate", "--step", "-1"], "--step is -1, which is not a whole number from 1"],
    [["migrate", "--to", "2021x"], `--to is 2021x, which is not ${version}`],
    [
      ["migrate", "--to-exclusive", "9223372036854775808"],
      `--to-exclusive is 9223372036854775808, which is not ${version}`,
    ],
    [["migrate", "--lock-wait", "soon"], "--lock-wait is soon, which is not a number of seconds"],
    [
      ["migrate", "--lock-timeout", "0"],
      `--lock-timeout is 0, which is not ${millisecondsFrom(1)}`,
    ],
    [
      ["rollback", "--lock-timeout", "1s"],
      `--lock-timeout is 1s, which is not ${millisecondsFrom(1)}`,
    ],
    [
      ["migrate-data", "--statement-timeout", "-1"],
      `--statement-timeout is -1, which is not ${millisecondsFrom(0)}`,
    ],
    [["migrate", "--retry-for", "1.5"], `--retry-for is 1.5, which is not ${millisecondsFrom(0)}`],
    [
      ["migrate", "--online-timeout", "2147483648"],
      `--online-timeout is 2147483648, which is not ${millisecondsFrom(0)}`,
    ],
    [
      ["migrate", "--end-idle-blockers-after", "0"],
      `--end-idle-blockers-after is 0, which is not ${millisecondsFrom(1)}`,
    ],
    [["migrate", "--on-blocked", "kill"], "--on-blocked is kill, which is not wait or fail"],
    [["migrate", "--online-ddl", "yes"], "--online-ddl is yes, which is not require or allow-copy"],
    [["migrate", "--repo", "nope"], "the release has no repo nope"],
    [["migrate", "--repo", ""], '--repo is "", which is not a name'],
    [["migrate", "--prefix", ""], '--prefix is "", which is not a name'],
    [["migrate", "--migrations-path", ""], '--migrations-path is "", which is not a path'],
    [["migrate", "--step", "1", "--all"], "--all and --step exclude each other"],
    [["migrate", "--to"], "option --to <version> argument missing"],
    [["migrate-data", "--step", "x"], "--step is x, which is not a whole number from 1"],
    [["plan", "--to", "x"], `--to is x, which is not ${version}`],
    [["status", "--repo", "nope"], "the release has no repo nope"],
    [["create", "--repo", "nope"], "the release has no repo nope"],
    [["drop", "--yes", "--repo", "nope"], "the release has no repo nope"],
    [
      ["gen", "release", "--adapter", "x"],
      "--adapter is x, which is not one of postgres, postgres-js, neon, pglite, sqlite, better-sqlite3, libsql, mysql, mariadb",
    ],
    [["migrate", "3"], "too many arguments for migrate. Expected 0 arguments but got 1: 3"],
    [["migrate", "--release", "nope.ts"], "no release file found: looked for nope.ts"],
  ])("%j is one line, a hint and exit code 2", async (args, error) => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    const ran = await project.run(args);
    expect(ran.code).toBe(2);
    expect(linesOf(ran)).toEqual([`error: ${error}`, expect.stringMatching(/^hint: \S/)]);
    expect(project.has("main.db")).toBe(false);
  });

  it("versions beyond 2^53 are exact", async () => {
    const files = {
      "db/main/migrations/9007199254740993_a.ts": tableMigration("a"),
      "db/main/migrations/9007199254740994_b.ts": tableMigration("b"),
    };
    project = makeProject({ "release.ts": sqliteRelease, ...files });
    await project.run(["migrate", "--to", "9007199254740993"]);
    const { stdout } = await project.run(["status"]);
    expect(stdout).toContain("up        9007199254740993a".replace("3a", "3"));
    expect(stdout).toContain("down      9007199254740994");
  });
});

describe("a word that is not known", () => {
  it.each<[args: string[], error: string, hint: string]>([
    [["migrat"], "unknown command migrat", "Did you mean migrate?"],
    [["drpo"], "unknown command drpo", "See: slipway --help"],
    [["backfill", "cancle"], "unknown command cancle", "See: slipway backfill --help"],
    [["ecto.migrate"], "unknown command ecto.migrate", "That is slipway migrate here."],
    [["db:rollback"], "unknown command db:rollback", "That is slipway rollback here."],
    [["new", "posts"], "unknown command new", "That is slipway gen migration here."],
    [
      ["migrate", "deploy"],
      "too many arguments for migrate. Expected 0 arguments but got 1: deploy",
      "That is slipway migrate here.",
    ],
    [["gen", "migratoin"], "unknown command migratoin", "Did you mean migration?"],
    [["migrate", "--stepp", "1"], "unknown option --stepp", "Did you mean --step?"],
    [
      ["gen", "migration", "x", "--nope"],
      "unknown option --nope",
      "See: slipway gen migration --help",
    ],
  ])("%j gets a suggestion", async (args, error, hint) => {
    project = makeProject({ "release.ts": sqliteRelease });
    const ran = await project.run(args);
    expect(ran.code).toBe(2);
    expect(linesOf(ran)).toEqual([`error: ${error}`, `hint: ${hint}`]);
  });

  it("no command at all is help on stderr and exit code 2", async () => {
    project = makeProject();
    const { code, stdout, stderr } = await project.run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: slipway /);
  });
});

describe("a release file that does not work", () => {
  it("a missing one says where it was looked for", async () => {
    project = makeProject({ "sub/x": "" });
    const ran = await project.run(["status"], { cwd: "sub" });
    expect(ran.code).toBe(2);
    expect(linesOf(ran)).toEqual([
      "error: no release file found: looked for release.{ts,mts,js,mjs}, " +
        `src/release.{ts,mts,js,mjs} in ${project.folder}/sub and up to ${project.folder}`,
      "hint: Write one with slipway init, or name it with --release PATH.",
    ]);
  });

  it.each<[what: string, text: string, error: string | RegExp]>([
    [
      "no release",
      "export const x = 1;",
      "release.ts cannot be used: it exports x, but no release",
    ],
    ["an empty file", "", "release.ts cannot be used: it exports nothing, but no release"],
    [
      "a syntax error",
      "export const Release = {\n  a: 1\n  b: 2,\n};",
      /^release\.ts cannot be used: .*\(release\.ts:3\)$/,
    ],
    [
      "JavaScript's own",
      "\nnull.x;",
      /^release\.ts cannot be used: Cannot read .* \(release\.ts:2\)$/,
    ],
    [
      "a missing package",
      'import "nope";',
      /^release\.ts cannot be used: Cannot find package 'nope' imported from release\.ts$/,
    ],
    [
      "a wrong option",
      sqliteRelease.replace("main: {", "main: { migratoins: 1,"),
      "repo main has no option migratoins",
    ],
  ])("%s is told", async (_what, text, error) => {
    project = makeProject({ "release.ts": text });
    const ran = await project.run(["status"]);
    expect(ran.code).toBe(2);
    const [first = ""] = linesOf(ran);
    if (typeof error === "string") expect(first).toBe(`error: ${error}`);
    else expect(first.replace("error: ", "")).toMatch(error);
  });

  it.each(["release.mts", "release.js", "release.mjs", "src/release.ts"])(
    "%s is found, also from below",
    async (file) => {
      project = makeProject({ [file]: sqliteRelease, ...twoMigrations, "sub/deep/x": "" });
      expect(await project.run(["status"], { cwd: "sub/deep" })).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(
          /^warning: repo main: there is no database at \S+ yet; .*\n$/,
        ),
      });
    },
  );

  it("SLIPWAY_RELEASE names it, and --release wins", async () => {
    project = makeProject({
      "a.ts": sqliteRelease,
      "b.ts": sqliteRelease.replace("my_app", "other_app"),
    });
    const env = { SLIPWAY_RELEASE: "a.ts" };
    expect((await project.run(["version"], { env })).stdout).toContain("my_app 1.2.3\n");
    expect((await project.run(["version", "--release", "b.ts"], { env })).stdout).toContain(
      "other_app 1.2.3\n",
    );
  });
});

describe("migrations that cannot be used", () => {
  it.each<[what: string, files: { readonly [file: string]: string }, code: number, error: RegExp]>([
    [
      "a syntax error",
      { "3_bad.ts": "export default {\n  change(m) { (\n" },
      2,
      /3_bad\.ts cannot be loaded: .*3_bad\.ts:\d/,
    ],
    [
      "one that throws",
      { "3_bad.ts": 'throw new Error("boom");' },
      2,
      /3_bad\.ts cannot be loaded: boom/,
    ],
    [
      "no migration",
      { "3_bad.ts": "export const x = 1;" },
      2,
      /3_bad\.ts does not define a migration/,
    ],
    ["an empty file", { "3_bad.ts": "" }, 2, /3_bad\.ts: it is empty/],
    ["an empty SQL file", { "3_bad.sql": "" }, 2, /3_bad\.sql: it is empty/],
    [
      "two with one version",
      { "2_other.ts": tableMigration("other") },
      4,
      /migration version 2 is duplicated: .*2_other\.ts, .*2_posts\.ts|2_posts\.ts, .*2_other\.ts/,
    ],
  ])("%s: refused before anything ran", async (_what, files, code, error) => {
    const inFolder = Object.entries(files).map(([file, text]) => [
      `db/main/migrations/${file}`,
      text,
    ]);
    project = makeProject({
      "release.ts": sqliteRelease,
      ...twoMigrations,
      ...Object.fromEntries(inFolder),
    });
    const ran = await project.run(["migrate"]);
    expect(ran.code).toBe(code);
    const [first, second] = linesOf(ran);
    expect(first).toMatch(/^error: /);
    expect(first).toMatch(error);
    expect(second).toMatch(/^hint: /);
    expect(ran.stderr).not.toContain("== Running");
  });

  it("several at once are one line each", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "db/main/migrations/1_a.ts": "",
      "db/main/migrations/2_b.ts": 'throw new Error("boom");',
    });
    const ran = await project.run(["migrate"]);
    expect(ran.code).toBe(2);
    expect(linesOf(ran).map((line) => line.split(" ")[0])).toEqual([
      "error:",
      "error:",
      "hint:",
      "hint:",
    ]);
    const { error } = JSON.parse((await project.run(["migrate", "--json"])).stdout);
    expect(error.code).toBe("several");
    expect(error.details.errors.map(({ code }: { code: string }) => code).toSorted()).toEqual([
      "migration_invalid",
      "migration_unloadable",
    ]);
  });
});
