/** The command of another tool, as its users type it, in their folder. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const packages = resolve(import.meta.dirname, "../../node_modules");

/**
 * Runs the program of a package to its end and gives what it said.
 *
 * @throws with all that it said when it does not end well
 */
export function runTool(
  folder: string,
  [name, ...args]: readonly [string, ...string[]],
  env: { readonly [variable: string]: string } = {},
): Promise<string> {
  const { bin } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
  const program = join(packages, name, typeof bin === "string" ? bin : bin[name]);
  const options = { cwd: folder, env: { PATH: process.env.PATH ?? "", ...env }, timeout: 120_000 };
  return new Promise((done, fail) => {
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      const said = `${stdout}\n${stderr}`;
      if (error === null) done(said);
      else fail(new Error(`${name} ${args.join(" ")}:\n${said}`));
    });
  });
}
