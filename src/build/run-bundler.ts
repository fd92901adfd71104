/** Runs the bundler once, and gives its output as data. */
import { relative, resolve, sep } from "node:path";
import { DevelopmentError } from "../core/model/development-error.ts";
import { warning } from "../core/model/warnings.ts";
import type {
  BuildOptions,
  Bundler,
  Message,
  Metafile,
  OutputFile,
} from "../engine/discovery/esbuild.ts";
import { isInstalled } from "./beside.ts";
import type { Bundled, BundleRequest } from "./bundle-request.ts";
import { withNames } from "./common-js-parts.ts";
import { largeFilesIn, largeModule } from "./large-files.ts";
import { filesOfPackage, laterModules } from "./later-modules.ts";
import { modulesPlugin, type PluginOptions, readFilesOfTheirOwn } from "./modules-plugin.ts";
import type { Needs } from "./needs.ts";
import { isNotNeeded } from "./not-needed.ts";
import { sourceNames } from "./source-names.ts";
import { splitFiles } from "./split-files.ts";
import { standIn } from "./stand-ins.ts";

/** One run: entries that share their modules. */
export type Part = {
  /** Slipway's modules by name. */
  readonly modules: { readonly [name: string]: string };
  /** Paths, or names of Slipway's modules, by the name of the output. */
  readonly entries: { readonly [name: string]: string };
  /** A name of Slipway's that the bundler keeps, and its replacement. */
  readonly external?: { readonly [name: string]: string };
  readonly format: "cjs" | "esm";
  /** Where it lies in the release. */
  readonly folder: string;
  readonly ending: ".cjs" | ".mjs";
  readonly minify: true | "names are kept";
  /** Whether code that a short command does not run lies in separate files. Default: `false`. */
  readonly split?: boolean;
  readonly options: BuildOptions;
  /** The parts of Slipway that the release needs; the rest is left out. Default: all. */
  readonly needs?: Needs;
};

/** @throws {ReleaseError} `bundling_failed` */
export async function runBundler(
  bundler: Bundler,
  part: Part,
  request: BundleRequest,
): Promise<Bundled> {
  const { root, slipway } = request;
  const beside = [...readFilesOfTheirOwn, ...request.beside];
  const large = new Map(largeFilesIn(request.repos).map((file) => [file.path, largeModule(file)]));
  const build = async (options: BuildOptions, more: Partial<PluginOptions> = {}) =>
    bundler.build({
      ...options,
      external: beside.flatMap((name) => [name, `${name}/*`]),
      plugins: [modulesPlugin({ ...request, ...part, large, slipway: slipway.folder, ...more })],
      bundle: true,
      write: false,
      metafile: true,
    });
  try {
    const options = optionsOf(part, root);
    const { outputFiles, metafile, warnings } =
      part.split === true
        ? await build({ ...options, ...whenSplit }, await laterOf(part, request, build))
        : await build(options);
    const files = withNames(outputFiles, { metafile, root });
    const importsOf = (name: string) =>
      Object.entries(metafile.inputs).filter(([, { imports }]) =>
        imports.some(({ path }) => path === name || path.startsWith(`${name}/`)),
      );
    const isNeeded = (name: string, importer: string) =>
      isOfPackage(slipway.folder, importer) || !isNotNeeded(name, importer);
    const made =
      part.split === true ? await splitFiles(bundler, { files, metafile, root, options }) : files;
    return {
      files: made.map(({ path, contents, text }) => ({
        path: `${part.folder}/${relative(root, path).split(sep).join("/")}`,
        contents: path.endsWith(".map")
          ? sourceNames(text, { root, slipway: slipway.folder })
          : contents,
      })),
      // A library imports the drivers of all databases: keep only those that are installed.
      beside: beside.filter((name) =>
        importsOf(name).some(
          ([importer]) => isNeeded(name, resolve(root, importer)) || isInstalled(name, root),
        ),
      ),
      warnings: warnings.map((one) => warning("bundler_warned", { said: placeOf(one) })),
    };
  } catch (error) {
    throw failed(error);
  }
}

/** split-files.ts makes scripts of them. */
const whenSplit = {
  chunkNames: "[name]-[hash]",
  sourcemap: "inline",
  format: "esm",
  splitting: true,
  supported: { "top-level-await": false },
} as const;

type Build = (options: BuildOptions) => Promise<{
  readonly metafile: Metafile;
  readonly outputFiles: readonly OutputFile[];
}>;

/** Which files of this package a bundle has is known when it was made once. */
async function laterOf(
  part: Part,
  { root, slipway }: BundleRequest,
  build: Build,
): Promise<Partial<PluginOptions>> {
  const { metafile, outputFiles } = await build({
    ...optionsOf(part, root),
    minify: false,
    sourcemap: false,
  });
  const { texts, laterName } = laterModules({
    files: filesOfPackage(metafile, { root, slipway: slipway.folder }),
    text: outputFiles.map(({ text }) => text).join("\n"),
    isStandIn: (path) => standIn(path, { format: "cjs", needs: part.needs }) !== undefined,
  });
  const modules = { ...part.modules };
  for (const [name, text] of Object.entries(texts)) modules[name] = (modules[name] ?? "") + text;
  return { modules, laterName };
}

function optionsOf(part: Part, root: string): BuildOptions {
  const { format, ending, minify, entries, options } = part;
  return {
    absWorkingDir: root,
    entryPoints: entries,
    // Nothing is written there: source maps name sources relative to it.
    outdir: root,
    outExtension: { ".js": ending },
    splitting: format === "esm",
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    format,
    target: "node22.18",
    // The launcher reads ASCII files, where that can be: see boot.ts.
    charset: format === "esm" ? "utf8" : "ascii",
    ...(minify === true
      ? { minify }
      : { minifySyntax: true, minifyWhitespace: true, keepNames: true }),
    sourcemap: true,
    sourcesContent: false,
    logLevel: "silent",
    // Silence esbuild about a chunk without effects, and about a release file without a default
    // export.
    logOverride: { "ignored-bare-import": "silent", "import-is-undefined": "silent" },
    ...options,
  };
}

/** Whether a file is the package's own, and not of one that lies in its `node_modules`. */
function isOfPackage(folder: string, file: string): boolean {
  return (
    file.startsWith(folder + sep) && !file.slice(folder.length).includes(`${sep}node_modules${sep}`)
  );
}

function failed(error: unknown): unknown {
  if (!(error instanceof Error) || !("errors" in error)) return error;
  const messages = error.errors as readonly Message[];
  const awaits = messages.some(({ text }) => text.includes("Top-level await"));
  const hint = awaits
    ? "Leave out await at the top level of the release file, of migrations and of what they import; an app may have it."
    : "Correct what it names.";
  const places = messages.map(placeOf);
  return new DevelopmentError("bundling_failed", { places, hint }, { cause: error });
}

function placeOf({ text, location }: Message): string {
  return location === null ? text : `${location.file}:${location.line}: ${text}`;
}
