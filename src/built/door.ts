/** The entry of a built release's bundle: the command line, with the release inside. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AppExports } from "../cli/command.ts";
import { builtCommands } from "../cli/commands/built.ts";
import type { BuiltApp } from "../cli/main.ts";
import { runProcess } from "../cli/run-process.ts";
import type { Release } from "../release/release.ts";

/** The facts from the build. */
export type BuiltFacts = {
  readonly release: Release;
  /** The version of the package that built it. */
  readonly slipway: string;
  /** The app's modules, below the folder of the release: its entry, and its own copy of the release. */
  readonly app?: { readonly entry: string; readonly release?: string };
};

/** Runs the command line of this process. `root` is the folder of the release, where it is one. */
export async function runBuilt(
  { release, slipway, app }: BuiltFacts,
  root: string | undefined,
): Promise<void> {
  await runProcess(process.argv.slice(2), {
    commands: builtCommands,
    slipway,
    name: `bin/${release.app}`,
    release: async () => release,
    built: true,
    root,
    app: app === undefined || root === undefined ? undefined : () => importApp(app, root),
  });
}

async function importApp(app: NonNullable<BuiltFacts["app"]>, root: string): Promise<BuiltApp> {
  const load = async (path: string): Promise<AppExports> =>
    await import(pathToFileURL(join(root, path)).href);
  const exports = await load(app.entry);
  const { Release } = app.release === undefined ? {} : await load(app.release);
  return { exports, Release: Release as Release | undefined };
}
