import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  documentOf,
  linesOf,
  makeProject,
  type Project,
  sqliteRelease,
  tableMigration,
} from "./project.ts";

const later = tableMigration("b").replace("change(m)", 'phase: "after",\n  change(m)');

let project: Project;
beforeEach(() => {
  project = makeProject({
    "release.ts": sqliteRelease,
    "db/main/migrations/1_a.ts": tableMigration("a"),
    "db/main/migrations/2_b.ts": later,
    "db/main/migrations/3_c.sql": "create table c (id integer);",
  });
});
afterEach(() => project.remove());

describe("wait", () => {
  it("ends with 3 when its time is over, and names what is missing", async () => {
    const ran = await project.run(["wait", "--timeout", "0"]);
    expect([ran.code, linesOf(ran)]).toEqual([
      3,
      [
        "error: not ready after 0 s: repo main waits for 1_a, 3_c, which nobody runs",
        "hint: Run migrate, or see why the job that does so has not.",
      ],
    ]);
    expect(project.has("main.db")).toBe(false);
    const { code, ...document } = await project.run(["wait", "--timeout", "0", "--json"]);
    expect([code, documentOf({ code, ...document })]).toMatchObject([
      3,
      { error: { code: "wait_timed_out", details: { repos: [{ repo: "main" }] } } },
    ]);
  });

  it("ends with 0 when only what runs after the deploy is pending, and with 4 on a database that is too new", async () => {
    const waiting = project.start(["wait", "--timeout", "60"]);
    await waiting.said("repo main: waiting for 1_a, 3_c, which nobody runs");
    expect((await project.run(["migrate", "--phase", "before"])).code).toBe(0);
    expect((await project.run(["migrate", "--phase", "before"])).stderr).toBe(
      "repo main: nothing to run in phase before; 1 is pending\n",
    );
    expect(await waiting.ended).toMatchObject({
      code: 0,
      stdout: "repo main: ready (1 pending for after the deploy)\n",
    });
    expect((await project.run(["migrate", "--phase", "after"])).code).toBe(0);
    project.write("old/release.ts", sqliteRelease.replace("main.db", "../main.db"));
    project.write("old/package.json", "{}");
    project.write("old/db/main/migrations/1_a.ts", tableMigration("a"));
    const refused = await project.run(["wait"], { cwd: "old" });
    expect([refused.code, linesOf(refused)[0]]).toEqual([
      4,
      "error: repo main: this release does not know what has run: 2_b runs when the code before it is gone (after)",
    ]);
    expect(await project.run(["wait", "--allow-newer"], { cwd: "old" })).toMatchObject({
      code: 0,
      stdout: "repo main: ready (1 newer than this release)\n",
    });
  });

  it("stops at a signal", async () => {
    const waiting = project.start(["wait"]);
    await waiting.said("waiting for");
    waiting.kill("SIGTERM");
    expect((await waiting.ended).code).toBe(143);
  });

  it.each([
    [["wait", "--timeout", "soon"], "error: --timeout is soon, which is not a number of seconds"],
    [["migrate", "--phase", "later"], "error: --phase is later, which is not one of before, after"],
    [["migrate-data", "--phase", "after"], "error: unknown option --phase"],
  ])("refuses %j", async (args, line) => {
    const ran = await project.run(args);
    expect([ran.code, linesOf(ran)[0]]).toEqual([2, line]);
  });
});

describe("a setting of a migration", () => {
  it.each([
    ['phase: "later"', "phase is not before or after"],
    [
      "requires: { data: 1.5 }",
      "requires is not the version of a data migration, or of a migration",
    ],
    ["requires: { date: 1 }", "requires is not the version of a data migration, or of a migration"],
    ['compatibleFrom: "2"', "compatibleFrom is not a version of the app"],
  ])("%s is refused", async (setting, reason) => {
    const text = tableMigration("d").replace("change(m)", `${setting},\n  change(m)`);
    project.write("db/main/migrations/4_d.ts", text);
    const ran = await project.run(["migrate"]);
    expect([ran.code, linesOf(ran)[0]]).toEqual([
      2,
      `error: file db/main/migrations/4_d.ts: ${reason}`,
    ]);
  });
});
