/** Bundles the command line of a release, its migrations, and the app where there is one. */

import { relative, sep } from "node:path";
import { runsCode } from "../core/plan/planned.ts";
import type { LaneKey, Lanes, PlannedRelease } from "../core/plan/planned-release.ts";
import { type BuildOptions, type Bundler, importBundler } from "../engine/discovery/esbuild.ts";
import { historySigns } from "../histories/find-histories.ts";
import { appEntries, appFolder, appModules } from "./app.ts";
import type { Bundled, BundledRelease, BundleRequest } from "./bundle-request.ts";
import { lanes } from "./carried.ts";
import { type CodeIds, codeIds } from "./code-cache.ts";
import {
  codeModule,
  listedModule,
  listText,
  mainModule,
  moduleNames,
  plannedModule,
  releaseModule,
} from "./entry-text.ts";
import { fileUrl } from "./file-url.ts";
import { manifestText } from "./manifest-text.ts";
import { type Needs, needsOf } from "./needs.ts";
import type { ReleaseFile } from "./release-file.ts";
import { type Part, runBundler } from "./run-bundler.ts";
import { catalogModule, schemaModule } from "./stand-ins.ts";
import { readVarying } from "./varying.ts";

/** Node gives these to a module and not to a bundle in CommonJS. */
const metaInCommonJs = {
  define: {
    slipwayBuilt: "true",
    "import.meta.url": fileUrl.name,
    "import.meta.dirname": "__dirname",
    "import.meta.filename": "__filename",
    "import.meta.main": "false",
  },
  banner: { js: fileUrl.text },
};

/** A command line does without the rooms that no migration needs: each has a word that the sources ask for. */
function ofCommandLine(needs: Needs): BuildOptions {
  const { sql, backfills, tenants, findings, heavy, syntaxes, planned } = needs;
  const define = {
    ...metaInCommonJs.define,
    ...(sql ? {} : { slipwayWithoutSql: "true" }),
    ...(syntaxes.includes("mysql") ? {} : { slipwayWithoutMysql: "true" }),
    ...(syntaxes.includes("sqlite") ? {} : { slipwayWithoutSqlite: "true" }),
    ...(findings ? {} : { slipwayWithoutFindings: "true" }),
    ...(heavy ? {} : { slipwayWithoutHeavy: "true" }),
    ...(backfills ? {} : { slipwayWithoutBackfills: "true" }),
    ...(tenants ? {} : { slipwayWithoutTenants: "true" }),
    ...(planned === undefined ? {} : { slipwayPlanned: "true" }),
  };
  return { define };
}

/** CommonJS inside of a bundle of modules looks for it. The user's name for it wins. */
const requireInModules = {
  js: 'import { createRequire as __slipwayRequire } from "node:module"; globalThis.require ??= __slipwayRequire(import.meta.url);',
};

/**
 * Bundles one file for the command line, one for the migrations, which a release reads when it runs
 * one, and the app as separate modules.
 *
 * @throws {ReleaseError} `bundler_missing`, `bundling_failed`
 */
export async function bundle(request: BundleRequest): Promise<BundledRelease> {
  const bundler = await importBundler(request.root);
  const needs = await readNeeds(request, bundler);
  const parts: Bundled[] = [];
  for (const part of partsOf(request, needs)) parts.push(await runBundler(bundler, part, request));
  const data: readonly ReleaseFile[] = [
    { path: "lib/migrations.json", contents: listText(request.repos) },
    { path: "lib/histories.json", contents: JSON.stringify(historySigns()) },
    ...plansFiles(needs),
  ];
  const ids = codeIds([...parts.flatMap((part) => part.files), ...data]);
  parts.push(await runBundler(bundler, startPart(request, ids), request));
  return {
    files: [...parts.flatMap((part) => part.files), ...data],
    beside: [...new Set(parts.flatMap((part) => part.beside))],
    warnings: parts.flatMap((part) => part.warnings),
    needs,
  };
}

async function readNeeds(request: BundleRequest, bundler: Bundler): Promise<Needs> {
  const { repos: carried, compiled, keepCompiler, root } = request;
  const paths = carried
    .flatMap((repo) => lanes.flatMap((lane) => repo[lane] ?? []))
    .flatMap(({ code }) => (code.kind === "module" ? [code.path] : []));
  const variesBy = keepCompiler ? () => undefined : await readVarying(paths, { bundler, root });
  return needsOf({ carried, compiled, keepCompiler, variesBy });
}

/**
 * The compiled migrations, which a release reads when it runs one, and those for a given prefix.
 */
function plansFiles({ planned }: Needs): readonly ReleaseFile[] {
  if (planned === undefined) return [];
  return [
    { path: "lib/plans.json", contents: JSON.stringify(planned.release) },
    { path: "lib/plans-prefixed.json", contents: JSON.stringify(planned.prefixed) },
    { path: "lib/checksums.json", contents: JSON.stringify(checksumsOf(planned.release)) },
  ];
}

function checksumsOf({ plans }: PlannedRelease): Lanes<string> {
  const inEach = <From, To>(of: { readonly [key: string]: From }, to: (one: From) => To) =>
    Object.fromEntries(Object.entries(of).map(([key, one]) => [key, to(one)]));
  return inEach(plans, (lanes) =>
    inEach(lanes, (lane) => inEach(lane ?? {}, ({ checksum }) => checksum)),
  );
}

type Plan = PlannedRelease["plans"][string]["migrations"];

function hasAnyCode({ plans }: PlannedRelease): boolean {
  return Object.values(plans)
    .flatMap((repo): readonly Plan[] => Object.values(repo))
    .some((lane = {}) => Object.values(lane).some(runsCode));
}

function hasCode(
  { plans }: PlannedRelease,
  [repo, lane, id]: readonly [string, LaneKey, string],
): boolean {
  const plan = plans[repo]?.[lane]?.[id];
  return plan !== undefined && runsCode(plan);
}

/** The first file that runs, which knows which others belong to it. */
function startPart({ sea }: BundleRequest, ids: CodeIds): Part {
  return {
    ...inCommonJs,
    modules: {},
    entries: { start: `slipway:built/${sea ? "start-sea" : "start"}` },
    options: {
      define: { slipwayCodeIds: JSON.stringify(ids) },
      // An old Node must be able to say that it is too old; the one inside of a file is not.
      target: sea ? "node22.18" : "node14",
    },
  };
}

const inCommonJs = { format: "cjs", folder: "lib", ending: ".cjs", minify: true } as const;

function partsOf(request: BundleRequest, needs: Needs): readonly Part[] {
  const { root, slipway, app, repos, releaseFile, version } = request;
  // Paths in the text of a module would make two builds in two places differ.
  const inProject = (path: string) => `./${relative(root, path).split(sep).join("/")}`;
  const { list, migrations, code, plans, prefixed } = moduleNames;
  const { planned } = needs;
  const withCode = planned === undefined || hasAnyCode(planned.release);
  const listed = {
    inCommonJs: planned
      ? plannedModule({ hasCode: withCode })
      : listedModule({ list: `require("${list}")`, load: `import("${migrations}")` }),
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
    ...(planned === undefined
      ? {}
      : {
          [code]: codeModule(repos, {
            specifier: inProject,
            hasCode: (...of) => hasCode(planned.release, of),
          }),
        }),
  };
  const beside = {
    [list]: "./migrations.json",
    [plans]: "./plans.json",
    [moduleNames.checksums]: "./checksums.json",
    [prefixed]: "./plans-prefixed.json",
    [moduleNames.histories]: "./histories.json",
  };
  const commandLine: readonly Part[] = [
    {
      ...inCommonJs,
      modules: {
        ...modules,
        [moduleNames.catalog]: catalogModule(needs.syntaxes),
        [moduleNames.schema]: schemaModule(needs.syntaxes),
      },
      entries: { main: moduleNames.main },
      external: beside,
      needs,
      split: true,
      options: ofCommandLine(needs),
    },
  ];
  if (app?.kind !== "source") return commandLine;
  const ofApp: Part = {
    format: "esm",
    folder: appFolder,
    ending: ".mjs",
    // An app may look at the names of its classes and functions.
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
