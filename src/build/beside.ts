/**
 * Packages that lie beside the bundle as they are installed, because they read further files: WASM,
 * native parts.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { DevelopmentError } from "../core/model/development-error.ts";
import type { ReleaseError } from "../core/model/errors.ts";
import { readFolder } from "./read-folder.ts";
import type { ReleaseFile } from "./release-file.ts";

/**
 * Files that no program reads: a package's types and maps. Its dependencies are added separately.
 */
const leaveOut = /\.(?:map|d\.[cm]?ts)$|^node_modules[\\/]/;

/**
 * The files of packages and of all that they depend on, in `lib/node_modules`.
 *
 * @throws {ReleaseError} `bundling_failed` for one that is not installed
 */
export function packagesBeside(names: readonly string[], root: string): readonly ReleaseFile[] {
  const found = new Map<string, string>();
  const add = (name: string, from: string, isNeeded: boolean) => {
    const folder = packageFolder(name, from);
    if (folder === undefined) {
      if (isNeeded) throw missing(name);
      return;
    }
    if (found.has(name)) return;
    found.set(name, folder);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    );
    for (const needed of Object.keys(dependencies)) {
      add(needed, folder, !(needed in optionalDependencies));
    }
    for (const optional of Object.keys(optionalDependencies)) add(optional, folder, false);
  };
  for (const name of names) add(name, root, true);
  return [...found].flatMap(([name, folder]) =>
    readFolder(folder, `lib/node_modules/${name}`, { leaveOut }),
  );
}

/** Whether a project at `root` finds the package. */
export function isInstalled(name: string, root: string): boolean {
  return packageFolder(name, root) !== undefined;
}

function packageFolder(name: string, from: string): string | undefined {
  const folder = join(from, "node_modules", name);
  if (existsSync(join(folder, "package.json"))) return realpathSync(folder);
  const above = dirname(from);
  return above === from ? undefined : packageFolder(name, above);
}

function missing(name: string): ReleaseError {
  return new DevelopmentError("bundling_failed", {
    places: [`the package ${name} is not installed`],
    hint: `npm install ${name}`,
  });
}
