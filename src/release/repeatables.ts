/**
 * Learns about repeatable migrations before anything is planned. Reads only, and nothing where
 * there are none.
 */
import type { Session } from "../adapters/adapter.ts";
import type { AppliedMigration, MigrationFile, Version } from "../core/model/migration.ts";
import { withBaseline } from "../core/plan/baselines.ts";
import { repeatedAmong } from "../core/plan/order.ts";
import { inRepeatOrder } from "../core/plan/repeatables.ts";
import type { PrepareInput } from "../core/plan/step.ts";
import { meaningChecksum } from "../engine/checksum.ts";
import type { Source } from "../engine/discovery/source.ts";
import { readHalfDone } from "../engine/half-done.ts";
import { type HistoryPlace, readPlans } from "../engine/history.ts";
import type { Repo } from "./config.ts";

export type Repeating = {
  /** In the order in which they run. */
  readonly files: readonly MigrationFile[];
  /** Without those that are to run again. */
  readonly applied: readonly AppliedMigration[];
  /** The migrations that are to run again, by version, each with its last run. */
  readonly again: ReadonlyMap<Version, AppliedMigration>;
};

type Input = {
  readonly files: readonly MigrationFile[];
  readonly applied: readonly AppliedMigration[];
  readonly history: HistoryPlace;
  readonly source: Source;
  readonly session: Session;
  readonly prepare: Omit<PrepareInput, "migrations">;
};

/**
 * Compares the meanings of repeatable migrations with those in the history. @throws {ReleaseError}
 * for one that cannot be loaded
 */
export async function repeating({ files: all, applied, ...from }: Input): Promise<Repeating> {
  const files = withBaseline(all, applied);
  const own = files.filter((file) => file.repeatable !== undefined);
  const { source, session, prepare, history } = from;
  // In a built release something else stands for the compiler.
  const { meaningOf } = await import("../core/plan/prepare.ts");
  const loaded = await Promise.all(own.map((file) => source.load(file, session.dialect.syntax)));
  const depending = loaded.map(({ file, definition }) => ({
    file,
    depends: definition.depends ?? [],
  }));
  const meanings = new Map(
    loaded.map((one) => [
      one.file.version,
      meaningChecksum(meaningOf(one, { ...prepare, migrations: [] })),
    ]),
  );
  const halves = own.length === 0 ? undefined : await readHalfDone(session, history, files);
  const isChanged = ({ version, meaning }: AppliedMigration) =>
    meanings.has(version) &&
    ((meaning !== undefined && meanings.get(version) !== meaning) ||
      // Half of another text may have undone the one that the row names.
      halves?.get(version)?.direction === "up");
  return {
    files: inRepeatOrder(files, depending),
    applied: applied.filter((row) => !isChanged(row)),
    again: new Map(applied.filter(isChanged).map((row) => [row.version, row])),
  };
}

/** The same for a caller that only looks, and compiles nothing else. */
export function repeatingOf(
  repo: Repo,
  input: Omit<Input, "prepare"> & { readonly prefix: string | undefined },
): Promise<Repeating> {
  const { prefix, ...given } = input;
  const { dialect } = input.session;
  const prepare = { direction: "up", dialect, prefix, defaults: repo.defaults } as const;
  return repeating({ ...given, prepare: { ...prepare, hooks: repo.hooks } });
}

/** Those that have run again, and whose earlier text a rollback brings back. */
export async function withEarlier(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
  { session, history }: { readonly session: Session; readonly history: HistoryPlace },
): Promise<ReadonlySet<Version>> {
  const isRepeated = repeatedAmong(files);
  const rows = applied.filter(({ version, hasPlan }) => hasPlan === true && isRepeated(version));
  const plans = await readPlans(
    session,
    history,
    rows.map(({ version }) => version),
  );
  return new Set([...plans].filter(([, { plan }]) => plan?.earlier).map(([version]) => version));
}
