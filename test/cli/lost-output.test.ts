/** Where output cannot go: no stack trace, and an exit code that says what is true. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProject, folderOf, type Ran, writeProject } from "../built/support.ts";
import { makeProject, type Project, sqliteRelease, twoMigrations } from "./project.ts";

const folder = folderOf("lost");
let project: Project;
let built: string;

beforeAll(async () => {
  project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
  expect((await project.run(["create"])).code).toBe(0);
  built = await buildProject(writeProject(folder.path, {}));
});
afterAll(() => {
  project.remove();
  folder.remove();
});

const bin = resolve(import.meta.dirname, "../../dist/cli/bin.js");
const commands = {
  "in development": () => `"${process.execPath}" "${bin}" status`,
  "in a built release": () => `"${join(built, "bin/my_app")}" verify --files`,
};

/** In a shell, which closes and redirects as users do. */
function inShell(script: string): Promise<Ran> {
  const { PATH = "" } = process.env;
  const child = spawn("/bin/sh", ["-c", script], {
    cwd: project.folder,
    env: { PATH, SLIPWAY_NODE: process.execPath },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((done) => child.on("close", (code) => done({ code: code!, stdout, stderr })));
}

const lost =
  "error: what this command gave could not be written: ENOSPC: no space left on device, write\n" +
  "hint: The command did its work and lost only its output. Make room where the output goes, then look with status.\n";

describe.skipIf(!existsSync("/dev/full")).each(Object.entries(commands))("%s", (_, command) => {
  it.each(["", " --json"])("a full disk under stdout is told, with exit code 2%s", async (json) => {
    const { code, stderr } = await inShell(`${command()}${json} > /dev/full`);
    expect({ code, stderr }).toEqual({ code: 2, stderr: lost });
  });

  it("a stdout that is closed, and a reader that has gone, lose nothing that anybody wants", async () => {
    expect(await inShell(`${command()} >&-`)).toEqual({ code: 0, stdout: "", stderr: "" });
    const piped = await inShell(`{ ${command()}; echo $? >&2; } | true`);
    expect(piped.stderr).toBe("0\n");
  });

  it("a stderr that is full or closed changes no exit code", async () => {
    for (const redirection of ["2> /dev/full", "2>&-"]) {
      expect((await inShell(`${command()} ${redirection}`)).code).toBe(0);
      const wrong = await inShell(`${command()} --nonsense ${redirection}`);
      expect(wrong).toEqual({ code: 2, stdout: "", stderr: "" });
      expect((await inShell(`${command()} > /dev/full ${redirection}`)).code).toBe(2);
    }
  });
});

it("in development an error keeps its own exit code when it cannot be written as JSON", async () => {
  const { code, stderr } = await inShell(
    `${commands["in development"]()} --check --json > /dev/full`,
  );
  expect({ code, stderr }).toEqual({ code: 3, stderr: lost });
});
