/** Imports a file of the user's: as Node does, and through the bundler what Node cannot run. */
import { pathToFileURL } from "node:url";
import { isReleaseError } from "../../core/model/errors.ts";
import { importUrl, mayBeTypeScript } from "./import-url.ts";
import { refuseUnreadable } from "./readable-modules.ts";
import { NeedsBundler } from "./unloadable.ts";

/**
 * The exports of the module at `path`. Node runs TypeScript by leaving its types out, and that is
 * tried first. Where that is not enough (enums, decorators, paths of a tsconfig.json, imports
 * without an ending), esbuild makes JavaScript of the file and of its imports, if the project at
 * `root` has it.
 *
 * @throws any error of the module; `NeedsBundler`; `not_utf8` for it and its imports
 */
export async function importFile(path: string, root: string): Promise<unknown> {
  const { href } = pathToFileURL(path);
  refuseUnreadable(root, path);
  try {
    return await importUrl(href);
  } catch (error) {
    if (!isTypeScript.test(path) || !mayBeTypeScript(error)) throw error;
    const { compileWithBundler } = await import("./compile.ts");
    try {
      return await importUrl(await compileWithBundler(path, { root, refusal: error }));
    } catch (again) {
      const isMissing = isReleaseError(again) && again.code === "bundler_missing";
      throw isMissing ? new NeedsBundler(error.message, { cause: error }) : again;
    }
  }
}

const isTypeScript = /\.[cm]?tsx?$/;
