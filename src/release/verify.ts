/** How the migrations of this release relate to a database. Takes no lock and writes nothing. */
import type { MigrationFile, Version } from "../core/model/migration.ts";
import { readHistory } from "../engine/history.ts";
import type { Repo } from "./config.ts";
import { findEdited } from "./edited.ts";
import { type LaneName, type LaneOptions, laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import { ownRows } from "./own-rows.ts";
import type { PrepareContext } from "./run-world.ts";
import { sourceOf } from "./source.ts";
import { reading } from "./stoppable.ts";

/** How the migrations of a release relate to one database. */
export type Verification = {
  readonly repo: string;
  /**
   * `same`: all of the release's migrations have run and no other. `behind`: some are pending. `ahead`: others have run too.
   * `diverged`: both. `edited`: one that has run means something else now, which counts most.
   */
  readonly relation: "same" | "behind" | "ahead" | "diverged" | "edited";
  readonly pending: readonly Version[];
  /** Applied, and not in this release. */
  readonly unknown: readonly Version[];
  /** Applied, and of another meaning now: `- ` lines that ran, `+ ` lines of the file. */
  readonly edited: readonly {
    readonly version: Version;
    readonly name: string;
    readonly origin: string;
    readonly diff: readonly string[];
  }[];
  /** Applied, and edited since in their looks only. */
  readonly reformatted: readonly string[];
};

export async function verifyRepo(
  repo: Repo,
  request: { readonly lane: LaneName; readonly options: LaneOptions },
  context: PrepareContext,
): Promise<Verification> {
  const { options } = request;
  const { migrations, historyTable, mayBeMissing } = laneOf(repo, request.lane, options);
  const source = sourceOf(migrations, { repo: repo.name, root: context.root, mayBeMissing });
  const { files: listed } = await source.list();
  const session = await openSession(repo, { role: "work", reads: "tell", ...context });
  const compare = async (): Promise<Verification> => {
    const history = { table: historyTable, repo: repo.name };
    const own = { repo, session, history, answeredFor: true };
    const ran = await ownRows(own, () => readHistory(session, history, listed));
    const { dialect } = session;
    const prepare = {
      direction: "up",
      dialect,
      defaults: repo.defaults,
      hooks: repo.hooks,
      prefix: options.prefix,
    } as const;
    const { files, applied } = listed.some((file) => file.repeatable || file.baseline)
      ? await (await import("./repeatables.ts")).repeating({
          files: listed,
          applied: ran,
          history,
          source,
          session,
          prepare,
        })
      : { files: listed, applied: ran };
    const { meaning, text } = await findEdited({
      files,
      applied,
      source,
      session,
      history,
      prepare,
    });
    const done = new Set(applied.map((row) => row.version));
    const hasRun = new Set(ran.map((row) => row.version));
    const known = new Set(files.map((file) => file.version));
    const found = {
      pending: files.map((file) => file.version).filter((version) => !done.has(version)),
      unknown: [...hasRun].filter((version) => !known.has(version)),
      edited: meaning.map(({ details: { version, name, origin, diff } }) => ({
        version,
        name,
        origin,
        diff,
      })),
      reformatted: text.map((file: MigrationFile) => file.origin),
    };
    return { repo: repo.name, relation: relationOf(found), ...found };
  };
  try {
    return await reading(session, context, compare, source);
  } finally {
    await session.close();
  }
}

function relationOf({
  pending,
  unknown,
  edited,
}: Pick<Verification, "pending" | "unknown" | "edited">): Verification["relation"] {
  if (edited.length > 0) return "edited";
  if (pending.length > 0) return unknown.length > 0 ? "diverged" : "behind";
  return unknown.length > 0 ? "ahead" : "same";
}
