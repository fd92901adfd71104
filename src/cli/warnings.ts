/** Warnings of Node that the user of a command line can do nothing about. */

/** `node:sqlite` is new, and a `release.ts` may lie in a package without a `type`: both work as they should. */
const expected = /^SQLite is an experimental feature|^Module type of .* is not specified/;

/** Leaves those out. Every other warning is printed as ever. */
export function quietWarnings(): void {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const text = typeof warning === "string" ? warning : warning.message;
    if (!expected.test(text)) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
}
