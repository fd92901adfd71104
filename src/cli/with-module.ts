/** Imports with a module that is not what its file says: for a file about to be written, which the release may import. */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * Does `work` while the module at `path` exports what `source` says, whether the file is there or not.
 * Nothing is written, so that a file with the marks of a merge in it can be made anew.
 */
export async function withModule<Result>(
  { path, source }: { readonly path: string; readonly source: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const { href } = pathToFileURL(path);
  const hooks = registerHooks({
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
