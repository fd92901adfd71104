import { readFileSync, rmSync } from "node:fs";
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
    ).toBe(`import { defineRelease, env, sql } from "slipway";
import { postgres } from "slipway/postgres";

/** The entry point into the app for everything that a release does to its databases. */
export const Release = defineRelease({
  app: "blog_app",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      // The words of your migrations stand for this. Decide before the first one runs.
      // t.id(): the key's sequence belongs to its column, so rights and dumps go along.
      primaryKey: { type: "identity" },
      // t.timestamps(): a moment with its time zone, filled in by the database when your code does not.
      timestamps: {
        insertedAt: "created_at",
        updatedAt: "updated_at",
        type: "timestamptz",
        default: sql\`now()\`,
      },
      // "string": no limit that nobody asked for; it costs the same. A size still gives varchar.
      strings: { type: "text" },
    },
  },
});
`);
  });

  const ectos = `    main: { adapter: postgres({ url: () => env("DATABASE_URL") }) },\n`;

  it.each([
    ["mix.exs", "mix.exs"],
    ["priv/repo/migrations/1_x.exs", "priv/repo/migrations"],
    ["db/main/migrations/1_x.ts", "db/main/migrations"],
  ])("keeps Ecto's defaults for a history that has them, seen by %s", async (file, shown) => {
    project.write(file, "");
    const { stdout } = await project.run(["gen", "release"]);
    expect(stdout).toBe(
      `* creating release.ts\n* keeping Ecto's defaults, as ${shown} is there; --defaults typescript writes others\n`,
    );
    expect(readFileSync(join(project.folder, "release.ts"), "utf8")).toContain(ectos);
    rmSync(join(project.folder, "release.ts"));
    await project.run(["gen", "release", "--defaults", "typescript"]);
    expect(readFileSync(join(project.folder, "release.ts"), "utf8")).toContain("created_at");
  });

  it("--defaults ecto writes them for a new project", async () => {
    const ran = await project.run(["gen", "release", "--defaults", "ecto", "--json"]);
    expect(JSON.parse(ran.stdout)).toEqual({ created: ["release.ts"], defaults: "ecto" });
    expect(readFileSync(join(project.folder, "release.ts"), "utf8")).toContain(ectos);
  });

  it.each(["sqlite", "pglite", "better-sqlite3", "libsql"])(
    "--adapter %s gives a release that migrates at once",
    async (adapter) => {
      await project.run(["gen", "release", "--adapter", adapter]);
      await project.run(["gen", "migration", "create_notes", "title:string"]);
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
