/** Reads the names of migrations, and what the history says of them. */
import type { AppliedMigration } from "../../core/model/migration.ts";
import { readHalfDone } from "../../engine/half-done.ts";
import { readApplied, readHistory } from "../../engine/history.ts";
import type { Repo } from "../config.ts";
import type { Lane } from "../lane.ts";
import { ownRows } from "../own-rows.ts";
import { sourceOf } from "../source.ts";
import type { Asked, Listed } from "./asked.ts";

/** Opens no migration, and no database. @throws {ReleaseError} `folder_missing` */
export async function listMigrations(repo: Repo, lane: Lane, root: string): Promise<Listed> {
  const { migrations, mayBeMissing } = lane;
  const source = sourceOf(migrations, { repo: repo.name, root, mayBeMissing });
  return { lane, source, ...(await source.list()) };
}

/** What has run, as far as the direction needs it. @throws {ReleaseError} `history_unreadable`, `history_foreign` */
export function readWhatRan(asked: Asked): Promise<readonly AppliedMigration[]> {
  const { repo, lane, session, history, files, request } = asked;
  const read = () =>
    request.target.direction === "up"
      ? readApplied(session, history, files, (done) => files.every((one) => done.has(one.version)))
      : withHalfDone(asked);
  return lane.name === "schema" ? ownRows({ repo, session, history }, read) : read();
}

/** What can be rolled back: what the history says, and what a run has left half done. */
async function withHalfDone({
  session,
  history,
  files,
  request: { target },
}: Asked): Promise<readonly AppliedMigration[]> {
  const applied = await readHistory(session, history, files);
  const known = new Set(applied.map(({ version }) => version));
  const halfDone = [...(await readHalfDone(session, history, files)).keys()];
  return [
    ...applied,
    // Its way back may undo what never ran, so it goes only when it is named itself.
    ...halfDone
      .filter((version) => !known.has(version) && "to" in target && target.to === version)
      .map((version) => ({ version })),
  ];
}
