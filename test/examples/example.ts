/** An example, copied to where a user would have it: a project with packages in its node_modules. */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type Example = {
  /** Where the sources are. */
  readonly folder: string;
  /** Runs a script of its package.json with the project's Node, as npm would. */
  script(name: string, env?: Env): Promise<Ended>;
  /** What a script of its package.json runs. */
  scriptText(name: string): string;
  /** Runs `slipway` where the sources are. */
  slipway(args: readonly string[], env?: Env): Promise<Ended>;
  /** Takes what was built to an empty folder and removes everything else. Gives that folder. */
  takeAway(built: string): string;
  remove(): void;
};

export type Env = { readonly [variable: string]: string };

/** Copies an example; its packages are those of this repository, but for those that the test brings itself. */
export function copyExample(
  name: string,
  { without = [] }: { readonly without?: readonly string[] } = {},
): Example {
  const base = realpathSync(mkdtempSync(join(tmpdir(), `slipway-${name}-`)));
  const folder = join(base, "sources");
  cpSync(join(root, "examples", name), folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { dependencies = {}, devDependencies = {}, scripts } = manifest;
  installPackage(folder);
  for (const needed of Object.keys({ ...dependencies, ...devDependencies })) {
    if (needed === "slipway" || without.includes(needed)) continue;
    const link = join(folder, "node_modules", needed);
    const target = join(root, "node_modules", needed);
    if (!existsSync(target)) throw new Error(`${needed} is not installed: npm ci`);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link, "junction");
  }
  const bin = join(folder, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(root, "dist/cli/bin.js"), join(bin, "slipway"));
  // Where a shadow's data directory is kept, which takes seconds to make.
  symlinkSync(join(root, "node_modules/.cache"), join(folder, "node_modules/.cache"), "junction");
  const path = [dirname(process.execPath), bin, join(root, "node_modules/.bin")].join(delimiter);
  const run = (command: string, env: Env = {}) =>
    runIn(folder, ["sh", "-c", command], {
      PATH: `${path}${delimiter}${process.env.PATH}`,
      ...env,
    });
  return {
    folder,
    script: (script, env) => run(scripts[script], env),
    scriptText: (script) => scripts[script],
    slipway: (args, env) =>
      run(`node ${compiledOnce} node_modules/.bin/slipway ${quoted(args)}`, env),
    takeAway(built) {
      const away = join(base, "away");
      cpSync(join(folder, built), away, { recursive: true });
      rmSync(folder, { recursive: true });
      return away;
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

const compiledOnce = "--no-wasm-tier-up --no-wasm-dynamic-tiering";
const quoted = (args: readonly string[]) => args.map((arg) => `'${arg}'`).join(" ");

/** Puts this package into the node_modules of a project, as npm would: no link, which bundlers treat otherwise. */
export function installPackage(project: string): void {
  const folder = join(project, "node_modules/slipway");
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
}

/** Runs a program of Node to its end, with no environment but this. */
export function runNode(folder: string, args: readonly string[], env: Env = {}): Promise<Ended> {
  return runIn(folder, [process.execPath, ...args], env);
}

/** Runs a program to its end, with no environment but this. */
export function runIn(
  cwd: string,
  [command = "", ...args]: readonly string[],
  env: Env,
): Promise<Ended> {
  return new Promise((done) => {
    execFile(command, args, { cwd, env, timeout: 240_000 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}
