/** The app of a release: bundled from its entry, or taken as another tool built it. */
import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { ReleaseError } from "../core/model/errors.ts";
import { readFolder } from "./read-folder.ts";
import type { ReleaseFile } from "./release-file.ts";

/** The app to add. Paths are absolute. */
export type AppRequest =
  | { readonly kind: "source"; readonly entry: string }
  | { readonly kind: "folder"; readonly folder: string; readonly entry: string };

/** The app's modules, below the folder of the release: its entry, and its own copy of the release. */
export type AppModules = { readonly entry: string; readonly release?: string };

/** Where the app lies in a release. */
export const appFolder = "lib/app";

/** Names of the bundled modules. */
export const appEntries = { entry: "app", release: "release" } as const;

/** Where the modules of an app will lie. */
export function appModules(app: AppRequest): AppModules {
  if (app.kind === "source") {
    const path = (name: string) => `${appFolder}/${name}.mjs`;
    return { entry: path(appEntries.entry), release: path(appEntries.release) };
  }
  return { entry: `${appFolder}/${relative(app.folder, app.entry).split(sep).join("/")}` };
}

/** An app that was built already: its folder, as it is. */
export function builtApp(app: AppRequest): readonly ReleaseFile[] {
  return app.kind === "source" ? [] : readFolder(app.folder, appFolder);
}

const entryNames = ["server", "index", "main", "app"].flatMap((name) =>
  ["mjs", "js", "cjs"].map((ending) => `${name}.${ending}`),
);

/**
 * The wanted app, with `entry` and `folder` as absolute paths.
 *
 * @throws {ReleaseError} `app_unusable`
 */
export function appRequest(given: {
  readonly entry: string | undefined;
  readonly folder: string | undefined;
}): AppRequest | undefined {
  const { entry, folder } = given;
  if (entry !== undefined && !existsSync(entry)) throw missing(entry);
  if (folder === undefined) return entry === undefined ? undefined : { kind: "source", entry };
  if (!existsSync(folder)) throw missing(folder);
  if (entry !== undefined) {
    if (!relative(folder, entry).startsWith("..")) return { kind: "folder", folder, entry };
    throw new ReleaseError("app_unusable", {
      reason: `${entry} does not lie in ${folder}`,
      hint: "With --app-dir, --app names a file inside of that folder.",
    });
  }
  const found = entryNames.find((name) => existsSync(join(folder, name)));
  if (found !== undefined) return { kind: "folder", folder, entry: join(folder, found) };
  throw new ReleaseError("app_unusable", {
    reason: `${folder} has no ${entryNames.join(", ")}`,
    hint: "Name the file that starts the app with --app.",
  });
}

function missing(path: string): ReleaseError {
  return new ReleaseError("app_unusable", {
    reason: `there is no ${path}`,
    hint: "Give the path relative to the working folder.",
  });
}
