/** `dump` and `load` as commands: the file, what is compared, and everything that can be wrong. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  documentOf,
  makeProject,
  type Project,
  sqliteRelease,
  twoMigrations,
  twoRepos,
} from "./project.ts";

let project: Project;

afterEach(() => project.remove());

const path = "db/main/structure.sql";
const text = () => readFileSync(join(project.folder, path), "utf8");

async function dumped(): Promise<void> {
  project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
  await project.run(["migrate", "-q"]);
  await project.run(["dump"]);
}

describe("dump", () => {
  it("writes the file once, and says when it is as it was", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    await project.run(["migrate", "-q"]);
    await expect(project.run(["dump"])).resolves.toMatchObject({
      code: 0,
      stdout: `main: ${path} written\n`,
      stderr: "",
    });
    expect(text()).toMatch(/^-- The schema of repo main on SQLite/);
    expect(text()).toContain("INSERT INTO");
    await expect(project.run(["dump"])).resolves.toMatchObject({
      code: 0,
      stdout: `main: ${path} is as it was\n`,
    });
  });

  it("--check tells the first line that differs, and writes nothing", async () => {
    await dumped();
    await expect(project.run(["dump", "--check"])).resolves.toMatchObject({ code: 0 });
    const old = text().replace("CREATE TABLE", "CREATE  TABLE");
    writeFileSync(join(project.folder, path), old);
    const { code, stderr } = await project.run(["dump", "--check"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^error: repo main: db\/main\/structure.sql is not the schema of the database: line 3 is "CREATE {2}TABLE/,
    );
    expect(text()).toBe(old);
  });

  it("--out - prints it, and --json has it", async () => {
    await dumped();
    const { stdout } = await project.run(["dump", "--out", "-"]);
    expect(stdout).toBe(text());
    const document = documentOf(await project.run(["dump", "--out", "-", "--json"]));
    expect(document).toMatchObject({ repos: [{ repo: "main", sql: text(), leftOut: [] }] });
  });

  it.each([
    [["dump", "--check"], 2, `error: repo main: there is no ${path}\n`],
    [["dump", "--out", "-", "--check"], 2, "error: --check needs a file, and --out - is none\n"],
    [["dump", "--out", "release.ts/x.sql"], 2, "error: release.ts/x.sql cannot be written: "],
    [["dump", "--out"], 2, "error: "],
    [["load"], 2, `error: repo main: there is no ${path}\n`],
    [["load", "db"], 2, "error: db cannot be read: "],
    [["dump", "-r", "mian"], 2, "error: "],
  ])("%j exits %i with one line", async (args, expected, begin) => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    await project.run(["create"]);
    const { code, stderr, stdout } = await project.run(args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
    expect(stderr.slice(0, begin.length)).toBe(begin);
    expect(stderr.trim().split("\n")).toHaveLength(2);
    expect(existsSync(join(project.folder, path))).toBe(false);
  });

  it("one file is not for two repos", async () => {
    project = makeProject({ "release.ts": twoRepos });
    for (const args of [
      ["dump", "--out", "a.sql"],
      ["load", "a.sql"],
    ]) {
      const { code, stderr } = await project.run(args);
      expect(code).toBe(2);
      expect(stderr).toContain("needs the name of a repo");
    }
  });
});

describe("load", () => {
  it("makes an empty database what the file says, once", async () => {
    await dumped();
    await project.run(["drop", "--yes"]);
    await expect(project.run(["load"])).resolves.toMatchObject({
      code: 0,
      stdout: `main: ${path} loaded\n`,
    });
    await expect(project.run(["dump", "--check"])).resolves.toMatchObject({ code: 0 });
    expect((await project.run(["status"])).stdout).toMatch(/up +2/);
    const again = await project.run(["load"]);
    expect(again.code).toBe(4);
    expect(again.stderr).toMatch(
      /^error: repo main: the database is not empty, it has table posts/,
    );
    await expect(project.run(["load", "--skip-if-loaded"])).resolves.toMatchObject({
      code: 0,
      stdout: "main: migrations have run here, nothing loaded\n",
    });
  });

  it("setup begins with it", async () => {
    await dumped();
    await project.run(["drop", "--yes"]);
    const { code, stderr } = await project.run(["setup"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "repo main: Migrations already up\n" });
    expect((await project.run(["status"])).stdout).toMatch(/up +2/);
  });

  it("from a pipe that is slow, whole", async () => {
    await dumped();
    await project.run(["drop", "--yes"]);
    await project.run(["create"]);
    const read = 'import { writeFileSync } from "node:fs";\nwriteFileSync("loading", "");\n';
    project.write("release.ts", `${read}${sqliteRelease}`);
    const bin = resolve(import.meta.dirname, "../../dist/cli/bin.js");
    const script = `(until [ -e loading ]; do sleep 0.05; done; cat ${path}) | '${process.execPath}' '${bin}' load -`;
    const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", script], {
      cwd: project.folder,
      encoding: "utf8",
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: "main: stdin loaded\n",
      stderr: "",
    });
    await expect(project.run(["dump", "--check"])).resolves.toMatchObject({ code: 0 });
  });

  it.each([
    ["an empty file", "", 1, "error: a.sql: repo main: it is empty\n"],
    ["UTF-16", "\ufeffs\0", 2, "error: file a.sql:1:1 is not UTF-8: it is UTF-16\n"],
  ])("%s is refused, and nothing is loaded", async (_, text, expected, error) => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    await project.run(["create"]);
    writeFileSync(join(project.folder, "a.sql"), text, "utf16le");
    const { code, stderr } = await project.run(["load", "a.sql"]);
    expect(code).toBe(expected);
    expect(stderr.slice(0, error.length)).toBe(error);
    expect((await project.run(["status"])).stdout).toMatch(/down +1/);
  });

  it("a file with the line ends of Windows is the same schema", async () => {
    await dumped();
    const own = readFileSync(join(project.folder, path), "utf8");
    project.write(path, own.replaceAll("\n", "\r\n"));
    await expect(project.run(["dump", "--check"])).resolves.toMatchObject({ code: 0 });
    project.write(path, `${own}-- more\n`);
    await expect(project.run(["dump", "--check"])).resolves.toMatchObject({ code: 3 });
    await project.run(["drop", "--yes"]);
    project.write(path, own.replaceAll("\n", "\r\n"));
    await expect(project.run(["load"])).resolves.toMatchObject({ code: 0 });
    await expect(project.run(["dump", "--check"])).resolves.toMatchObject({ code: 0 });
  });
});
