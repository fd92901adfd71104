/** Reads the names of migrations, and the history's rows of them. */
import type { AppliedMigration, Version } from "../../core/model/migration.ts";
import { repeatedAmong } from "../../core/plan/order.ts";
import { readHalfDone } from "../../engine/half-done.ts";
import { readApplied, readHistory } from "../../engine/history.ts";
import { type Begun, readBegun } from "../../engine/journal.ts";
import type { Repo } from "../config.ts";
import type { Lane } from "../lane.ts";
import { ownRows } from "../own-rows.ts";
import { sourceOf } from "../source.ts";
import type { Asked, ListedLane } from "./asked.ts";

/** Opens no migration, and no database. @throws {ReleaseError} `folder_missing` */
export async function listMigrations(repo: Repo, lane: Lane, root: string): Promise<ListedLane> {
  const { migrations, mayBeMissing } = lane;
  const source = sourceOf(migrations, { repo: repo.name, root, mayBeMissing });
  return { lane, source, ...(await source.list()) };
}

/** The migrations that have run, as far as the direction needs them. */
export type RanMigrations = {
  readonly applied: readonly AppliedMigration[];
  /** Going down: begun migrations of which the history has no row. Default: there are none. */
  readonly begun?: ReadonlyMap<Version, Partial<Begun>> | undefined;
  /** Going up: whether there is a journal. Default: it is not known. */
  readonly hasJournal?: boolean | undefined;
  /** Going up: the last run of each migration that is to run again. Default: none is. */
  readonly again?: ReadonlyMap<Version, AppliedMigration> | undefined;
  /** Going down: migrations that have an earlier text. Default: none has. */
  readonly earlier?: ReadonlySet<Version> | undefined;
};

/** @throws {ReleaseError} `history_unreadable`, `history_foreign` */
export async function readWhatRan(asked: Asked): Promise<RanMigrations> {
  const { session, history, files, request } = asked;
  if (request.target.direction === "up") {
    const areAllDone = (done: ReadonlySet<Version>) =>
      files.every((one) => done.has(one.version) && !one.repeatable && !one.baseline);
    let hasJournal: boolean | undefined;
    const beside = {
      journal: (isThere: boolean) => {
        hasJournal = isThere;
      },
    };
    const read = () => readApplied(session, history, files, areAllDone, beside);
    return { applied: await own(asked, read), hasJournal };
  }
  let begun: RanMigrations["begun"];
  const applied = await own(asked, async () => {
    const found = await withHalfDone(asked);
    begun = found.begun;
    return found.applied;
  });
  return { applied, begun, earlier: await earlierOf(applied, asked) };
}

async function earlierOf(
  applied: readonly AppliedMigration[],
  asked: Asked,
): Promise<RanMigrations["earlier"]> {
  const isRepeated = repeatedAmong(asked.files);
  if (!applied.some(({ version }) => isRepeated(version))) return undefined;
  return (await import("../repeatables.ts")).withEarlier(asked.files, applied, asked);
}

function own(
  { repo, lane, session, history }: Asked,
  read: () => Promise<readonly AppliedMigration[]>,
): Promise<readonly AppliedMigration[]> {
  return lane.name === "schema" ? ownRows({ repo, session, history }, read) : read();
}

/**
 * The migrations that can be rolled back: those in the history, and those that a run has left half
 * done.
 */
async function withHalfDone({
  session,
  history,
  files,
  request: { target },
}: Asked): Promise<RanMigrations> {
  const applied = await readHistory(session, history, files);
  const known = new Set(applied.map(({ version }) => version));
  const numbers = new Map(files.map(({ version, number }) => [version, number]));
  // Nobody undoes a half-done migration by the way, so it goes only when it is named itself.
  const isNamed = (version: Version) =>
    !known.has(version) &&
    "to" in target &&
    (target.to === version || target.to === numbers.get(version));
  const halfDone = [...(await readHalfDone(session, history, files)).keys()].filter(isNamed);
  if (halfDone.length === 0) return { applied };
  const kept = await readBegun(session, history, files);
  const begun = halfDone.map((version): readonly [Version, Partial<Begun>] => [
    version,
    kept.get(version) ?? {},
  ]);
  const rows = begun.map(
    ([version, { meaning, plan }]): AppliedMigration => ({
      version,
      meaning,
      hasPlan: plan !== undefined,
    }),
  );
  return { applied: [...applied, ...rows], begun: new Map(begun) };
}
