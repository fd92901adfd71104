/** Bundles the command line of a release, its migrations, and the app where there is one. */
import { relative, sep } from "node:path";
import { type BuildOptions, importBundler } from "../engine/discovery/esbuild.ts";
import { appEntries, appFolder, appModules } from "./app.ts";
import type { Bundled, BundleRequest } from "./bundle-request.ts";
import type { CarriedRepo } from "./carried.ts";
import { mainIdOf } from "./code-cache.ts";
import { listedModule, listText, mainModule, moduleNames, releaseModule } from "./entry-text.ts";
import { manifestText } from "./manifest-text.ts";
import { type Part, runBundler } from "./run-bundler.ts";

/** Node gives these to a module and not to a bundle in CommonJS. */
const metaInCommonJs = {
  define: {
    slipwayBuilt: "true",
    "import.meta.url": "__slipwayUrl",
    "import.meta.dirname": "__dirname",
    "import.meta.filename": "__filename",
    "import.meta.main": "false",
  },
  banner: { js: 'const __slipwayUrl = require("node:url").pathToFileURL(__filename).href;' },
};

/** A command line whose migrations are all code reads no SQL files, and does without what cuts them into parts. */
function ofCommandLine(repos: readonly CarriedRepo[]): BuildOptions {
  const lanes = repos.flatMap(({ migrations, dataMigrations }) => [migrations, dataMigrations]);
  const hasSql = lanes.some(
    (lane) =>
      lane === undefined ||
      lane.some(({ code, files }) => code.kind !== "module" || Object.keys(files).length > 0),
  );
  if (hasSql) return metaInCommonJs;
  return { ...metaInCommonJs, define: { ...metaInCommonJs.define, slipwayWithoutSql: "true" } };
}

/** CommonJS inside of a bundle of modules looks for it. A name of the user's own wins. */
const requireInModules = {
  js: 'import { createRequire as __slipwayRequire } from "node:module"; globalThis.require ??= __slipwayRequire(import.meta.url);',
};

/**
 * One file for the command line and one for the migrations, which is read when one of them is run; and the app as
 * modules of its own.
 *
 * @throws {ReleaseError} `bundler_missing`, `bundling_failed`
 */
export async function bundle(request: BundleRequest): Promise<Bundled> {
  const bundler = await importBundler(request.root);
  const parts: Bundled[] = [];
  for (const part of partsOf(request)) parts.push(await runBundler(bundler, part, request));
  const main = parts.flatMap((part) => part.files).find(({ path }) => path === "lib/main.cjs");
  parts.push(await runBundler(bundler, startPart(request, main?.contents ?? ""), request));
  return {
    files: [
      ...parts.flatMap((part) => part.files),
      { path: "lib/migrations.json", contents: listText(request.repos) },
    ],
    beside: [...new Set(parts.flatMap((part) => part.beside))],
    warnings: parts.flatMap((part) => part.warnings),
  };
}

/** The first file that runs, which knows which `main.cjs` belongs to it. */
function startPart({ sea }: BundleRequest, main: string | Uint8Array): Part {
  return {
    ...inCommonJs,
    modules: {},
    entries: { start: `slipway:built/${sea ? "start-sea" : "start"}` },
    options: {
      define: { slipwayMainId: JSON.stringify(mainIdOf(main)) },
      // An old Node must be able to say that it is too old; the one inside of a file is not.
      target: sea ? "node22.18" : "node14",
    },
  };
}

const inCommonJs = { format: "cjs", folder: "lib", ending: ".cjs", minify: true } as const;

function partsOf(request: BundleRequest): readonly Part[] {
  const { root, slipway, app, repos, releaseFile, version } = request;
  // Paths in the text of a module would make two builds in two places differ.
  const inProject = (path: string) => `./${relative(root, path).split(sep).join("/")}`;
  const { list, migrations } = moduleNames;
  const listed = {
    inCommonJs: listedModule({
      list: `require("${list}")`,
      load: `require("${migrations}")`,
    }),
    inModules: listedModule({ list: "list", load: `import("${migrations}")` }),
  };
  const shared = {
    [moduleNames.release]: releaseModule(inProject(releaseFile), version),
    [migrations]: manifestText(repos, { specifier: inProject }),
  };
  const modules = {
    ...shared,
    [moduleNames.main]: mainModule({
      slipway: slipway.version,
      app: app && appModules(app),
    }),
    [moduleNames.listed]: listed.inCommonJs,
  };
  const commandLine: readonly Part[] = [
    {
      ...inCommonJs,
      modules,
      entries: { main: moduleNames.main },
      external: { [migrations]: "./migrations.cjs", [list]: "./migrations.json" },
      options: ofCommandLine(repos),
    },
    {
      ...inCommonJs,
      modules,
      entries: { migrations },
      options: metaInCommonJs,
    },
  ];
  if (app?.kind !== "source") return commandLine;
  const ofApp: Part = {
    format: "esm",
    folder: appFolder,
    ending: ".mjs",
    // An app may look at the names of its own classes and functions.
    minify: "names are kept",
    modules: {
      ...shared,
      [moduleNames.listed]: `import list from "${list}";\n${listed.inModules}`,
      // Parsed as JSON a long list takes a tenth of the time that it takes as JavaScript.
      [list]: `export default JSON.parse(${JSON.stringify(listText(repos))});`,
    },
    entries: { [appEntries.entry]: app.entry, [appEntries.release]: moduleNames.release },
    options: { banner: requireInModules },
  };
  return [...commandLine, ofApp];
}
