import { existsSync, rmSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { writeWhole } from "../../build/whole-file.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import type { FolderReading } from "../../release/folders.ts";
import { type CommandContext, type CommandInput, defineCommand } from "../command.ts";
import { findProject } from "../find-release.ts";
import { flag, value, values } from "../flags.ts";
import { moduleEnding } from "../module-ending.ts";
import { namedFiles } from "../named-files.ts";
import { withNewVersion } from "../new-version.ts";
import { name as nameValue, oneOf, path, name as someName } from "../parse.ts";
import { idsIn, runsBeside } from "../runs-beside.ts";
import { snakeCase } from "../snake-case.ts";
import { type Field, fieldOf } from "../templates/fields.ts";
import { migrationTemplate } from "../templates/migration.ts";
import type { CliWorld } from "../world.ts";

const genFlags = {
  repo: value("-r, --repo <name>", "for this repo; default the first", nameValue),
  sql: flag("--sql", "write an SQL file"),
  data: flag("--data", "write a data migration"),
  tenants: flag("--tenants", "write it into the folder of the tenants"),
  migrationsPath: value("--migrations-path <folder>", "write it into this folder", path),
  diff: flag("--diff", "write the difference to the schema that you want"),
  to: value(
    "--to <schema>",
    "with --diff: the schema you want, as SQL file or folder, or drizzle:, prisma:, mikro-orm:, typeorm: and a file",
    someName,
  ),
  toUrl: value(
    "--to-url <url>",
    "with --diff: a database with the schema you want (read only)",
    someName,
  ),
  fromUrl: value(
    "--from-url <url>",
    "with --diff: start from the schema of this database (read only)",
    someName,
  ),
  shadow: value(
    "--shadow <url>",
    "with --diff: a server for scratch databases; default PGlite",
    someName,
  ),
  rename: values(
    "--rename <old=new>",
    "with --diff: a new name, such as posts=articles or posts.title=heading",
    someName,
  ),
  format: value(
    "--format <format>",
    "with --diff --check: the format: text, markdown",
    oneOf(["text", "markdown"]),
  ),
  check: flag("--check", "with --diff: write nothing; exit 3 if there is a difference"),
};

type FlagsOf = CommandInput<typeof genFlags>["flags"];

/** `gen migration`: writes a new migration file. Connects to no database. */
export const genMigration = defineCommand({
  arguments: "[name] [column...]",
  flags: genFlags,
  async run(input) {
    const { args, flags, context } = input;
    const { world, releasePath } = context;
    refuseWithoutDiff(flags);
    if (flags.diff) {
      const name = flags.check && args.length === 0 ? "checked" : nameFrom(args);
      const { diffMigration } = await import("../generate/diff.ts");
      const { repo, folders } = await foldersFor(input, false);
      const [folder = ""] = folders;
      return diffMigration({ ...{ name, repo, folder, flags, context } });
    }
    const name = nameFrom(args);
    const fields = fieldsFrom(args.slice(1), flags);
    const data = flags.data === true || isForData(name, flags);
    const { repo, folders, reading } = await foldersFor(input, data);
    const { root } = findProject({ cwd: world.cwd, path: releasePath });
    const how = { root, ...(data ? {} : reading) };
    const ending = flags.sql ? "sql" : moduleEnding(root);
    const text = migrationTemplate({ name, fields, sql: flags.sql === true, data });
    for (const folder of folders) {
      const before = await idsIn(folder, how);
      const created = writeMigration(folder, { name, ending, text }, world);
      const file = resolve(world.cwd, created.at(-1) ?? "");
      if (before === undefined || (await runsBeside(file, { folder, how, before })))
        return { data: { created }, text: created.map((one) => `* creating ${one}\n`).join("") };
      rmSync(file);
    }
    throw wouldNotRun(
      folders.map((folder) => relative(root, folder) || "."),
      { repo, ending },
    );
  },
});

/** @throws {ReleaseError} `usage_invalid` */
function refuseWithoutDiff(flags: FlagsOf): void {
  const { diff, to, toUrl, fromUrl, shadow, rename, check, sql, data, tenants, format } = flags;
  if (format !== undefined && !(diff && check))
    throw new ReleaseError("usage_invalid", {
      reason: "--format is for what --diff --check finds",
      hint: "Add --diff --check, or leave it out.",
    });
  if (diff && (sql || data))
    throw new ReleaseError("usage_invalid", {
      reason: `--diff writes TypeScript for the schema, not ${sql ? "--sql" : "--data"}`,
      hint: "Leave one of the two out.",
    });
  if (diff && tenants)
    throw new ReleaseError("usage_invalid", {
      reason: "--diff compares what belongs to all, not --tenants",
      hint: "Leave one of the two out.",
    });
  if (diff && (to === undefined) === (toUrl === undefined))
    throw new ReleaseError("usage_invalid", {
      reason: "--diff wants one wished schema",
      hint: "Give either --to schema.sql or --to-url with the address of a database.",
    });
  const given = { "--to": to, "--to-url": toUrl, "--from-url": fromUrl };
  const all = { ...given, "--shadow": shadow, "--rename": rename, "--check": check };
  const [idle] = Object.entries(all).flatMap(([flag, one]) => (one === undefined ? [] : [flag]));
  if (diff || idle === undefined) return;
  throw new ReleaseError("usage_invalid", {
    reason: `${idle} says something of --diff, which is not there`,
    hint: "Add --diff, or leave it out.",
  });
}

function wouldNotRun(
  folders: readonly string[],
  { repo, ending }: { readonly repo: string; readonly ending: string },
): ReleaseError {
  const own = `db/${repo}/migrations`;
  const list = JSON.stringify([...folders, own]).replaceAll(",", ", ");
  return new ReleaseError("usage_invalid", {
    reason: `a new .${ending} file in ${folders.join(", ")} would not run, or would be read as another tool's among those that are there`,
    hint: `Give the repo a second folder in release.ts, which runs behind it: migrations: ${list}. Make it with: mkdir -p ${own}`,
  });
}

/** @throws {ReleaseError} `usage_invalid` for no name, two names or a name without a letter or number */
function nameFrom(args: readonly string[]): string {
  const [given, ...columns] = args;
  const name = snakeCase(given ?? "");
  if (name !== "" && !given?.includes(":") && columns.every((one) => one.includes(":")))
    return name;
  const example = snakeCase(args.join(" ")) || "create_posts";
  throw new ReleaseError("usage_invalid", {
    reason: `expected gen migration to receive the migration file name, got: ${JSON.stringify(args.join(" "))}`,
    hint: `Give one name: slipway gen migration ${example}`,
  });
}

/** @throws {ReleaseError} `usage_invalid` */
function fieldsFrom(words: readonly string[], { sql, data }: FlagsOf): readonly Field[] {
  const fields = words.map(fieldOf);
  if (fields.length === 0 || (!sql && !data)) return fields;
  throw new ReleaseError("usage_invalid", {
    reason: `columns go into a migration of the schema in TypeScript, not with ${sql ? "--sql" : "--data"}`,
    hint: "Leave the option out, or the columns.",
  });
}

/** By its name, or by the folder that it goes to. */
function isForData(name: string, { sql, migrationsPath }: FlagsOf): boolean {
  if (migrationsPath !== undefined)
    return /^(tenant_)?data_migrations$/.test(basename(migrationsPath));
  return !sql && name.startsWith("backfill_");
}

/**
 * Without a release file, `--repo` alone says which folder: the one that a repo of that name has by default. Of several
 * it is the first in which the migration runs.
 */
async function foldersFor(
  { flags, context }: CommandInput<typeof genFlags>,
  data: boolean,
): Promise<{
  readonly repo: string;
  readonly folders: readonly string[];
  readonly reading?: FolderReading;
}> {
  const { world, releasePath } = context;
  const project = findProject({ cwd: world.cwd, path: releasePath });
  const given = flags.migrationsPath && resolve(world.cwd, flags.migrationsPath);
  if (project.releaseFile === undefined && flags.repo !== undefined && releasePath === undefined) {
    const lane = `${flags.tenants ? "tenant_" : ""}${data ? "data_" : ""}migrations`;
    const own = given ?? join(project.root, "db", flags.repo, lane);
    return { repo: flags.repo, folders: [own] };
  }
  const release = await context.release();
  const repo = flags.repo ?? firstOf(release.repos(), context);
  const tenants = flags.tenants === true;
  const folders = given === undefined ? release.folders(repo, { data, tenants }) : [given];
  if (folders.length > 0) return { repo, folders, reading: release.reading(repo) };
  if (tenants)
    throw new ReleaseError("usage_invalid", {
      reason: `repo ${repo} has no folder for migrations of tenants`,
      hint: "Say in the release file who they are: tenants: { schemas: async (db) => […] }. Or name a folder with --migrations-path.",
    });
  throw new ReleaseError("usage_invalid", {
    reason: `repo ${repo} takes its migrations from a map, not from a folder`,
    hint: "Name a folder with --migrations-path, and add the new file to the map.",
  });
}

function firstOf(repos: readonly string[], { world, json }: CommandContext): string {
  const [first = "", second] = repos;
  if (second !== undefined && !json) {
    world.tell(`for repo ${first}, the first of ${repos.join(", ")}; --repo chooses another\n`);
  }
  return first;
}

type NewMigration = {
  readonly name: string;
  readonly ending: "sql" | "ts" | "mts";
  readonly text: string;
};

/** Gives the paths that it made, relative to the working folder. @throws {ReleaseError} `name_taken` */
function writeMigration(
  folder: string,
  migration: NewMigration,
  world: CliWorld,
): readonly string[] {
  const { name, ending, text } = migration;
  const shown = (path: string) => relative(world.cwd, path) || ".";
  const isThere = existsSync(folder);
  const made = isThere ? [] : [shown(folder)];
  const taken = isThere ? namedFiles(folder).find((file) => file.name === name) : undefined;
  if (taken !== undefined)
    throw new DevelopmentError("name_taken", { name, origin: shown(taken.path) });
  return withNewVersion(folder, world.now(), (version) => {
    const file = join(folder, `${version}_${name}.${ending}`);
    writeWhole({ path: file, contents: text, isNew: true });
    return [...made, shown(file)];
  });
}
