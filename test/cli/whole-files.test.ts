/**
 * Files that commands write, on a disk that is full, in a folder without rights, and where something
 * else stands: the old file or none, and never a part.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProject, type Project, sqliteRelease, tableMigration } from "./project.ts";

const bin = resolve(import.meta.dirname, "../../dist/cli/bin.js");
let project: Project;

beforeAll(async () => {
  project = makeProject({
    "release.ts": sqliteRelease,
    "db/main/migrations/1_users.ts": tableMigration("users"),
  });
  for (const command of ["create", "migrate"]) expect((await project.run([command])).code).toBe(0);
});
afterAll(() => project.remove());

/** No file may become longer than 512 bytes: the first part of a file is written, as on a full disk. */
function onSmallDisk(args: readonly string[], cwd = project.folder) {
  const words = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(" ");
  const { PATH = "" } = process.env;
  const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", `ulimit -f 1; exec ${words}`], {
    cwd,
    env: { PATH },
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

/** Every file with its text, so that one more, one less or another text is seen. */
function everything(folder = project.folder): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => !name.startsWith("node_modules") && statSync(join(folder, name)).isFile(),
  );
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(folder, name), "latin1")]),
  );
}

const full = "file too large";
const makeRoom =
  "hint: Make room for it, then run the command again. The files are as they were.\n";
const columns = Array.from({ length: 40 }, (_, i) => `column_number_${i}:text`);

describe("a full disk", () => {
  it.each<[path: string | RegExp, args: string[]]>([
    [
      /db\/main\/migrations\/\d+_create_posts\.ts/,
      ["gen", "migration", "create_posts", ...columns],
    ],
    ["db/schema.sql", ["dump", "--out", "db/schema.sql"]],
    ["Dockerfile", ["gen", "docker", "--overwrite"]],
    ["db/manifest.ts", ["gen", "manifest"]],
    [/db\/new\/\d+_baseline\.sql/, ["gen", "baseline", "--migrations-path", "db/new"]],
    [/\.github\/workflows\/.+/, ["gen", "github"]],
  ])("%s: nothing new, nothing half, and a line that names it", (path, args) => {
    project.write("db/schema.sql", "-- old\n");
    project.write("Dockerfile", "FROM old\n");
    const before = everything();
    const { code, stdout, stderr } = onSmallDisk(args);
    const [error = "", hint] = stderr.split(/(?<=\n)/).slice(-2);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(error).toMatch(
      typeof path === "string"
        ? `error: ${path} cannot be written: ${full}\n`
        : new RegExp(`^error: ${path.source} cannot be written: ${full}\n$`),
    );
    expect(hint).toBe(
      args[0] === "dump"
        ? "hint: Name a file in a folder that may be written, or --out - for stdout.\n"
        : makeRoom,
    );
    expect(everything()).toEqual(before);
  });

  it("init writes all of its files or none", async () => {
    const fresh = makeProject({
      "package.json": JSON.stringify({ name: "shop", type: "module" }),
      "db/main/migrations/1_users.sql": "create table users (id int);\n",
    });
    try {
      const before = everything(fresh.folder);
      const { code, stderr } = onSmallDisk(["init", "--yes", "--offline"], fresh.folder);
      expect(code).toBe(2);
      expect(stderr).toContain(`cannot be written: ${full}\n${makeRoom}`);
      expect(everything(fresh.folder)).toEqual(before);
    } finally {
      fresh.remove();
    }
  });
});

describe("something else in the place of a file or folder", () => {
  it.each<[there: string, args: string[], error: RegExp]>([
    [
      "db/manifest.ts/x",
      ["gen", "manifest"],
      /^error: db\/manifest\.ts cannot be \w+: .*directory/,
    ],
    ["Dockerfile/x", ["gen", "docker"], /^error: Dockerfile cannot be \w+: .*directory/],
    [
      "db/new",
      ["gen", "migration", "a", "--migrations-path", "db/new"],
      /^error: db\/new cannot be used: not a directory/,
    ],
    [
      "db/new",
      ["gen", "baseline", "--migrations-path", "db/new/x"],
      /^error: db\/new\/x cannot be written: /,
    ],
    ["db/new", ["dump", "--out", "db/new/a.sql"], /^error: db\/new\/a\.sql cannot be written: /],
  ])("%s, and %j", async (there, args, error) => {
    const top = join(project.folder, there.replace(/\/x$/, ""));
    rmSync(top, { recursive: true, force: true });
    project.write(there, "mine\n");
    const before = everything();
    const { code, stdout, stderr } = await project.run(args);
    const after = everything();
    rmSync(top, { recursive: true });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(error);
    expect(stderr).toMatch(/\nhint: (?!Run it again with SLIPWAY_DEBUG)/);
    expect(after).toEqual(before);
  });
});

describe("a file that is replaced", () => {
  it("keeps its rights, and a link stays a link", async () => {
    project.write("db/real.sql", "-- old\n");
    chmodSync(join(project.folder, "db/real.sql"), 0o640);
    symlinkSync("real.sql", join(project.folder, "db/link.sql"));
    const { code, stderr } = await project.run(["dump", "--out", "db/link.sql"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(readlinkSync(join(project.folder, "db/link.sql"))).toBe("real.sql");
    const real = join(project.folder, "db/real.sql");
    expect(readFileSync(real, "utf8")).toContain('"users"');
    expect(lstatSync(real).mode & 0o777).toBe(0o640);
  });

  it("a pipe or a device is written to, and stays what it is", async () => {
    const { code, stderr } = await project.run(["dump", "--out", "/dev/null"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("is written in its place where its folder may not be changed", async () => {
    const folder = join(project.folder, "db", "shut");
    mkdirSync(folder);
    project.write("db/shut/schema.sql", "-- old\n");
    chmodSync(folder, 0o555);
    try {
      const { code, stderr } = await project.run(["dump", "--out", "db/shut/schema.sql"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(everything()["db/shut/schema.sql"]).toContain('"users"');
      expect(readdirSync(folder)).toEqual(["schema.sql"]);
    } finally {
      chmodSync(folder, 0o755);
    }
  });
});

describe("a migration that cannot be read", () => {
  it("is named when it is a link that leads nowhere", async () => {
    const link = join(project.folder, "db/main/migrations/2_posts.sql");
    symlinkSync("nowhere.sql", link);
    try {
      const { code, stdout, stderr } = await project.run(["migrate"]);
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: "",
        stderr:
          "error: db/main/migrations/2_posts.sql cannot be used: no such file or directory\n" +
          "hint: Look whether it is there, and whether a link leads nowhere. Then run the command again.\n",
      });
    } finally {
      rmSync(link);
    }
  });
});

describe("a name with a path in it", () => {
  it("is no way out of the folder of migrations", async () => {
    const before = everything();
    const { code, stdout } = await project.run(["squash", "--to", "1", "--name", "a/../../Evil"]);
    expect({ code, first: stdout.split("\n")[0] }).toEqual({
      code: 0,
      first: "* creating db/main/migrations/B1__a_evil.sql",
    });
    rmSync(join(project.folder, "db/main/migrations/B1__a_evil.sql"));
    expect(everything()).toEqual(before);
  });
});

describe("a folder that was deleted", () => {
  it("is named in one line, whatever the command", async () => {
    const script = `mkdir gone && cd gone && rmdir ../gone && exec '${process.execPath}' '${bin}' status`;
    const { status, stderr } = spawnSync("/bin/sh", ["-c", script], {
      cwd: project.folder,
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        "error: the folder that you are in was deleted\n" +
        "hint: Go to one that is there: cd, then the path of your project.\n",
    });
  });
});

describe("a file that waits for its proof", () => {
  const unproven = resolve(import.meta.dirname, "../../src/cli/generate/unproven.ts");
  const marked =
    "-- Not proved: the command that wrote this was killed. Delete this file.\nselect 1;\n";
  it.each<[what: string, work: string, code: number | null, text: string | undefined]>([
    ["is its own text when it holds", "", 0, "select 1;\n"],
    ["goes with a failure", "throw new Error('wrong')", 1, undefined],
    [
      "goes with a second signal, which ends the process at once",
      "process.exit(130)",
      130,
      undefined,
    ],
    [
      "says so after a kill",
      "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})",
      null,
      marked,
    ],
  ])("%s", (_, work, code, text) => {
    const script = `import { writeFileSync } from "node:fs";
      import { asUnproven, whileUnproven } from ${JSON.stringify(unproven)};
      setTimeout(() => undefined, 60_000).unref();
      await whileUnproven(["unproven.sql"], async () => {
        writeFileSync("unproven.sql", asUnproven("unproven.sql", "select 1;\\n"));
        ${work}
      });`;
    const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: project.folder,
    });
    expect({ status, text: everything()["unproven.sql"] }).toEqual({ status: code, text });
    rmSync(join(project.folder, "unproven.sql"), { force: true });
  });
});
