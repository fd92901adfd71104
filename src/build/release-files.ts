/** Everything that a release is made of, as data: nothing is written. */

import { type BundleRequest, bundle } from "./bundle.ts";
import { checksumsText } from "./checksums.ts";
import { codeCache } from "./code-cache.ts";
import { cmdLauncher, defaultEnv, type LauncherFacts, launcher } from "./launcher.ts";
import type { ReleaseFile } from "./release-file.ts";
import type { CompiledRepo, ReleaseManifest, VerdictOf } from "./release-manifest.ts";
import { manifestRepos } from "./release-manifest.ts";

export type ReleaseRequest = BundleRequest & {
  /** The name of the app. */
  readonly app: string;
  readonly appVersion: string;
  /** What the migrations were compiled to. */
  readonly compiled: readonly CompiledRepo[];
  readonly verdictOf: VerdictOf;
  /** Node that builds it. */
  readonly node: {
    readonly path: string;
    readonly version: string;
    readonly platform: string;
    readonly arch: string;
  };
  /** `rel/env.sh`, where the project has one. */
  readonly env: string | undefined;
  /** Files that are copied as they are. */
  readonly overlays: readonly ReleaseFile[];
};

export type MadeRelease = {
  readonly files: readonly ReleaseFile[];
  readonly manifest: ReleaseManifest;
  readonly warnings: readonly string[];
};

/** @throws {ReleaseError} `bundler_missing`, `bundling_failed` */
export async function releaseFiles(request: ReleaseRequest): Promise<MadeRelease> {
  const { app, appVersion, node } = request;
  const bundled = await bundle(request);
  const manifest: ReleaseManifest = {
    format: 1,
    name: app,
    version: appVersion,
    slipway: request.slipway.version,
    node: { version: node.version, platform: node.platform, arch: node.arch, included: false },
    repos: manifestRepos(request.compiled, request.verdictOf),
  };
  const folder = `releases/${appVersion}`;
  const built: readonly ReleaseFile[] = [
    ...launchers({ app, version: appVersion }),
    ...bundled.files,
    ...cacheOf(bundled.files, node),
    { path: `${folder}/env.sh`, contents: request.env ?? defaultEnv },
    { path: `${folder}/manifest.json`, contents: `${JSON.stringify(manifest, undefined, 2)}\n` },
  ];
  const overlaid = new Set(request.overlays.map(({ path }) => path));
  const files = [...built.filter(({ path }) => !overlaid.has(path)), ...request.overlays];
  const list = { path: `${folder}/SHA256SUMS`, contents: checksumsText(files) };
  return { files: [...files, list], manifest, warnings: bundled.warnings };
}

function launchers(facts: LauncherFacts): readonly ReleaseFile[] {
  const executable = true;
  return [
    { path: `bin/${facts.app}`, contents: launcher(facts), executable },
    { path: "bin/migrate", contents: launcher(facts, "migrate"), executable },
    { path: "bin/server", contents: launcher(facts, "start"), executable },
    { path: `bin/${facts.app}.cmd`, contents: cmdLauncher(facts) },
  ];
}

function cacheOf(
  files: readonly ReleaseFile[],
  node: ReleaseRequest["node"],
): readonly ReleaseFile[] {
  const main = files.find(({ path }) => path === "lib/main.cjs");
  if (main === undefined) return [];
  const code = codeCache(Buffer.from(main.contents), node.path);
  const name = `main-${node.version}-${node.platform}-${node.arch}.cache`;
  return code === undefined ? [] : [{ path: `lib/${name}`, contents: code }];
}
