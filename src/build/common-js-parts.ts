/**
 * All exports of a CommonJS module by name, as its `import()` gives them. The bundler's file for
 * such a module exports only `default`, the module as a whole, and no names.
 * See https://nodejs.org/docs/latest-v24.x/api/esm.html#commonjs-namespaces
 */
import { basename, relative, sep } from "node:path";
import type { Metafile, OutputFile } from "../engine/discovery/esbuild.ts";

/** The same files; of those that are such modules `import()` gives the names too. */
export function withNames(
  files: readonly OutputFile[],
  { metafile, root }: { readonly metafile: Metafile; readonly root: string },
): readonly OutputFile[] {
  const parts = commonJsParts(metafile);
  return files.map((file) => {
    const path = relative(root, file.path).split(sep).join("/");
    if (!parts.has(path)) return file;
    const text = named(file.text, basename(path));
    return { ...file, text, contents: Buffer.from(text) };
  });
}

/** Files that are modules in CommonJS, and that another file imports later. */
function commonJsParts({ inputs, outputs }: Metafile): ReadonlySet<string> {
  const later = Object.values(outputs).flatMap(({ imports }) =>
    imports.flatMap(({ kind, path }) => (kind === "dynamic-import" ? [path] : [])),
  );
  return new Set(
    later.filter((path) => {
      const { entryPoint = "", exports = [] } = outputs[path] ?? {};
      return inputs[entryPoint]?.format === "cjs" && exports.includes("default");
    }),
  );
}

/**
 * `then` makes `import()` give these names from anywhere: a promise of a module with `then`
 * resolves to the object that `then` gives. Each name is read only on use, because some packages
 * load a part at that moment. The text comes at the end, where it moves no line of the source map.
 */
function named(text: string, file: string): string {
  const map = text.lastIndexOf("//# sourceMappingURL=");
  const [code, rest] = map === -1 ? [text, ""] : [text.slice(0, map), text.slice(map)];
  return `${code.trimEnd()}
import __slipwayWhole from "./${file}";
export const then = (done) => {
  const names = { default: { value: __slipwayWhole, enumerable: true } };
  const own = typeof __slipwayWhole === "function" ? ["length", "name", "prototype", "arguments", "caller"] : [];
  for (const name of Object.getOwnPropertyNames(Object(__slipwayWhole)))
    if (!["default", "then", ...own].includes(name))
      names[name] = { get: () => __slipwayWhole[name], enumerable: true };
  done(Object.create(null, names));
};
${rest}`;
}
