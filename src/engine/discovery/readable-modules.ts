/** Modules of the project that are not UTF-8: Node would run them with other characters in their texts. */
import { existsSync } from "node:fs";
import module from "node:module";
import { resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { displayPath } from "./display-path.ts";
import { refuseImportInScript } from "./import-in-script.ts";
import { readText } from "./read-text.ts";

// These belong to the process, as Node's own modules do: a file that one migration imported is not loaded again for
// another.
const roots = new Set<string>();
let isWatched = true;

/**
 * From now on an import of a file below `root` throws when it is not UTF-8. `path` is the one that is imported now. Packages are left to those who made them.
 *
 * @throws {ReleaseError} `not_utf8`, or from the import
 */
export function refuseUnreadable(root: string, path: string): void {
  const isFirst = roots.size === 0;
  roots.add(resolve(root));
  if (isFirst) watch();
  if (!isWatched) refuseFile(path);
}

function watch(): void {
  try {
    module.registerHooks({
      load(url, context, next) {
        const path = url.startsWith("file:") ? fileURLToPath(url) : "";
        const text = isText.test(path) ? refuseFile(path) : undefined;
        const loaded = next(url, context);
        if (text !== undefined && loaded.format === "commonjs-typescript")
          refuseImportInScript(path, text);
        return loaded;
      },
    });
  } catch {
    // Jest loads modules by itself and lets nobody look: then Slipway does not look at the imports of a module.
    isWatched = false;
  }
}

/**
 * The text of the file, where Slipway looks at it. @throws {ReleaseError} `not_utf8` for a file
 * below one of the roots that is no package's
 */
export function refuseFile(path: string): string | undefined {
  const root = [...roots].find((one) => path.startsWith(one + sep));
  if (root === undefined || isPackage.test(path.slice(root.length))) return undefined;
  // Another hook may stand for a file that is not there; without one Node says so itself.
  if (!existsSync(path)) return undefined;
  return readText(path, displayPath(root, path));
}

const isText = /\.(?:[cm]?[jt]sx?|json)$/;
const isPackage = /[\\/]node_modules[\\/]/;
