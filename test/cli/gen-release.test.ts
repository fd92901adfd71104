import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeProject, type Project, sqliteRelease } from "./project.ts";

let project: Project;

beforeEach(() => {
  project = makeProject();
});

afterEach(() => project.remove());

describe("gen release", () => {
  it("writes release.ts for PostgreSQL beside package.json, named as the package", async () => {
    project.write("package.json", '{ "name": "@acme/blog-app" }');
    project.write("sub/x", "");
    const ran = await project.run(["gen", "release"], { cwd: "sub" });
    expect(ran).toMatchObject({ code: 0, stdout: "* creating ../release.ts\n", stderr: "" });
    expect(
      readFileSync(join(project.folder, "release.ts"), "utf8"),
    ).toBe(`import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

/** The entry point into the app for everything that a release does to its databases. */
export const Release = defineRelease({
  app: "blog_app",
  repos: {
    main: { adapter: postgres({ url: () => env("DATABASE_URL") }) },
  },
});
`);
  });

  it.each(["sqlite", "pglite", "better-sqlite3", "libsql"])(
    "--adapter %s gives a release that migrates at once",
    async (adapter) => {
      await project.run(["gen", "release", "--adapter", adapter]);
      await project.run(["gen", "migration", "x"]);
      expect(await project.run(["migrate"])).toMatchObject({ code: 0 });
      expect((await project.run(["status"])).stdout).toContain("up ");
    },
  );

  it("gives files that are modules also in a package of scripts, as npm init makes one", async () => {
    project.write("package.json", '{ "name": "app", "type": "commonjs" }');
    const made = await project.run(["gen", "release", "--adapter", "sqlite"]);
    expect(made).toMatchObject({ code: 0, stdout: "* creating release.mts\n" });
    expect((await project.run(["gen", "migration", "x"])).stdout).toMatch(/_x\.mts\n$/);
    expect(await project.run(["migrate"])).toMatchObject({ code: 0 });
  });

  it("is read in a package of scripts too", async () => {
    project.write("package.json", '{ "name": "app", "type": "commonjs" }');
    project.write("release.ts", sqliteRelease);
    const { code, stderr } = await project.run(["status"]);
    expect(code).toBe(2);
    expect(stderr).toContain("error: repo main has no migrations folder db/main/migrations");
  });

  it.each(["release.ts", "release.mjs", "src/release.ts"])(
    "overwrites nothing: not %s",
    async (file) => {
      project.write(file, sqliteRelease);
      const { code, stderr } = await project.run(["gen", "release"]);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: `error: ${file} exists already\nhint: Delete it first if you want a new one.\n`,
      });
      expect(readFileSync(join(project.folder, file), "utf8")).toBe(sqliteRelease);
    },
  );

  it("writes where --release says", async () => {
    await project.run(["gen", "release", "--release", "deploy/db.ts"]);
    expect(project.has("deploy/db.ts")).toBe(true);
  });

  it("refuses an adapter that it does not know", async () => {
    const { code, stderr } = await project.run(["gen", "release", "--adapter", "oracle"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "error: --adapter is oracle, which is not one of postgres, postgres-js, neon, pglite, sqlite, better-sqlite3, libsql, mysql, mariadb\n" +
        "hint: Give --adapter one of postgres, postgres-js, neon, pglite, sqlite, better-sqlite3, libsql, mysql, mariadb.\n",
    });
  });
});
