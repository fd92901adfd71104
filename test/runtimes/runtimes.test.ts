/** The quickstart's steps, and a built release, under Bun and Deno. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { makeProject, type Project } from "../cli/project.ts";
import { installPackage } from "../examples/example.ts";
import { freshDatabase } from "../support/postgres.ts";
import { runtime } from "../support/runtimes.ts";

const root = resolve(import.meta.dirname, "../..");

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: { readonly [variable: string]: string } },
): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, NO_COLOR: "1", ...options.env };
  return new Promise((done) => {
    execFile(command, args, { cwd: options.cwd, env, timeout: 170_000 }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

/** A project of its own, where packages lie as npm puts them: another runtime follows links in its own way. */
function projectFor(): Project {
  const project = makeProject();
  const modules = join(project.folder, "node_modules");
  rmSync(join(modules, "slipway"));
  installPackage(project.folder);
  cpSync(join(root, "docs"), join(modules, "slipway/docs"), { recursive: true });
  const needed = ["@electric-sql/pglite", "libpg-query", "esbuild", "@esbuild", "@pgsql/types"];
  for (const name of [...needed, ...packagesOfPg()]) {
    const from = join(root, "node_modules", name);
    if (!existsSync(from)) continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    cpSync(from, join(modules, name), { recursive: true });
  }
  project.write("package.json", '{ "name": "my-app", "type": "module", "version": "1.0.0" }');
  return project;
}

function packagesOfPg(): readonly string[] {
  const more = ["split2", "xtend"];
  const named = readdirSync(join(root, "node_modules")).filter((one) =>
    /^(pg|postgres-)/.test(one),
  );
  return [...named.filter((one) => one !== "pg-boss"), ...more];
}

describe.each(["bun", "deno"] as const)("%s", (name) => {
  const folder = runtime(name);
  const program = join(folder ?? "", ".bin", name);
  let project: Project;

  beforeAll(() => {
    if (folder !== undefined) project = projectFor();
  });

  afterAll(() => project?.remove());

  const slipway = (args: readonly string[], env = {}) =>
    run(
      program,
      [
        ...(name === "deno" ? ["run", "-A", "--no-prompt"] : []),
        "node_modules/slipway/dist/cli/bin.js",
        ...args,
      ],
      { cwd: project.folder, env },
    );

  const released = (args: readonly string[], env = {}) =>
    run("_release/my_app/bin/my_app", args, {
      cwd: project.folder,
      env: { SLIPWAY_NODE: program, ...env },
    });

  async function write(adapter: string): Promise<string> {
    for (const made of ["release.ts", "db", "_release", ".data", "main.db"])
      rmSync(join(project.folder, made), { recursive: true, force: true });
    expect(await slipway(["gen", "release", "--adapter", adapter])).toMatchObject({ code: 0 });
    expect(await slipway(["gen", "migration", "create_posts", "title:string!"])).toMatchObject({
      code: 0,
    });
    const [file = ""] = readdirSync(join(project.folder, "db/main/migrations"));
    return file.split("_")[0]!;
  }

  it.skipIf(folder === undefined)("migrates, looks, checks and rolls back: SQLite", async () => {
    const version = await write("sqlite");
    project.write(
      "db/main/seeds.ts",
      'import { defineSeeds } from "slipway"; export default defineSeeds((db) => db.execute("insert into posts (title) values (\'x\')"));',
    );
    const setup = await slipway(["setup"]);
    expect(setup).toMatchObject({ code: 0 });
    expect(setup.stdout).toContain("main has been filled by db/main/seeds.ts");
    expect((await slipway(["status"])).stdout).toContain(`up        ${version}`);
    expect((await slipway(["verify"])).stdout).toBe("main: same\n");
    expect(await slipway(["gen", "manifest"])).toMatchObject({ code: 0 });
    expect(await slipway(["rollback", "main", version, "--yes"])).toMatchObject({ code: 0 });
    expect((await slipway(["status"])).stdout).toContain(`down      ${version}`);
    project.write("db/main/migrations/20990101000000_bad.ts", "export default nowhere;\n");
    expect(await slipway(["migrate"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("hint: Fix the file. Nothing has run yet."),
    });
  });

  it.skipIf(folder === undefined)(
    "migrates PGlite with a TypeScript enum, and comes back as it was",
    async () => {
      await write("pglite");
      project.write("lib/value.ts", 'export const value: string = "b";\n');
      project.write(
        "db/main/migrations/20990101000000_kind.ts",
        'import { defineMigration } from "slipway";\nimport { value } from "../../../lib/value";\nenum Kind { A = "a" }\nexport default defineMigration({ change(m) { m.createEnum("kind", [Kind.A, value]); } });\n',
      );
      expect(await slipway(["migrate"])).toMatchObject({ code: 0 });
      const check = await slipway(["check", "--all", "--roundtrip"]);
      expect(check.stdout).toContain("2 of 2 come back as they were");
      expect(check.code).toBe(0);
    },
  );

  it.skipIf(folder === undefined)("migrates PostgreSQL, and a built release does", async () => {
    const version = await write("postgres");
    const database = await freshDatabase(inject("postgresUrl"));
    const env = { DATABASE_URL: database.url };
    expect(await slipway(["release"])).toMatchObject({ code: 0 });
    rmSync(join(project.folder, "node_modules"), { recursive: true });
    expect(await released(["migrate"], env)).toMatchObject({ code: 0 });
    expect((await released(["status"], env)).stdout).toContain(`up        ${version}`);
    expect(await released(["eval", 'Release.rollback("main", 1)'], env)).toMatchObject({ code: 2 });
    expect(await released(["rollback", "main", version, "--yes"], env)).toMatchObject({ code: 0 });
    expect((await released(["status"], env)).stdout).toContain(`down      ${version}`);
    expect((await released(["status"])).code).toBe(2);
    await database.drop();
  });
});
