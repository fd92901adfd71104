import { afterEach, describe, expect, it } from "vitest";
import { documentOf, makeProject, type Project, tableMigration, twoRepos } from "./project.ts";

let project: Project;

afterEach(() => project.remove());

const files = {
  "db/main/migrations/1_posts.ts": tableMigration("posts"),
  "db/main/migrations/2_bad.sql": "insert into nowhere values (1);\n",
  "db/analytics/migrations/1_events.ts": tableMigration("events"),
};

/** Times and hosts are those of this machine. */
const plainly = (text: string) =>
  text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME").replace(/\d+ ms/g, "N ms");

describe("history", () => {
  it("shows the newest first, with what failed and why", async () => {
    project = makeProject({ "release.ts": twoRepos, ...files });
    expect((await project.run(["history", "main"])).stdout).toBe(
      "\nRepo: main\n\n  nothing has happened yet\n",
    );
    await project.run(["migrate", "--repo", "main"]);
    const ran = await project.run(["history", "main"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    const [, heading, , head, rule, failed, reason, applied] = plainly(ran.stdout).split("\n");
    expect(heading).toBe("Repo: main");
    expect(head).toMatch(/^ {2}When \(UTC\) +What +Migration +Took +By$/);
    expect(rule).toMatch(/^-+$/);
    expect(failed).toMatch(/^ {2}TIME {2}failed going up {2}2_bad +N ms +my_app by \S+ on \S+$/);
    expect(reason).toBe("    no such table: nowhere");
    expect(applied).toMatch(/^ {2}TIME {2}applied +1_posts +my_app by \S+ on \S+$/);
  });

  it("gives all repos as one document, and as many events as asked for", async () => {
    project = makeProject({ "release.ts": twoRepos, ...files });
    await project.run(["migrate"]);
    const ran = await project.run(["history", "--limit", "1", "--json"]);
    expect(documentOf(ran)).toMatchObject({
      repos: [
        { repo: "main", events: [{ version: "2", result: "failed" }] },
        { repo: "analytics", events: [] },
      ],
    });
  });

  it.each([
    [["history", "mian"], "repo_unknown"],
    [["history", "--limit", "0"], "option_invalid"],
  ])("refuses %j", async (args, code) => {
    project = makeProject({ "release.ts": twoRepos, ...files });
    const ran = await project.run([...args, "--json"]);
    expect(documentOf(ran)).toMatchObject({ error: { code, exitCode: 2 } });
  });
});
