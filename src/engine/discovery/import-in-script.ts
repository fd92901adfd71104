/** TypeScript with `import` in a project of CommonJS, as TypeORM and Nest make them: only a compiler can run it. */
import { createRequire } from "node:module";

/**
 * Throws what Node would throw for `text`, the file at `path`, which it takes for a script. Node itself says so on
 * stderr first, once for each file, with advice that would break such a project.
 *
 * @throws {SyntaxError} that `mayBeTypeScript` knows
 */
export function refuseImportInScript(path: string, text: string): void {
  const found = importLine.exec(text);
  if (found === null || isScript.test(text) || othersLoadIt()) return;
  const line = text.slice(0, found.index).split("\n").length;
  const error = new SyntaxError(importInScript);
  error.stack = `${path}:${line}\n${error}`;
  throw error;
}

/** As Node words it. */
export const importInScript = "Cannot use import statement outside a module";

/** ts-node and its like make JavaScript of it by themselves. */
function othersLoadIt(): boolean {
  return createRequire(import.meta.url).extensions[".ts"] !== undefined;
}

// Node leaves out `import type` and `export interface`, so they do not make a module of a file.
const importLine =
  /^(?:import\s*(?!type\s+[\w{*])[\w{*"']|export\s*(?!(?:type|interface|declare)\s)[\w{*]).*/m;
// Whoever writes both means a script, and the line stands in a text of it.
const isScript = /\b(?:module\.)?exports\b/;
