/** Everything that a release is made of, as data: nothing is written. */

import { cacheName, isKept } from "../built/cache-name.ts";
import { DevelopmentError } from "../core/model/development-error.ts";
import type { Warning } from "../core/model/warnings.ts";
import { appModules, builtApp } from "./app.ts";
import { packagesBeside } from "./beside.ts";
import { bundle } from "./bundle.ts";
import type { BundledRelease, BundleRequest } from "./bundle-request.ts";
import { checksumsText } from "./checksums.ts";
import { codeCaches, codeIds } from "./code-cache.ts";
import { includeNode } from "./included-node.ts";
import { largeFilesBeside, largeFilesIn } from "./large-files.ts";
import { cmdLauncher, defaultEnv, type LauncherFacts, launcher } from "./launcher.ts";
import type { PlannableRepo } from "./needs.ts";
import type { ReleaseFile } from "./release-file.ts";
import {
  type CompiledRepo,
  manifestRepos,
  type ReleaseManifest,
  releaseManifestText,
  type VerdictOf,
} from "./release-manifest.ts";
import { seaFile } from "./sea.ts";

export type ReleaseRequest = Omit<BundleRequest, "version"> & {
  readonly name: string;
  readonly version: string;
  /** Whether the release file says the version itself. */
  readonly versionIsInside: boolean;
  /** The compiled migrations. */
  readonly compiled: readonly (CompiledRepo & PlannableRepo)[];
  readonly verdictOf: VerdictOf;
  /** The Node that builds it. */
  readonly node: BuildingNode;
  /** The program of the Node to include. Default: none is. */
  readonly includeNode: string | undefined;
  /** `rel/env.sh`, where the project has one. */
  readonly env: string | undefined;
  /** Files that are copied as they are; they win. */
  readonly overlays: readonly ReleaseFile[];
};

export type BuildingNode = {
  readonly path: string;
  readonly version: string;
  readonly platform: string;
  readonly arch: string;
};

export type MadeRelease = {
  readonly files: readonly ReleaseFile[];
  readonly manifest: ReleaseManifest;
  /** Why the compiler of the language is in it. Empty: it is not. */
  readonly compiler: readonly string[];
  readonly warnings: readonly Warning[];
};

/** @throws {ReleaseError} `bundler_missing`, `bundling_failed`; for one file also `injector_missing`, `sea_impossible` */
export async function releaseFiles(request: ReleaseRequest): Promise<MadeRelease> {
  if (request.sea) return oneFile(request);
  const { name, version, node, app, overlays } = request;
  const bundled = await bundle({
    ...request,
    version: request.versionIsInside ? undefined : version,
  });
  const included =
    request.includeNode === undefined ? undefined : includeNode(request.includeNode, node);
  const manifest = manifestOf(request);
  const folder = `releases/${version}`;
  const built: readonly ReleaseFile[] = [
    ...launchers({
      name,
      version,
      entry: app && appModules(app).entry,
      node: included?.included,
    }),
    ...bundled.files,
    ...cacheFiles(bundled.files, node),
    ...largeFilesBeside(request.repos),
    ...(app === undefined ? [] : builtApp(app)),
    ...packagesBeside(bundled.beside, request.root),
    ...(included === undefined ? [] : [included.file]),
    { path: `${folder}/env.sh`, contents: request.env ?? defaultEnv },
    { path: `${folder}/manifest.json`, contents: releaseManifestText(manifest) },
  ];
  const overlaid = new Set(overlays.map(({ path }) => path));
  const files = [...built.filter(({ path }) => !overlaid.has(path)), ...overlays];
  const list = { path: `${folder}/SHA256SUMS`, contents: checksumsText(files) };
  return { files: [...files, list], manifest, ...told(bundled) };
}

function told({ needs, warnings }: BundledRelease): Pick<MadeRelease, "compiler" | "warnings"> {
  return { compiler: needs.compiler, warnings };
}

/** A release that is one executable file has the bundles inside, and no files beside it. */
async function oneFile(request: ReleaseRequest): Promise<MadeRelease> {
  const { name, version, node, root } = request;
  if (request.app !== undefined) {
    throw new DevelopmentError("sea_impossible", {
      reason: "it has an app, whose modules are files",
    });
  }
  const bundled = await bundle({
    ...request,
    version: request.versionIsInside ? undefined : version,
  });
  if (bundled.beside.length > 0) {
    const reason = `${bundled.beside.join(", ")} reads its own files`;
    throw new DevelopmentError("sea_impossible", { reason });
  }
  const [large] = largeFilesIn(request.repos);
  if (large !== undefined) {
    const reason = `${large.origin} is larger than 8 MB, and lies beside a release`;
    throw new DevelopmentError("sea_impossible", { reason });
  }
  const inside = bundled.files.map(
    (file) => [file.path.replace("lib/", ""), file.contents] as const,
  );
  const { "start.cjs": main = "", ...parts } = Object.fromEntries(inside);
  const caches = cachesOf(bundled.files, node).map(
    ({ script, contents }) => [script.replace(/cjs$/, "cache"), contents] as const,
  );
  const program = request.includeNode ?? node.path;
  const file = await seaFile({
    name,
    root,
    main,
    parts: { ...parts, ...Object.fromEntries(caches) },
    node: program,
  });
  return { files: [file], manifest: manifestOf(request), ...told(bundled) };
}

function manifestOf(request: ReleaseRequest): ReleaseManifest {
  const { name, version, slipway, node, includeNode } = request;
  return {
    format: 2,
    name,
    version,
    slipway: slipway.version,
    node: {
      version: node.version,
      platform: node.platform,
      arch: node.arch,
      included: includeNode !== undefined,
    },
    repos: manifestRepos(request.compiled, request.verdictOf),
  };
}

function launchers(facts: LauncherFacts): readonly ReleaseFile[] {
  const executable = true;
  return [
    { path: `bin/${facts.name}`, contents: launcher(facts), executable },
    { path: "bin/migrate", contents: launcher(facts, "migrate"), executable },
    { path: "bin/server", contents: launcher(facts, "start"), executable },
    { path: `bin/${facts.name}.cmd`, contents: cmdLauncher(facts) },
  ];
}

/** V8's caches for the scripts of the command line, by the name of each. */
function cachesOf(
  files: readonly ReleaseFile[],
  node: BuildingNode,
): readonly { readonly script: string; readonly contents: Uint8Array }[] {
  const scripts = Object.keys(codeIds(files)).filter(isKept);
  const texts = scripts.map((name) =>
    Buffer.from(files.find(({ path }) => path === `lib/${name}`)?.contents ?? ""),
  );
  const made = codeCaches(texts, node.path);
  return scripts.flatMap((script, index) => {
    const contents = made?.[index];
    return contents === undefined ? [] : [{ script, contents }];
  });
}

function cacheFiles(files: readonly ReleaseFile[], node: BuildingNode): readonly ReleaseFile[] {
  const ids = codeIds(files);
  return cachesOf(files, node).map(({ script, contents }) => {
    const name = cacheName({ name: script, id: ids[script] ?? "" }, node);
    return { path: `lib/${name}`, contents };
  });
}
