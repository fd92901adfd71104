/**
 * Imports with a module that differs from its file: for a file about to be written, which the
 * release may import.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import module from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Does `work` while the module at `path` exports what `source` says, whether the file is there or
 * not. Nothing is written, so that a file with the marks of a merge in it can be made anew. Bun has
 * no such hooks: there a missing file is written and stays until the work ends.
 */
export async function withModule<Result>(
  { path, source }: { readonly path: string; readonly source: string },
  work: () => Promise<Result>,
): Promise<Result> {
  if (module.registerHooks === undefined) return withFile({ path, source }, work);
  const { href } = pathToFileURL(path);
  const hooks = module.registerHooks({
    resolve(specifier, context, next) {
      const isOurs =
        context.parentURL !== undefined &&
        /^[./]|^file:/.test(specifier) &&
        new URL(specifier, context.parentURL).href === href;
      if (isOurs) return { url: href, format: "module", shortCircuit: true };
      try {
        return next(specifier, context);
      } catch (error) {
        // Its stack names this file, as if the mistake were here.
        if (error instanceof Error) error.stack = `${error.name}: ${error.message}`;
        throw error;
      }
    },
    load: (url, context, next) =>
      url === href ? { format: "module", source, shortCircuit: true } : next(url, context),
  });
  try {
    return await work();
  } finally {
    hooks.deregister();
  }
}

async function withFile<Result>(
  { path, source }: { readonly path: string; readonly source: string },
  work: () => Promise<Result>,
): Promise<Result> {
  if (existsSync(path)) return work();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, source, { flag: "wx" });
  try {
    return await work();
  } finally {
    rmSync(path);
  }
}
