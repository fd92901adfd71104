/** Generated files → disk or stdout. */
import { join, relative, resolve } from "node:path";
import { textThere, writeAllWhole } from "../../build/whole-file.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { refuse } from "../../core/model/errors.ts";
import type { GeneratedFile } from "../../deploy/generated-file.ts";
import type { CommandContext, Ending } from "../command.ts";
import { findProject } from "../find-release.ts";
import { type FlagValues, flag, value } from "../flags.ts";
import { path } from "../parse.ts";

/** Where generated files go. */
export const generatedFlags = {
  out: value("--out <folder>", "write below this folder", path),
  stdout: flag("--stdout", "print them and write nothing"),
  overwrite: flag("--overwrite", "also over files that are there"),
};

export type GeneratedPlace = {
  readonly flags: FlagValues<typeof generatedFlags>;
  readonly context: CommandContext;
  /** Where they go without `--out`, relative to the project. */
  readonly folder: string;
};

/** The folder that the files go to, as an absolute path. */
export function generatedFolder({ flags, context, folder }: GeneratedPlace): string {
  const { world, releasePath } = context;
  if (flags.out !== undefined) return resolve(world.cwd, flags.out);
  return join(findProject({ cwd: world.cwd, path: releasePath }).root, folder);
}

/**
 * Writes all of them or none. An existing file with the same content stays.
 *
 * @throws {ReleaseError} `file_exists` for every existing file with other content
 */
export function writeGenerated(files: readonly GeneratedFile[], place: GeneratedPlace): Ending {
  if (place.flags.stdout === true) return { data: { files }, text: printed(files) };
  const folder = generatedFolder(place);
  const { cwd } = place.context.world;
  const states = files.map((file) => {
    const absolute = join(folder, file.path);
    const there = textThere(absolute);
    return { ...file, absolute, shown: relative(cwd, absolute), there };
  });
  if (place.flags.overwrite !== true) {
    const others = states.filter(({ there, text }) => there !== undefined && there !== text);
    refuse(
      others.map(
        ({ shown }) => new DevelopmentError("file_exists", { path: shown, flag: "--overwrite" }),
      ),
    );
  }
  const changed = states.filter(({ text, there }) => there !== text);
  writeAllWhole(changed.map(({ absolute, text }) => ({ path: absolute, contents: text })));
  const done = states.map(({ shown, text, there }) => {
    const did = there === text ? "unchanged" : there === undefined ? "creating" : "updating";
    return { path: shown, did };
  });
  const text = done.map(({ path, did }) => `* ${did} ${path}\n`).join("");
  return { data: { files: done }, text };
}

/** One file as it is; several as YAML documents, each with its path. */
function printed(files: readonly GeneratedFile[]): string {
  const [first, second] = files;
  if (first !== undefined && second === undefined) return first.text;
  return files.map(({ path, text }) => `# --- ${path}\n${text}`).join("---\n");
}
