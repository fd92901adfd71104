import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { ReleaseError } from "../../core/model/errors.ts";
import { type CommandContext, type CommandInput, defineCommand } from "../command.ts";
import { findProject } from "../find-release.ts";
import { flag, value } from "../flags.ts";
import { moduleEnding } from "../module-ending.ts";
import { namedFiles } from "../named-files.ts";
import { withNewVersion } from "../new-version.ts";
import { name as nameValue, path } from "../parse.ts";
import { snakeCase } from "../snake-case.ts";
import { migrationTemplate } from "../templates/migration.ts";
import type { CliWorld } from "../world.ts";

const genFlags = {
  repo: value("-r, --repo <name>", "for this repo; default the first", nameValue),
  sql: flag("--sql", "an SQL file"),
  data: flag("--data", "a data migration"),
  migrationsPath: value("--migrations-path <folder>", "write it into this folder", path),
};

/** `gen migration`: writes a new migration file. Connects to no database. */
export const genMigration = defineCommand({
  arguments: "[name...]",
  flags: genFlags,
  async run(input) {
    const { args, flags, context } = input;
    const { world, releasePath } = context;
    const name = nameFrom(args);
    const folder = await folderFor(input);
    const { root } = findProject({ cwd: world.cwd, path: releasePath });
    const ending = flags.sql ? "sql" : moduleEnding(root);
    const created = writeMigration(folder, { name, ending, ...flags }, world);
    return { data: { created }, text: created.map((file) => `* creating ${file}\n`).join("") };
  },
});

/** @throws {ReleaseError} `usage_invalid` for no name, two names or a name without a letter or number */
function nameFrom(args: readonly string[]): string {
  const [given, second] = args;
  const name = snakeCase(given ?? "");
  if (second === undefined && name !== "") return name;
  const example = snakeCase(args.join(" ")) || "create_posts";
  throw new ReleaseError("usage_invalid", {
    reason: `expected gen migration to receive the migration file name, got: ${JSON.stringify(args.join(" "))}`,
    hint: `Give one name: slipway gen migration ${example}`,
  });
}

/** Without a release file, `--repo` alone says which folder: the one that a repo of that name has by default. */
async function folderFor({ flags, context }: CommandInput<typeof genFlags>): Promise<string> {
  const { world, releasePath } = context;
  const data = flags.data === true;
  const project = findProject({ cwd: world.cwd, path: releasePath });
  const given = flags.migrationsPath && resolve(world.cwd, flags.migrationsPath);
  if (project.releaseFile === undefined && flags.repo !== undefined && releasePath === undefined) {
    const lane = data ? "data_migrations" : "migrations";
    return given ?? join(project.root, "db", flags.repo, lane);
  }
  const release = await context.release();
  const repo = flags.repo ?? firstOf(release.repos(), context);
  const [folder] = release.folders(repo, { data });
  if (given ?? folder) return given ?? folder ?? "";
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
  readonly sql?: true | undefined;
  readonly data?: true | undefined;
};

/** Gives the paths that it made, relative to the working folder. @throws {ReleaseError} `name_taken` */
function writeMigration(
  folder: string,
  migration: NewMigration,
  world: CliWorld,
): readonly string[] {
  const { name, ending, sql = false, data = false } = migration;
  const shown = (path: string) => relative(world.cwd, path) || ".";
  const made = existsSync(folder) ? [] : [shown(folder)];
  mkdirSync(folder, { recursive: true });
  const taken = namedFiles(folder).find((file) => file.name === name);
  if (taken !== undefined)
    throw new ReleaseError("name_taken", { name, origin: shown(taken.path) });
  return withNewVersion(folder, world.now(), (version) => {
    const file = join(folder, `${version}_${name}.${ending}`);
    writeFileSync(file, migrationTemplate({ sql, data }), { flag: "wx" });
    return [...made, shown(file)];
  });
}
