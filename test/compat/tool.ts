/** The command of another tool, as its users type it, in their folder. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const packages = resolve(import.meta.dirname, "../../node_modules");

type Env = { readonly [variable: string]: string };

/**
 * Runs the program of a package to its end and gives what it said.
 *
 * @throws with all that it said when it does not end well
 */
export function runTool(
  folder: string,
  [name, ...args]: readonly [string, ...string[]],
  env: Env = {},
): Promise<string> {
  const { bin } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
  const program = join(packages, name, typeof bin === "string" ? bin : bin[name]);
  return runProgram(folder, [program, ...args], env);
}

/** Runs a program of the project's own, such as one that calls a library. */
export function runProgram(folder: string, command: readonly string[], env: Env = {}) {
  const options = { cwd: folder, env: { PATH: process.env.PATH ?? "", ...env }, timeout: 120_000 };
  return new Promise<string>((done, fail) => {
    execFile(process.execPath, [...command], options, (error, stdout, stderr) => {
      const said = `${stdout}\n${stderr}`;
      if (error === null) done(said);
      else fail(new Error(`${command.join(" ")}:\n${said}`));
    });
  });
}
