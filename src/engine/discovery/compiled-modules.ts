/** Modules that were compiled, as Node's loader finds them. */
import { readFileSync } from "node:fs";
import module from "node:module";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { mayBeTypeScript } from "./import-url.ts";
import { refuseFile } from "./readable-modules.ts";

export type Compiled = { readonly format: "module" | "commonjs"; readonly source: string };

// These belong to the process, as Node's own modules do: a file that one migration compiled another one imports.
/** By path. */
export const compiledFiles = new Map<string, Compiled>();
/** Where an import leads: importer and specifier → path. */
export const resolved = new Map<string, string>();
/** Modules that Node linked and refused: it keeps that for ever, so they get another name. */
export const refused = new Set<string>();

/** Matches the files that the bundler compiles. */
export const isSource = /(?<!\.d)\.[cm]?tsx?$/;

/** Under which URL a module is imported. */
export function urlOf(path: string): string {
  return `${pathToFileURL(path).href}${refused.has(path) ? "?slipway" : ""}`;
}

let areInstalled = false;

/** Gives Node the compiled modules from now on. */
export function installHooks(): void {
  if (areInstalled) return;
  areInstalled = true;
  module.setSourceMapsSupport?.(true);
  module.registerHooks({
    resolve(specifier, context, next) {
      const to = resolved.get(`${pathOf(context.parentURL)}\0${specifier}`);
      if (to === undefined) return next(specifier, context);
      // Which file of a package it is, Node decides: the bundler may know of another copy.
      if (!isSource.test(to) && !/^\.{1,2}\//.test(specifier)) {
        try {
          return next(specifier, context);
        } catch {
          // A path of a tsconfig.json, which Node does not know.
        }
      }
      return { url: urlOf(to), shortCircuit: true };
    },
    load(url, context, next) {
      const path = pathOf(url);
      // TypeScript asks for no type where JSON is imported.
      if (
        path.endsWith(".json") &&
        context.conditions.includes("import") &&
        !context.importAttributes.type
      ) {
        refuseFile(path);
        const source = `export default ${readFileSync(path, "utf8")}`;
        return { format: "module", source, shortCircuit: true };
      }
      const compiled = compiledFiles.get(path);
      if (compiled === undefined) return next(url, context);
      if (path.endsWith("x")) return { ...compiled, shortCircuit: true };
      // Whoever gave the module another text than its file has comes first.
      const given = orRefused(() => next(url, context));
      if (given !== undefined && !given.format?.endsWith("typescript")) return given;
      return { ...compiled, shortCircuit: true };
    },
  });
}

/** To tell the format of a file that nothing tells it of, Node leaves its types out, and refuses an enum there. */
function orRefused<Given>(load: () => Given): Given | undefined {
  try {
    return load();
  } catch (error) {
    if (mayBeTypeScript(error)) return undefined;
    throw error;
  }
}

function pathOf(url: string | undefined): string {
  return url?.startsWith("file:") ? resolve(fileURLToPath(url)) : "";
}
