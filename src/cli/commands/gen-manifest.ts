import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { CarriedRepo } from "../../build/carried.ts";
import { withoutLargeFiles } from "../../build/large-files.ts";
import { manifestHead, manifestText } from "../../build/manifest-text.ts";
import { sameManifest } from "../../build/same-manifest.ts";
import { textThere, writeWhole } from "../../build/whole-file.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import type { Release } from "../../release/release.ts";
import { carryRelease } from "../carried-release.ts";
import { defineCommand, type Ending } from "../command.ts";
import { findProject, type Project } from "../find-release.ts";
import { flag, value } from "../flags.ts";
import { moduleEnding } from "../module-ending.ts";
import { modulePath } from "../parse.ts";
import { withModule } from "../with-module.ts";

/** `gen manifest`: writes the module that carries the migrations, for programs that are bundled. */
export const genManifest = defineCommand({
  flags: {
    out: value(
      "--out <file>",
      "write this file; default db/manifest, with the ending of the release file",
      modulePath,
    ),
    check: flag("--check", "write nothing; exit 3 if the file is out of date"),
    overwrite: flag("--overwrite", "overwrite a file that is not a manifest"),
  },
  async run({ flags, context }) {
    const { world, releasePath } = context;
    const project = findProject({ cwd: world.cwd, path: releasePath });
    const { root } = project;
    const path = flags.out === undefined ? defaultPath(project) : resolve(world.cwd, flags.out);
    const shown = relative(world.cwd, path);
    const release = await withModule({ path, source: "export const manifest = {};" }, () =>
      context.release(),
    );
    refuseMaps(release);
    const carried = await carryRelease(release, root);
    for (const { message } of carried.warnings) world.tell(`warning: ${message}\n`);
    const text = textFor(carried.repos, path);
    const there = textThere(path);
    const isFresh = there !== undefined && sameManifest(there, text);
    if (flags.check === true) {
      if (!isFresh && !carried.isJudged && there?.includes("verdict:"))
        throw new DevelopmentError("parser_missing", { command: "gen manifest --check" });
      return checked({ path: shown, isFresh, isThere: there !== undefined });
    }
    if (there !== undefined && !isFresh && flags.overwrite !== true) refuseOther(there, shown);
    if (!isFresh) writeWhole({ path, contents: text });
    const did = isFresh ? "unchanged" : there === undefined ? "creating" : "updating";
    return { data: { path: shown, changed: !isFresh }, text: `* ${did} ${shown}\n` };
  },
});

/** Beside the migrations, in the language of the release. */
function defaultPath({ root, releaseFile = "release.ts" }: Project): string {
  const ending = /\.m?js$/.test(releaseFile) ? "mjs" : moduleEnding(root);
  return join(root, "db", `manifest.${ending}`);
}

/** @throws {ReleaseError} `usage_invalid` when there is no folder to write of */
function refuseMaps(release: Release): void {
  const folders = release
    .repos()
    .flatMap((name) => [...release.folders(name), ...release.folders(name, { data: true })]);
  if (folders.length > 0) return;
  throw new ReleaseError("usage_invalid", {
    reason: "every repo takes its migrations from a map already",
    hint: "There is nothing to write: a map goes into a bundle as it is.",
  });
}

function textFor(repos: readonly CarriedRepo[], path: string): string {
  const inFolder = (file: string) => relative(dirname(path), file).split(sep).join("/");
  return manifestText(
    withoutLargeFiles(repos, (file) => readFileSync(file, "utf8")),
    {
      specifier: (file) => inFolder(file).replace(/^(?!\.\.?\/)/, "./"),
      head: manifestHead,
      typed: /ts$/.test(path),
    },
  );
}

function checked(found: {
  readonly path: string;
  readonly isFresh: boolean;
  readonly isThere: boolean;
}): Ending {
  const { path, isFresh, isThere } = found;
  if (!isFresh) throw new DevelopmentError("manifest_stale", { path, isThere });
  return { data: { path, fresh: true }, text: `${path} is fresh\n` };
}

/** A file that a person wrote is not written over. @throws {ReleaseError} `file_exists` */
function refuseOther(text: string, path: string): void {
  if (!text.includes(manifestHead[0]!))
    throw new DevelopmentError("file_exists", { path, flag: "--overwrite" });
}
