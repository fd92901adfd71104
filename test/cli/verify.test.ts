import { afterEach, describe, expect, it } from "vitest";
import { documentOf, makeProject, type Project, sqliteRelease } from "./project.ts";

let project: Project;

afterEach(() => project.remove());

const users = "db/main/migrations/1_users.sql";

describe("verify and mark", () => {
  it("tells how a release relates to a database: behind, same, ahead, edited", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      [users]: "create table users (id integer);",
    });
    expect((await project.run(["verify"])).stdout).toBe("main: behind\n  pending       1\n");
    await project.run(["migrate"]);
    expect(await project.run(["verify"])).toMatchObject({ code: 0, stdout: "main: same\n" });

    project.write(users, "-- a comment\nCREATE TABLE users (id integer);");
    expect(await project.run(["verify"])).toMatchObject({
      code: 0,
      stdout: `main: same\n  reformatted   ${users}\n`,
    });

    project.write(users, "create table users (id bigint);");
    const edited = await project.run(["verify", "--json"]);
    expect(edited.code).toBe(4);
    expect(documentOf(edited)).toMatchObject({
      repos: [
        {
          relation: "edited",
          edited: [
            {
              version: "1",
              origin: users,
              diff: ["- create table users (id integer)", "+ create table users (id bigint)"],
            },
          ],
        },
      ],
    });
  });

  it("an edit stops what is pending, until it is allowed", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      [users]: "create table users (id integer);",
    });
    await project.run(["migrate"]);
    project.write(users, "create table users (id bigint);");
    project.write("db/main/migrations/2_posts.sql", "create table posts (id integer);");
    expect((await project.run(["migrate"])).code).toBe(4);
    expect((await project.run(["migrate", "--allow-edited"])).code).toBe(0);
  });

  it("mark refuses what was not interrupted, and a word that it does not know", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      [users]: "create table users (id integer);",
    });
    await project.run(["migrate"]);
    expect(await project.run(["mark", "main", "1", "done"])).toMatchObject({
      code: 2,
      stderr:
        "error: repo main: no statement of 1 was interrupted\nhint: Look with slipway status. The answers done and again are only for a statement that an interrupted run left in doubt. For a half-done migration: if you undo it by hand, say: slipway mark main 1 anew. If you do the rest by hand, say: slipway mark main 1 applied --reason TEXT\n",
    });
    expect((await project.run(["mark", "main", "1", "maybe"])).stderr).toContain(
      'the third word is "maybe", which is not done, again, anew, applied or pending',
    );
  });
});
