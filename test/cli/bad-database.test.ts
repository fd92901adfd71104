import { readdirSync } from "node:fs";
import { afterEach, describe, expect, inject, it } from "vitest";
import {
  linesOf,
  makeProject,
  type Project,
  postgresRelease,
  sqliteRelease,
  twoMigrations,
} from "./project.ts";

let project: Project;

afterEach(() => project.remove());

describe("a database that cannot be used", () => {
  const release = { "release.ts": postgresRelease, ...twoMigrations };

  it("an environment variable that is missing is named", async () => {
    project = makeProject(release);
    for (const command of ["migrate", "status", "plan", "create"]) {
      const ran = await project.run([command]);
      expect(ran.code).toBe(2);
      expect(linesOf(ran)).toEqual([
        "error: the environment variable DATABASE_URL is not set",
        "hint: Set DATABASE_URL where this command runs. In development a line in .env does it too.",
      ]);
    }
  });

  it("a server that cannot be reached is named", async () => {
    project = makeProject(release);
    const env = { DATABASE_URL: "postgres://me:sesame-7@127.0.0.1:1/app" };
    const ran = await project.run(["migrate"], { env });
    expect(ran.code).toBe(2);
    const [error, hint] = linesOf(ran);
    expect(error).toMatch(
      /^error: repo main: cannot connect to postgres:\/\/me@127\.0\.0\.1:1\/app: .*ECONNREFUSED/,
    );
    expect(hint).toMatch(/^hint: /);
  });

  it.each(["sesame-7", "se/sa@me#7", "s%40same7"])(
    "a wrong password is refused and %j is never printed",
    async (password) => {
      project = makeProject(release);
      const url = new URL(inject("postgresUrl"));
      const DATABASE_URL = `postgres://${url.username}:${password}@${url.host}${url.pathname}`;
      for (const args of [
        ["migrate"],
        ["status"],
        ["plan"],
        ["create"],
        ["drop", "--yes"],
        ["rollback", "main", "1"],
      ]) {
        for (const more of [[], ["--json"]]) {
          const ran = await project.run([...args, ...more], {
            env: { DATABASE_URL, SLIPWAY_DEBUG: "1" },
          });
          expect(ran.code).toBe(2);
          expect(ran.stdout + ran.stderr).not.toContain(password);
          expect(ran.stdout + ran.stderr).not.toContain(decodeURIComponent(password));
        }
      }
    },
  );

  it("an error of another library is one line, without the password, and with its stack only for debugging", async () => {
    const thrown = 'throw new Error("no route to postgres://me:sesame-7@db/app")';
    project = makeProject({
      "release.ts": sqliteRelease.replace(
        'sqlite({ path: "main.db" })',
        `{ ...sqlite({ path: "main.db" }), open() { ${thrown} } }`,
      ),
      ...twoMigrations,
    });
    const ran = await project.run(["migrate"]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("no route to postgres://me:***@db/app");
    expect(ran.stderr).not.toContain("sesame");
  });

  it("a status that cannot be read writes nothing", async () => {
    project = makeProject(release);
    await project.run(["status"]);
    expect(readdirSync(project.folder).toSorted()).toEqual([
      "db",
      "node_modules",
      "package.json",
      "release.ts",
    ]);
  });
});
