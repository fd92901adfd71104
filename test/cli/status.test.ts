import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import {
  documentOf,
  makeProject,
  type Project,
  sqliteRelease,
  statusOf,
  tableMigration,
  twoRepos,
} from "./project.ts";

let project: Project;

afterEach(() => project.remove());

const files = {
  "db/main/migrations/0_zero.ts": tableMigration("zero"),
  "db/main/migrations/20210718153339_add_test_table1.ts": tableMigration("test_table1"),
  "db/main/migrations/20210718153341_add_test_table2.ts": tableMigration("test_table2"),
};

describe("status", () => {
  it("119: prints the block byte for byte, with version 0", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...files });
    await project.run(["migrate", "--to", "20210718153339"]);
    const ran = await project.run(["status"]);
    expect(ran).toEqual({
      code: 0,
      signal: null,
      stderr: "",
      stdout: [
        "",
        "Repo: main",
        "",
        "  Status    Migration ID    Migration Name",
        "--------------------------------------------------",
        "  up        0               zero",
        "  up        20210718153339  add_test_table1",
        "  down      20210718153341  add_test_table2",
        "",
      ].join("\n"),
    });
  });

  it("119: marks an applied version whose file is gone", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...files });
    await project.run(["migrate"]);
    const database = new DatabaseSync(join(project.folder, "main.db"));
    database.exec("insert into schema_migrations (version, inserted_at) values (5, '2021-07-18')");
    database.close();
    project.write("other/0_zero.ts", tableMigration("zero"));
    const { stdout } = await project.run(["status", "--migrations-path", "other"]);
    expect(stdout).toBe(
      statusOf([
        ["up", "0", "zero"],
        ["up", "5", "** FILE NOT FOUND **"],
        ["up", "20210718153339", "add_test_table1 (not in this release)"],
        ["up", "20210718153341", "add_test_table2 (not in this release)"],
      ]),
    );
  });

  it("prints a block for each repo, or for those that are named", async () => {
    project = makeProject({
      "release.ts": twoRepos,
      ...files,
      "db/analytics/migrations/1_events.ts": tableMigration("events"),
    });
    const headings = ({ stdout }: { stdout: string }) => stdout.match(/^Repo: .*/gm);
    expect(headings(await project.run(["status"]))).toEqual(["Repo: main", "Repo: analytics"]);
    expect(headings(await project.run(["status", "-r", "analytics"]))).toEqual(["Repo: analytics"]);
  });

  it("--data adds a block for data migrations", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      ...files,
      "db/main/data_migrations/5_fill.sql": "-- migrate:up\nselect 1;\n",
    });
    const { stdout } = await project.run(["status", "--data"]);
    expect(stdout).toContain(
      "\nRepo: main (data migrations)\n\n  Status    Migration ID    Migration Name\n" +
        "--------------------------------------------------\n  down      5               fill\n",
    );
  });

  it("--check ends with exit code 3 while something is pending, and with 0 after that", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...files });
    await project.run(["create"]);
    const pending = await project.run(["status", "--check"]);
    expect(pending.code).toBe(3);
    expect(pending.stdout).toContain("down      0 ");
    expect(pending.stderr).toBe(
      "error: there are pending migrations: main (0, 20210718153339, 20210718153341)\nhint: Run: slipway migrate\n",
    );
    const asJson = await project.run(["status", "--check", "--json"]);
    expect(asJson.code).toBe(3);
    expect(documentOf(asJson)).toMatchObject({ repos: [{ repo: "main" }] });
    await project.run(["migrate"]);
    expect((await project.run(["status", "--check"])).code).toBe(0);
  });

  it("--json gives the rows", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "db/main/migrations/1_users.ts": tableMigration("users"),
    });
    await project.run(["create"]);
    const ran = await project.run(["status", "--json"]);
    expect(documentOf(ran)).toEqual({
      repos: [{ repo: "main", migrations: [{ status: "down", version: "1", name: "users" }] }],
    });
    expect(ran.stderr).toBe("");
  });
});
