import { readFileSync, writeFileSync } from "node:fs";

/** As esbuild writes it. */
const named = /^import \{([^}]*)\} from "(node:[\w/]+)";$/gm;
const whole = /^import ([\w$]+) from "(node:[\w/]+)";$/gm;

/**
 * Takes modules of Node's from `process`: the loader of modules takes a while for each `import` of one, and looks at all
 * that it exports, which loads what `node:fs` and `node:util` load only for who asks. `slipway release` makes imports of
 * them again, for the bundler leaves out those that nothing needs: see src/build/builtin-imports.ts.
 * @param {string} file of `dist`
 */
export function takeBuiltins(file) {
  const text = readFileSync(file, "utf8");
  const taken = text
    .replace(
      named,
      (_, /** @type {string} */ names, /** @type {string} */ id) =>
        `const {${names.replace(/ as /g, ": ")}} = process.getBuiltinModule("${id}");`,
    )
    .replace(whole, 'const $1 = process.getBuiltinModule("$2");');
  if (taken !== text) writeFileSync(file, taken);
}
