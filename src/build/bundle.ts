/** Bundles the command line of a release, its migrations, and the app where there is one. */
import { join, relative, sep } from "node:path";
import { ReleaseError } from "../core/errors.ts";
import type { CarriedRepo } from "./carried.ts";
import { listedModule, mainModule, moduleNames, releaseModule } from "./entry-text.ts";
import { type BuildOptions, type Bundler, importBundler, type Message } from "./esbuild.ts";
import { manifestText } from "./manifest-text.ts";
import { beside, modulesPlugin } from "./modules-plugin.ts";
import type { ReleaseFile } from "./release-file.ts";
import { sourceNames } from "./source-names.ts";

export type BundleRequest = {
  /** The folder of the project. */
  readonly root: string;
  readonly releaseFile: string;
  readonly repos: readonly CarriedRepo[];
  /** What the release does not say itself. */
  readonly version: string | undefined;
  /** The folder of this package, and its version. */
  readonly slipway: { readonly folder: string; readonly version: string };
};

export type Bundled = {
  readonly files: readonly ReleaseFile[];
  /** Packages that are to lie beside the bundle. */
  readonly beside: readonly string[];
  readonly warnings: readonly string[];
};

/** Node gives these to a module and not to a bundle in CommonJS. */
const meta = {
  "import.meta.url": "__slipwayUrl",
  "import.meta.dirname": "__dirname",
  "import.meta.filename": "__filename",
  "import.meta.main": "false",
};
const metaUrl = `const __slipwayUrl = require("node:url").pathToFileURL(__filename).href;`;

/** @throws {ReleaseError} `bundler_missing`, `bundling_failed` */
export async function bundle(request: BundleRequest): Promise<Bundled> {
  const bundler = await importBundler(request.root);
  const built = (name: string) => join(request.slipway.folder, "dist/built", `${name}.js`);
  const modules = {
    [moduleNames.main]: mainModule({ door: built("door"), slipway: request.slipway.version }),
    [moduleNames.release]: releaseModule(request.releaseFile, request.version),
    [moduleNames.listed]: listedModule(request.repos, {
      lazyManifest: built("lazy-manifest"),
      load: `require("${moduleNames.migrations}")`,
    }),
    [moduleNames.migrations]: manifestText(request.repos, { specifier: (path) => path }),
  };
  const inFolder = { modules, request };
  const parts = [
    await run(bundler, {
      ...inFolder,
      entry: built("start"),
      name: "start.cjs",
      options: { target: "node14" },
    }),
    await run(bundler, {
      ...inFolder,
      entry: moduleNames.main,
      name: "main.cjs",
      external: { [moduleNames.migrations]: "./migrations.cjs" },
      options: { define: meta, banner: { js: metaUrl } },
    }),
    await run(bundler, {
      ...inFolder,
      entry: moduleNames.migrations,
      name: "migrations.cjs",
      options: { define: meta, banner: { js: metaUrl } },
    }),
  ];
  return {
    files: parts.flatMap((part) => part.files),
    beside: [...new Set(parts.flatMap((part) => part.beside))],
    warnings: parts.flatMap((part) => part.warnings),
  };
}

type Part = {
  readonly request: BundleRequest;
  readonly modules: { readonly [name: string]: string };
  readonly entry: string;
  readonly name: string;
  readonly external?: { readonly [name: string]: string };
  readonly options: BuildOptions;
};

async function run(bundler: Bundler, part: Part): Promise<Bundled> {
  const { request, modules, entry, name, external = {}, options } = part;
  const { root, releaseFile, slipway } = request;
  const plugin = modulesPlugin({ root, releaseFile, slipway: slipway.folder, modules, external });
  try {
    const { outputFiles, metafile, warnings } = await bundler.build({
      absWorkingDir: root,
      entryPoints: [entry],
      // Nothing is written here: source maps name sources relative to it.
      outfile: join(root, name),
      platform: "node",
      format: "cjs",
      target: "node22.18",
      minify: true,
      sourcemap: true,
      sourcesContent: false,
      external: [...beside],
      plugins: [plugin],
      logLevel: "silent",
      // A chunk without an effect of its own, and a release file without a default export.
      logOverride: { "ignored-bare-import": "silent", "import-is-undefined": "silent" },
      ...options,
      bundle: true,
      write: false,
      metafile: true,
    });
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
    return {
      files: outputFiles.map(({ path, contents, text }) => ({
        path: `lib/${relative(root, path).split(sep).join("/")}`,
        contents: path.endsWith(".map")
          ? sourceNames(text, { root, slipway: slipway.folder })
          : contents,
      })),
      beside: beside.filter((one) => imports.some(({ path }) => path === one)),
      warnings: warnings.map(place),
    };
  } catch (error) {
    throw failed(error);
  }
}

function failed(error: unknown): unknown {
  if (!(error instanceof Error) || !("errors" in error)) return error;
  const messages = error.errors as readonly Message[];
  const awaits = messages.some(({ text }) => text.includes("Top-level await"));
  return new ReleaseError(
    "bundling_failed",
    {
      places: messages.map(place),
      hint: awaits
        ? "Leave out await at the top level of the release file, of migrations and of what they import; an app may have it."
        : "Correct what it names.",
    },
    { cause: error },
  );
}

function place({ text, location }: Message): string {
  return location === null ? text : `${location.file}:${location.line}: ${text}`;
}
