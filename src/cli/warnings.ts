/** Warnings of Node that the user of a command line can do nothing about. */

/**
 * `node:sqlite` is new, a `release.ts` may lie in a package without a `type`, and an evaluated
 * expression may import: all work as they should. If Node cannot load a file as it is, esbuild
 * turns it into JavaScript, or an error reports it.
 */
const expected =
  /^SQLite is an experimental feature|^Module type of .* is not specified|^vm\.USE_MAIN_CONTEXT_DEFAULT_LOADER|^Failed to load the ES module: .*ts\. /;

/** Leaves those out. Node prints every other warning as usual. */
export function quietWarnings(): void {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const text = typeof warning === "string" ? warning : warning.message;
    if (!expected.test(text)) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
}
