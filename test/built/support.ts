/** A release that the compiled command line built, and what its launchers give. */
import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const cli = join(root, "dist", "cli", "bin.js");
const blog = join(root, "examples", "blog");

/** What a command gave. */
export type Ran = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type RunOptions = {
  /** All of the environment. */
  readonly env?: { readonly [variable: string]: string };
  readonly cwd?: string;
  readonly uid?: number;
};

/** Runs a program to its end. */
export async function ran(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  const { uid, cwd, env = {} } = options;
  const child = spawn(command, args, {
    cwd,
    env,
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
}

/** An empty folder of a test's own, which anybody may read. */
export function folderOf(name: string): { readonly path: string; remove(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `slipway-${name}-`)));
  spawnSync("chmod", ["755", path]);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Builds the blog's release into `folder`, as a user does. */
export async function buildBlog(folder: string, ...flags: readonly string[]): Promise<string> {
  const out = join(folder, "blog");
  const built = await build(["--out", out, ...flags], blog);
  if (built.code !== 0) throw new Error(`the release was not built: ${built.stderr}`);
  return out;
}

/** A project of a user's with `files`, in which this package and `pg` are installed. */
export function writeProject(folder: string, files: { readonly [path: string]: string }): string {
  const project = join(folder, "project");
  const packages = join(project, "node_modules");
  mkdirSync(packages, { recursive: true });
  symlinkSync(root, join(packages, "slipway"));
  for (const name of ["pg", "mysql2", "mariadb", "@electric-sql"]) {
    symlinkSync(join(root, "node_modules", name), join(packages, name));
  }
  const all = {
    "package.json": `{ "name": "my_app", "version": "2.0.0", "type": "module" }`,
    "release.ts": release,
    "db/main/migrations/1_users.ts": `import { defineMigration } from "slipway";

export default defineMigration({ change: (m) => m.createTable("users", (t) => t.id()) });
`,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  return project;
}

const release = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
`;

/** Builds the release of a project, and gives its folder. */
export async function buildProject(project: string, ...flags: readonly string[]): Promise<string> {
  const built = await build(flags, project);
  if (built.code !== 0) throw new Error(`the release was not built: ${built.stderr}`);
  return join(project, "_release", "my_app");
}

/** `slipway release` in a project. */
export function build(
  flags: readonly string[],
  cwd: string,
  env: { readonly [variable: string]: string } = {},
): Promise<Ran> {
  const { PATH = "" } = process.env;
  return ran(process.execPath, [cli, "release", ...flags], { cwd, env: { PATH, ...env } });
}

/** The environment in which a release runs: its database, and the shell alone in PATH. */
export function environment(url: string, folder: string): { readonly [variable: string]: string } {
  return { DATABASE_URL: url, PATH: shellOnly(folder), SLIPWAY_NODE: process.execPath };
}

/** A folder for PATH that holds a shell and nothing else. */
export function shellOnly(folder: string): string {
  const bin = join(folder, "shell");
  mkdirSync(bin, { recursive: true });
  copyFileSync("/bin/sh", join(bin, "sh"));
  return bin;
}
