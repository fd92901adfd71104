import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { writeWhole } from "../../build/whole-file.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { type FoldersOptions, findMigrations } from "../../engine/discovery/folders.ts";
import type { FolderReading } from "../../release/folders.ts";
import { defineCommand } from "../command.ts";
import { value } from "../flags.ts";
import { withNewVersion } from "../new-version.ts";
import { path } from "../parse.ts";

type Shown = (path: string) => string;

/** `gen baseline [REPO]`: writes the schema of a live database as the first migration. Writes nothing to the database. */
export const genBaseline = defineCommand({
  arguments: "[repo]",
  flags: {
    migrationsPath: value("--migrations-path <folder>", "write it into this folder", path),
  },
  async run({ args, flags, context }) {
    const release = await context.release();
    const known = release.repos();
    const [repo = known.length === 1 ? known[0] : undefined] = args;
    if (repo === undefined)
      throw new ReleaseError("repo_missing", { known, command: "gen baseline" });
    const { cwd } = context.world;
    const own = release.folders(repo);
    const folder = flags.migrationsPath ?? own[0] ?? `db/${repo}/migrations`;
    const shown: Shown = (file) => relative(cwd, file) || file;
    // Where the repo has several folders, they run as one.
    const taken = [...new Set([folder, ...(flags.migrationsPath ? [] : own)])];
    await refuseTaken(taken, { repo, shown, root: cwd, ...release.reading(repo) });
    refuseUnread(release.reading(repo), repo);
    const [dumped] = await release.dump({ repo });
    if (dumped === undefined) throw new ReleaseError("repo_unknown", { repo, known });
    for (const object of dumped.leftOut)
      context.world.tell(`warning: repo ${repo}: ${object} is not in the baseline\n`);
    const { version, file } = withNewVersion(folder, context.world.now(), (version) => {
      const file = join(folder, `${version}_baseline.sql`);
      writeWhole({ path: file, contents: dumped.sql, isNew: true });
      return { version, file };
    });
    const next = `npx slipway baseline ${repo} --at ${version}`;
    return {
      data: { created: [shown(file)], version: String(version), leftOut: dumped.leftOut },
      text: `* creating ${shown(file)}\nThis database has it already: ${next}\n`,
    };
  },
});

/** Liquibase's folders cannot hold a file of plain SQL. @throws {ReleaseError} `usage_invalid` */
function refuseUnread({ layout }: FolderReading, repo: string): void {
  if (layout !== "liquibase") return;
  throw new ReleaseError("usage_invalid", {
    reason: `repo ${repo} reads Liquibase's change sets, and a baseline is none`,
    hint: `Give it a second repo without layout, or take layout: "liquibase" out of it.`,
  });
}

/** Migrations that come before the baseline would make the same objects again. */
async function refuseTaken(
  folders: readonly string[],
  { shown, ...how }: FolderReading & FoldersOptions & { readonly shown: Shown },
): Promise<void> {
  for (const folder of folders.filter((folder) => existsSync(folder))) {
    const { found } = await findMigrations(folder, how);
    if (found.length === 0) continue;
    throw new ReleaseError("usage_invalid", {
      reason: `${shown(folder)} has migrations already, and a baseline is the first`,
      hint: "Name an empty folder with --migrations-path.",
    });
  }
}
