/** Reads the facts about data migrations that a run of schema migrations needs. */
import type { Session } from "../adapters/adapter.ts";
import type { MigrationFile, Version } from "../core/model/migration.ts";
import { pendingFiles } from "../core/plan/pending-files.ts";
import { readApplied } from "../engine/history.ts";
import type { Repo } from "./config.ts";
import { laneOf } from "./lane.ts";
import { sourceOf } from "./source.ts";

/** Where to look. */
export type DataPlace = {
  readonly repo: Repo;
  readonly session: Session;
  readonly prefix: string | undefined;
  /** The folder from which the others are found. */
  readonly root: string;
};

/** The data migrations that have run. Reads that table and nothing else. */
export async function appliedData(place: DataPlace): Promise<ReadonlySet<Version>> {
  const { repo, session, prefix } = place;
  const { historyTable: table } = laneOf(repo, "data", { prefix });
  const files = await dataFiles(place);
  const rows = await readApplied(session, { table, repo: repo.name }, files, () => true);
  return new Set(rows.map((row) => row.version));
}

/** The data migrations that this release contains. */
export async function dataFiles({
  repo,
  prefix,
  root,
}: DataPlace): Promise<readonly MigrationFile[]> {
  const { migrations, mayBeMissing } = laneOf(repo, "data", { prefix });
  const { files } = await sourceOf(migrations, { repo: repo.name, root, mayBeMissing }).list();
  return files;
}

/** The data migrations that are still to run. No table is read where there are none. */
export async function pendingData(place: DataPlace): Promise<readonly MigrationFile[]> {
  const files = await dataFiles(place);
  if (files.length === 0) return [];
  const applied = await appliedData(place);
  return pendingFiles(
    files,
    [...applied].map((version) => ({ version })),
  );
}
