import { afterEach, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands/index.ts";
import { main } from "../../src/cli/main.ts";
import { defineMigration, defineRelease } from "../../src/index.ts";
import { testDatabase } from "../support/databases.ts";
import {
  documentOf,
  makeProject,
  type Project,
  sqliteRelease,
  tableMigration,
  twoMigrations,
} from "./project.ts";

let project: Project | undefined;

afterEach(() => {
  project?.remove();
  project = undefined;
});

async function migrated(): Promise<Project> {
  project = makeProject({
    "release.ts": sqliteRelease,
    ...twoMigrations,
    "db/main/migrations/3_tags.ts": tableMigration("tags"),
  });
  await project.run(["migrate", "--quiet"]);
  return project;
}

describe("rollback", () => {
  it.each<[args: string[], undone: string[]]>([
    [["2"], ["3", "2"]],
    [["--step", "1"], ["3"]],
    [
      ["-n", "2"],
      ["3", "2"],
    ],
    [
      ["--to", "2"],
      ["3", "2"],
    ],
    [["--to-exclusive", "2"], ["3"]],
    [["--all"], ["3", "2", "1"]],
  ])(
    "main %j undoes %j, newest first, and does not ask without a terminal",
    async (args, undone) => {
      const ran = await (await migrated()).run(["rollback", "main", ...args, "--json"]);
      expect(ran.code).toBe(0);
      const { repos } = JSON.parse(ran.stdout);
      expect(repos[0].migrations.map(({ version }: { version: string }) => version)).toEqual(
        undone,
      );
    },
  );

  it("118: has no default: what goes must be named", async () => {
    const { code, stdout, stderr } = await (await migrated()).run(["rollback", "main"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      "error: rollback of main needs the version to go back to\n" +
        "hint: Look it up with slipway status. Slipway also rolls back the version that you name.\n",
    );
  });

  it.each<[args: string[], error: string]>([
    [[], "rollback needs the name of a repo"],
    [["20210718153339"], "rollback needs the name of a repo"],
    [["nope", "1"], "the release has no repo nope"],
    [["main", "x"], "VERSION is x, which is not a version such as 20210718153339"],
    [
      ["main", "99999999999999999999"],
      "VERSION is 99999999999999999999, which is not a version such as 20210718153339",
    ],
    [["main", "4"], "repo main has no migration 4"],
    [["main", "1", "--step", "1"], "VERSION and --step exclude each other"],
    [["main", "1", "--to-exclusive", "1"], "VERSION and --to-exclusive exclude each other"],
    [
      ["main", "1", "2"],
      "too many arguments for rollback. Expected 2 arguments but got 3: main, 1, 2",
    ],
  ])("refuses %j with exit code 2, and nothing is undone", async (args, error) => {
    const here = await migrated();
    const { code, stderr } = await here.run(["rollback", ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(`error: ${error}\nhint: `);
    expect((await here.run(["status"])).stdout).not.toContain("down");
  });

  it("refuses what cannot be reversed with exit code 4", async () => {
    const here = await migrated();
    here.write(
      "db/main/migrations/4_once.ts",
      'import { defineMigration } from "slipway";\nexport default defineMigration({ change: (m) => m.execute("select 1") });\n',
    );
    await here.run(["migrate"]);
    const ran = await here.run(["rollback", "main", "4", "--json"]);
    expect(ran.code).toBe(4);
    expect(documentOf(ran)).toMatchObject({ error: { code: "irreversible", exitCode: 4 } });
  });

  it("--data rolls a data migration back", async () => {
    const here = await migrated();
    here.write(
      "db/main/data_migrations/5_fill.sql",
      "-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n",
    );
    await here.run(["migrate-data"]);
    const ran = await here.run(["rollback", "main", "5", "--data", "--json"]);
    expect(documentOf(ran)).toMatchObject({
      repos: [{ direction: "down", migrations: [{ version: "5" }] }],
    });
  });
});

describe("rollback on a terminal, in a built release", () => {
  const users = defineMigration({
    change(m) {
      m.createTable("users", (t) => {
        t.id();
      });
    },
  });

  /** `later` are the migrations of the release that rolls back. */
  async function inside(
    args: readonly string[],
    answer: boolean,
    later: Record<string, typeof users> = { "1_users": users },
  ) {
    const database = await testDatabase("sqlite");
    const releaseWith = (migrations: typeof later) =>
      defineRelease({
        app: "my_app",
        repos: { main: { adapter: database.adapter, migrations } },
      });
    const said = { stdout: "", stderr: "", questions: [] as string[] };
    const world = {
      write: (text: string) => {
        said.stdout += text;
      },
      tell: (text: string) => {
        said.stderr += text;
      },
      confirm: async (question: string) => {
        said.questions.push(question);
        return answer;
      },
      styled: false,
      env: {},
    };
    const of = (migrations: typeof later) => ({
      ...{ release: async () => releaseWith(migrations), built: true, world, commands },
      slipway: "0.0.0",
    });
    await main(["migrate", "--quiet"], of({ "1_users": users }));
    const code = await main(args, { ...of(later), name: "bin/my_app" });
    const tables = await database.tables();
    await database.dispose();
    return { code, tables, ...said };
  }

  it("shows what will be undone and asks; a no leaves everything", async () => {
    const ended = await inside(["rollback", "main", "1"], false);
    expect(ended).toMatchObject({
      code: 2,
      tables: ["users"],
      questions: ["Roll this migration of main back?"],
    });
    expect(ended.stderr).toContain("  1 users down, in a transaction\n    drop table users\n");
    expect(ended.stderr).toContain("error: rollback was not confirmed, so nothing was done\n");
  });

  it("shows the SQL of a plan that the history keeps, when it asks and when it does not", async () => {
    const line = "1_users will send: DROP TABLE";
    const asked = await inside(["rollback", "main", "1"], false, {});
    expect(asked.tables).toEqual(["users"]);
    expect(asked.stderr).toContain(
      "  1 users down, in a transaction, by the plan that the history keeps\n    drop table users\n      DROP TABLE",
    );
    const told = await inside(["rollback", "main", "1", "--yes"], false, {});
    expect(told).toMatchObject({ code: 0, tables: [], questions: [] });
    expect(told.stderr).toContain(line);
  });

  it("a yes goes on", async () => {
    expect(await inside(["rollback", "main", "1"], true)).toMatchObject({ code: 0, tables: [] });
  });

  it("--yes does not ask", async () => {
    const ended = await inside(["rollback", "main", "1", "--yes"], false);
    expect(ended).toMatchObject({ code: 0, tables: [], questions: [] });
  });

  it("takes a version only", async () => {
    const ended = await inside(["rollback", "main", "--step", "1"], true);
    expect(ended).toMatchObject({ code: 2, tables: ["users"] });
    expect(ended.stderr).toContain("rollback in a release takes a version, not --step");
  });

  it("has no gen", async () => {
    const ended = await inside(["gen", "migration", "x"], true);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^Usage: bin\/my_app /);
    expect(ended.stderr.split("\n").slice(-3)).toEqual([
      "error: unknown command gen",
      "hint: See: bin/my_app --help; what needs the sources runs in the project: npx slipway --help",
      "",
    ]);
  });
});
