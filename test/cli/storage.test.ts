import pg from "pg";
import { afterEach, describe, expect, inject, it } from "vitest";
import {
  documentOf,
  makeProject,
  type Project,
  postgresRelease,
  sqliteRelease,
  twoMigrations,
  twoRepos,
} from "./project.ts";

let project: Project;

afterEach(() => project.remove());

describe("create and drop", () => {
  it("make and remove a SQLite file, and say when there was nothing to do", async () => {
    project = makeProject({ "release.ts": sqliteRelease });
    const lines: string[] = [];
    for (const args of [["create"], ["create"], ["drop", "--yes"], ["drop", "--yes"]]) {
      const { code, stdout, stderr } = await project.run(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      lines.push(stdout);
    }
    expect(lines).toEqual([
      "The database for main has been created\n",
      "The database for main has already been created\n",
      "The database for main has been dropped\n",
      "The database for main has already been dropped\n",
    ]);
  });

  it("make and remove a PostgreSQL database, with --force while others are connected", async () => {
    project = makeProject({ "release.ts": postgresRelease, ...twoMigrations });
    const url = new URL(inject("postgresUrl"));
    url.pathname = `/slipway_cli_${process.pid}_${Date.now()}`;
    const env = { DATABASE_URL: url.href };
    expect((await project.run(["create"], { env })).stdout).toBe(
      "The database for main has been created\n",
    );
    expect((await project.run(["migrate"], { env })).code).toBe(0);

    const other = new pg.Client({ connectionString: url.href });
    other.on("error", () => undefined);
    await other.connect();
    const busy = await project.run(["drop", "--yes", "--json"], { env });
    expect(busy.code).toBe(1);
    expect(documentOf(busy)).toMatchObject({ error: { code: "storage_failed" } });
    const forced = await project.run(["drop", "--yes", "--force", "--json"], { env });
    expect(documentOf(forced)).toEqual({ repos: [{ repo: "main", result: "dropped" }] });
    await other.end().catch(() => undefined);
    expect((await project.run(["drop", "--yes"], { env })).stdout).toBe(
      "The database for main has already been dropped\n",
    );
  });

  it("take the repos that are named", async () => {
    project = makeProject({ "release.ts": twoRepos });
    const ran = await project.run(["create", "--repo", "analytics", "--json"]);
    expect(documentOf(ran)).toEqual({ repos: [{ repo: "analytics", result: "created" }] });
    expect([project.has("main.db"), project.has("analytics.db")]).toEqual([false, true]);
    expect((await project.run(["create", "--repo", "nope"])).code).toBe(2);
  });

  it("drop needs --yes without a terminal", async () => {
    project = makeProject({ "release.ts": sqliteRelease });
    await project.run(["create"]);
    const { code, stdout, stderr } = await project.run(["drop", "--force"]);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "error: drop was not confirmed, so nothing was done\nhint: Answer yes, or add --yes.\n",
    });
    expect(project.has("main.db")).toBe(true);
  });

  it("refuse an adapter that cannot, before any other repo is touched", async () => {
    project = makeProject({
      "release.ts": twoRepos.replace(
        'analytics: { adapter: sqlite({ path: "analytics.db" }) }',
        'analytics: { adapter: { ...sqlite({ path: "analytics.db" }), storage: undefined } }',
      ),
    });
    const { code, stderr } = await project.run(["create"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "error: repo analytics: create does not work on sqlite\n" +
        "hint: Make or remove that database by hand.\n",
    });
    expect(project.has("main.db")).toBe(false);
  });
});
