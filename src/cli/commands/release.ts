import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { appRequest } from "../../build/app.ts";
import { readFolder } from "../../build/read-folder.ts";
import { type MadeRelease, releaseFiles } from "../../build/release-files.ts";
import { tarGz } from "../../build/tar.ts";
import { writeWhole } from "../../build/whole-file.ts";
import { holdsRelease, writeRelease } from "../../build/write-release.ts";
import { parseFacts } from "../../check/facts-file.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import type { ProductionFacts } from "../../core/model/production-facts.ts";
import type { Release } from "../../release/release.ts";
import { carryRelease } from "../carried-release.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { factsIn } from "../facts-in.ts";
import { findProject } from "../find-release.ts";
import { takesWords } from "../findings/scope-lines.ts";
import { type FlagValues, flag, optionalValue, value, values } from "../flags.ts";
import { name, path } from "../parse.ts";
import { releaseForecasts } from "../release-forecasts.ts";
import { shadowPlaceFlags, shadowSqlOf } from "../shadow-flags.ts";
import { quietFlag } from "../shared-flags.ts";
import { withWaysBack } from "../ways-back.ts";

const releaseFlags = {
  out: value("--out <folder>", "the folder to write; default _release/<app>", path),
  app: value("--app <file>", "the module that starts the app; Slipway bundles it", path),
  appDir: value("--app-dir <folder>", "an app that is already built; Slipway copies it", path),
  external: values("--external <package>", "copy this package instead of bundling it", name),
  overlays: value("--overlays <folder>", "a folder of files to copy; default rel/overlays", path),
  includeNode: optionalValue(
    "--include-node [program]",
    "include Node: the one that runs this, or another",
    path,
  ),
  sea: flag("--sea", "write one executable file, with Node inside"),
  ...shadowPlaceFlags,
  untried: flag("--untried", "do not try other tools' code on a scratch database"),
  facts: value("--facts <file>", "a file from slipway facts: judge by its real sizes", path),
  keepCompiler: flag("--keep-compiler", "compile migrations on the server, not now"),
  tar: flag("--tar", "also write an archive"),
  overwrite: flag("--overwrite", "overwrite the release that is there"),
  quiet: quietFlag,
};

/** `release`: builds the folder that is deployed. */
export const release = defineCommand({
  flags: releaseFlags,
  async run({ flags, context }) {
    const { world } = context;
    const project = findProject({ cwd: world.cwd, path: context.releasePath });
    const Release = await context.release();
    const out = folderFor(Release, { root: project.root, out: flags.out, cwd: world.cwd });
    const shown = relative(world.cwd, out) || ".";
    await refuseExisting(out, { shown, overwrite: flags.overwrite === true, context });
    const { root, releaseFile = "" } = project;
    const facts = await factsFor(Release, flags.facts, context);
    const made = await make({ Release, root, releaseFile, flags, facts, context });
    const forecasts =
      facts === undefined ? [] : await releaseForecasts(await Release.inventory(), facts);
    for (const { message } of made.warnings) world.tell(`warning: ${message}\n`);
    writeRelease(out, made.files);
    const { name, version } = made.manifest;
    const archive = `${out}-${version}.tar.gz`;
    if (flags.tar === true)
      writeWhole({ path: archive, contents: tarGz(made.files, `${name}-${version}`) });
    const files = made.files.map(({ path, contents }) => ({
      path,
      bytes: Buffer.byteLength(contents),
    }));
    const lines = [
      ...forecasts.map(takesWords),
      `* ${name} ${version} in ${shown}: ${sizes(files)}`,
      ...(flags.tar === true ? [`* ${relative(world.cwd, archive)}`] : []),
      ...made.compiler.map((why) => `* with the compiler of the language: ${why}`),
      `Run it there: ${shown}/bin/${name} help`,
    ];
    return {
      data: {
        path: shown,
        name,
        version,
        files,
        compiler: made.compiler,
        warnings: made.warnings,
        forecasts,
      },
      text: flags.quiet === true ? "" : `${lines.join("\n")}\n`,
    };
  },
});

type Making = {
  readonly Release: Release;
  readonly root: string;
  readonly releaseFile: string;
  readonly flags: FlagValues<typeof releaseFlags>;
  readonly facts: ProductionFacts | undefined;
  readonly context: CommandContext;
};

async function make({
  Release,
  root,
  releaseFile,
  flags,
  facts,
  context,
}: Making): Promise<MadeRelease> {
  const { cwd } = context.world;
  const from = (given: string | undefined) =>
    given === undefined ? undefined : resolve(cwd, given);
  const app = appRequest({ entry: from(flags.app), folder: from(flags.appDir) });
  const carried = await carryRelease(Release, root, { facts });
  const { compiled, verdictOf } = carried;
  const tried =
    flags.untried === true
      ? { repos: carried.repos, warnings: [] }
      : await withWaysBack(Release, carried, {
          shadow: { url: flags.shadow, sql: await shadowSqlOf(flags.shadowSql, context) },
          tell: flags.quiet === true ? () => undefined : context.world.tell,
        });
  const made = await releaseFiles({
    root,
    releaseFile,
    app,
    repos: tried.repos,
    beside: flags.external ?? [],
    sea: flags.sea === true,
    slipway: { folder: packageFolder(), version: context.slipway },
    name: Release.app,
    version: Release.version ?? versionOf(root),
    versionIsInside: Release.version !== undefined,
    compiled,
    keepCompiler: flags.keepCompiler === true,
    verdictOf: ({ repo }, { file }) => verdictOf(repo, file.id),
    node: {
      path: process.execPath,
      version: process.version,
      platform: process.platform,
      arch: process.arch,
    },
    includeNode: flags.includeNode === true ? thisNode() : from(flags.includeNode),
    env: textOf(join(root, "rel", "env.sh")),
    overlays: overlaysOf(root, from(flags.overlays)),
  });
  return { ...made, warnings: [...carried.warnings, ...tried.warnings, ...made.warnings] };
}

/** @throws {ReleaseError} `facts_unreadable` */
async function factsFor(
  release: Release,
  file: string | undefined,
  { world }: CommandContext,
): Promise<ProductionFacts | undefined> {
  if (file === undefined) return undefined;
  const { path, text } = factsIn(file, world.cwd);
  const repos = (await release.inventory()).filter(({ rules }) => rules !== undefined);
  const { facts, oldDays } = parseFacts(text, { path, app: release.app, repos, now: world.now() });
  if (oldDays !== undefined) world.tell(`warning: the facts are ${oldDays} days old\n`);
  return facts;
}

/** @throws {ReleaseError} `option_invalid` for a name that no file can have */
function folderFor(
  { app }: Release,
  at: { readonly root: string; readonly out: string | undefined; readonly cwd: string },
): string {
  if (!/^[\w][\w.-]*$/.test(app)) {
    const expected = "a name for a file: letters, digits, - and _";
    throw new ReleaseError("option_invalid", { option: "app", value: app, expected });
  }
  return at.out === undefined ? join(at.root, "_release", app) : resolve(at.cwd, at.out);
}

async function refuseExisting(
  out: string,
  options: {
    readonly shown: string;
    readonly overwrite: boolean;
    readonly context: CommandContext;
  },
): Promise<void> {
  if (!holdsRelease(out) || options.overwrite) return;
  const { shown, context } = options;
  if (await context.world.confirm?.(`${shown} exists already. Overwrite it?`)) return;
  throw new DevelopmentError("release_exists", { path: shown });
}

/** The default folder need not be there; one that was named must be. @throws {ReleaseError} `option_invalid` */
function overlaysOf(root: string, given: string | undefined) {
  const folder = given ?? join(root, "rel", "overlays");
  if (existsSync(folder)) return readFolder(folder, "");
  if (given === undefined) return [];
  const expected = "a folder that is there";
  throw new ReleaseError("option_invalid", { option: "--overlays", value: given, expected });
}

function sizes(files: readonly { readonly path: string; readonly bytes: number }[]): string {
  const sum = (wanted: RegExp) =>
    files
      .filter(({ path }) => wanted.test(path))
      .reduce((total, { bytes }) => total + bytes / 1000, 0);
  return `${sum(/^lib\/.*\.[cm]?js$/).toFixed(0)} kB of JavaScript, ${(sum(/./) / 1000).toFixed(1)} MB in all`;
}

function versionOf(root: string): string {
  const text = textOf(join(root, "package.json"));
  const given: unknown = text === undefined ? undefined : JSON.parse(text).version;
  return typeof given === "string" && given !== "" ? given : "0.0.0";
}

function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("slipway/package.json"));
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** @throws {ReleaseError} `usage_invalid` where the running program is not Node */
function thisNode(): string {
  const { bun, deno } = process.versions;
  if (bun === undefined && deno === undefined) return process.execPath;
  throw new ReleaseError("usage_invalid", {
    reason: `--include-node takes the Node along that runs, and this is ${bun === undefined ? "Deno" : "Bun"}`,
    hint: "Name a Node with --include-node PATH, or build with Node.",
  });
}
