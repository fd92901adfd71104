/** The bundler, which is installed only where releases are built. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Esbuild from "esbuild";
import { DevelopmentError } from "../../core/model/development-error.ts";

export type { BuildOptions, Loader, Message, Metafile, OutputFile, Plugin } from "esbuild";
export type Bundler = typeof Esbuild;

/** The project's own, or else the one that is installed beside this package. @throws {ReleaseError} `bundler_missing` */
export async function importBundler(root: string): Promise<Bundler> {
  for (const from of [join(root, "package.json"), import.meta.url]) {
    try {
      // webpack would look for it in an app that has no use for it, if it saw the call.
      const [path = ""] = [createRequire].map((make) => make(from).resolve("esbuild"));
      return await import(
        /* webpackIgnore: true */ /* turbopackIgnore: true */ pathToFileURL(path).href
      );
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  throw new DevelopmentError("bundler_missing", {});
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
}
