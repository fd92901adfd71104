/**
 * V8's flags for a process that only Slipway uses, each just before something needs it: after one
 * is set, Node compiles its modules again, which takes an eighth of a command with nothing to do.
 */
import module from "node:module";

/**
 * Sets separate flags before PostgreSQL's parser loads. Else V8 compiles it a second time in the
 * background: seconds of processor time and 600 MiB for a process that parses a few files.
 * Migrations that are modules are loaded behind `keepYoungFew`.
 */
export function flagsInTime(): void {
  let byUrl = 0;
  module.registerHooks?.({
    resolve(specifier, context, next) {
      // The first file that is imported by its URL is the release.
      if (specifier.startsWith("file:") && ++byUrl === 2) keepYoungFew();
      if (specifier === "libpg-query") {
        set("--no-wasm-tier-up", "--no-wasm-dynamic-tiering");
        keepYoungFew();
      }
      return next(specifier, context);
    },
  });
}

/**
 * The space for young objects would grow to 130 MB: a third of the memory of a run of a thousand
 * files, or of one large file.
 */
export function keepYoungFew(): void {
  set("--semi-space-growth-factor=1");
}

function set(...flags: readonly string[]): void {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of flags) setFlagsFromString(flag);
}
