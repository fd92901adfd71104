import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { carry } from "../../build/carry.ts";
import { releaseFiles } from "../../build/release-files.ts";
import { holdsRelease, writeRelease } from "../../build/write-release.ts";
import { ReleaseError } from "../../core/errors.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { findProject } from "../find-release.ts";
import { flag, value } from "../flags.ts";
import { path } from "../parse.ts";

/** `release`: builds the folder that is deployed. */
export const release = defineCommand({
  flags: {
    out: value("--out <folder>", "write it here; default _release/<app>", path),
    overwrite: flag("--overwrite", "also where one is already"),
    quiet: flag("--quiet", "no lines about what is made"),
  },
  async run({ flags, context }) {
    const { world, releasePath } = context;
    const project = findProject({ cwd: world.cwd, path: releasePath });
    const Release = await context.release();
    const { root, releaseFile = "" } = project;
    const out =
      flags.out === undefined ? join(root, "_release", Release.app) : resolve(world.cwd, flags.out);
    const shown = relative(world.cwd, out) || ".";
    await refuseExisting(out, { shown, overwrite: flags.overwrite === true, context });
    const compiled = await Release.inventory();
    const folders = Release.repos().map((name) => ({
      name,
      migrations: Release.folders(name),
      dataMigrations: Release.folders(name, { data: true }),
    }));
    const carried = await carry(folders, root);
    const version = Release.version ?? versionOf(root);
    const made = await releaseFiles({
      root,
      releaseFile,
      repos: carried.repos,
      version: Release.version === undefined ? version : undefined,
      slipway: { folder: packageFolder(), version: context.slipway },
      app: Release.app,
      appVersion: version,
      compiled,
      verdictOf: () => undefined,
      node: {
        path: process.execPath,
        version: process.version,
        platform: process.platform,
        arch: process.arch,
      },
      env: textOf(join(root, "rel", "env.sh")),
      overlays: [],
    });
    for (const warning of [...carried.warnings, ...made.warnings])
      world.tell(`warning: ${warning}\n`);
    writeRelease(out, made.files);
    const files = made.files.map(({ path, contents }) => ({
      path,
      bytes: Buffer.byteLength(contents),
    }));
    return { data: { path: shown, name: Release.app, version, files }, text: `* ${shown}\n` };
  },
});

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
  throw new ReleaseError("release_exists", { path: shown });
}

function versionOf(root: string): string {
  const file = join(root, "package.json");
  const given: unknown = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8")).version
    : undefined;
  return typeof given === "string" && given !== "" ? given : "0.0.0";
}

function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("slipway/package.json"));
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
