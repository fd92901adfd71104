/** Makes JavaScript of TypeScript that Node cannot run, module by module, so that each stays the module that it is. */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  type Compiled,
  compiledFiles,
  installHooks,
  isSource,
  refused,
  resolved,
  urlOf,
} from "./compiled-modules.ts";
import { type BuildOptions, type Bundler, importBundler, type Message } from "./esbuild.ts";
import { importUrl, mayBeTypeScript } from "./import-url.ts";
import { refuseFile } from "./readable-modules.ts";

/** Compiles the file at `path` with all that it imports, and gives the URL under which to import it. */
export async function compileWithBundler(
  path: string,
  { root, refusal }: { readonly root: string; readonly refusal: unknown },
): Promise<string> {
  const bundler = await importBundler(root);
  installHooks();
  const { graph, failed } = await walk(bundler, path);
  if (failed !== undefined) throw isUnsupported(refusal) ? failed : refusal;
  const fresh = [...graph.keys()].filter((file) => isSource.test(file) && !compiledFiles.has(file));
  for (const [file, one] of await compile(bundler, fresh)) compiledFiles.set(file, one);
  await findRefused(path, graph);
  return urlOf(path);
}

type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * Every file of the project that `path` leads to, with the files that each imports when it is linked. Writes to
 * `resolved`.
 */
async function walk(
  bundler: Bundler,
  path: string,
): Promise<{ readonly graph: Graph; readonly failed?: Error }> {
  const graph = new Map<string, string[]>([[path, []]]);
  const asked = Symbol("asked");
  try {
    await bundler.build({
      ...silent,
      entryPoints: [path],
      bundle: true,
      outdir: dirname(path),
      plugins: [
        {
          name: "walk",
          setup(build) {
            build.onResolve({ filter: /./ }, async ({ path: specifier, ...found }) => {
              if (found.pluginData === asked || found.kind === "entry-point") return undefined;
              const { importer, resolveDir, kind } = found;
              const to = await build.resolve(specifier, {
                ...{ importer, resolveDir, kind },
                pluginData: asked,
              });
              const isFile = to.errors.length === 0 && !to.external && to.namespace === "file";
              const outside = { path: specifier, external: true };
              if (!isFile || isPackage.test(to.path)) return outside;
              resolved.set(`${importer}\0${specifier}`, to.path);
              // Node runs JavaScript itself, with its imports.
              if (!isSource.test(to.path)) return outside;
              if (!graph.has(to.path)) graph.set(to.path, []);
              if (kind !== "dynamic-import") graph.get(importer)?.push(to.path);
              return { path: to.path };
            });
          },
        },
      ],
    });
    return { graph };
  } catch (error) {
    return { graph, failed: inWords(error) };
  }
}

const isPackage = /[\\/]node_modules[\\/]/;
const silent: BuildOptions = {
  write: false,
  platform: "node",
  target: "node22.18",
  logLevel: "silent",
};

/** Each file for itself, as its own tsconfig.json has it. */
function compile(
  bundler: Bundler,
  files: readonly string[],
): Promise<readonly (readonly [string, Compiled])[]> {
  return Promise.all(
    files.map(async (file) => {
      refuseFile(file);
      const format = formatOf(file);
      const { outputFiles } = await bundler.build({
        ...silent,
        entryPoints: [file],
        outfile: file.replace(/tsx?$/, "js"),
        format: format === "module" ? "esm" : "cjs",
        sourcemap: "inline",
        sourcesContent: false,
      });
      return [file, { format, source: outputFiles?.[0]?.text ?? "" }] as const;
    }),
  );
}

/** As Node decides it: by the ending, by package.json, and by the text where both are silent. */
function formatOf(file: string): Compiled["format"] {
  if (/\.mtsx?$/.test(file)) return "module";
  if (/\.ctsx?$/.test(file)) return "commonjs";
  const said = packageType(dirname(file));
  if (said !== undefined) return said;
  const text = readFileSync(file, "utf8");
  return /\b(?:__dirname|__filename|module\.exports)\b|\brequire\s*\(/.test(text) &&
    !/\bimport\.meta\b/.test(text)
    ? "commonjs"
    : "module";
}

function packageType(folder: string): Compiled["format"] | undefined {
  try {
    const { type } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return type === "module" || type === "commonjs" ? type : undefined;
  } catch {
    const above = dirname(folder);
    return above === folder ? undefined : packageType(above);
  }
}

/** A module that was linked before, by a file that Node could run, stays as it is: there is only one of each. */
async function findRefused(path: string, graph: Graph): Promise<void> {
  for (const file of linkedBy(path, graph)) {
    const isKept = file === path || compiledFiles.get(file)?.format === "module";
    if (!isKept || refused.has(file)) continue;
    try {
      await importUrl(urlOf(file));
    } catch (error) {
      if (!mayBeTypeScript(error)) throw error;
      refused.add(file);
    }
  }
}

/** A file and its imports, the imports first. */
function linkedBy(path: string, graph: Graph, seen = new Set<string>()): readonly string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  return [...(graph.get(path) ?? []).flatMap((one) => linkedBy(one, graph, seen)), path];
}

/** Node could read it and would not run it. */
function isUnsupported(refusal: unknown): boolean {
  return (
    refusal instanceof Error &&
    "code" in refusal &&
    refusal.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX"
  );
}

/** With the place where Node has it too: in the first line of the stack. */
function inWords(error: unknown): Error {
  const [first] = (error as { readonly errors?: readonly Message[] }).errors ?? [];
  if (!(error instanceof Error) || !first) return new Error(String(error), { cause: error });
  const told = new SyntaxError(first.text, { cause: error });
  if (first.location !== null) {
    const { file, line } = first.location;
    told.stack = `${resolve(file)}:${line}\n${told.stack}`;
  }
  return told;
}
