/** Finds applied migrations whose files have changed since. */

import type { Session } from "../adapters/adapter.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { AppliedMigration, MigrationFile, Version } from "../core/model/migration.ts";
import type { PrepareInput } from "../core/plan/step.ts";
import { sqlLines } from "../core/plan/stored-plan.ts";
import type { StoredPlan } from "../core/plan/stored-plan-data.ts";
import { meaningChecksum } from "../engine/checksum.ts";
import type { Source } from "../engine/discovery/source.ts";
import { type HistoryPlace, readPlans } from "../engine/history.ts";

export type EditedInput = {
  readonly files: readonly MigrationFile[];
  readonly applied: readonly AppliedMigration[];
  readonly source: Source;
  readonly session: Session;
  readonly history: HistoryPlace;
  readonly prepare: Omit<PrepareInput, "migrations">;
  /** The plans of applied migrations. Default: those that the history keeps. */
  readonly plansOf?: (versions: readonly Version[]) => Promise<ReadonlyMap<Version, StoredPlan>>;
};

/** The found edits: those of the meaning, and files of which only the text differs. */
export type Edited = {
  readonly meaning: readonly ReleaseError<"migration_edited">[];
  readonly text: readonly MigrationFile[];
};

/**
 * Compares files with the history. Only files whose checksum differs are loaded,
 * and migrations that ran before checksums were kept are left alone.
 */
export async function findEdited(input: EditedInput): Promise<Edited> {
  const byVersion = new Map(input.files.map((file) => [file.version, file]));
  const candidates = input.applied.flatMap((row) => {
    const file = byVersion.get(row.version);
    return file === undefined || file.repeatable || row.meaning === undefined
      ? []
      : [{ file, row }];
  });
  const checksums = await Promise.all(candidates.map(({ file }) => input.source.checksum(file)));
  const differing = candidates.filter(
    ({ row }, i) => checksums[i] === undefined || checksums[i] !== row.checksum,
  );

  if (differing.length === 0) return { meaning: [], text: [] };
  const { meaningOf, prepare } = await import("../core/plan/prepare.ts");
  const edits: { readonly file: MigrationFile; readonly after: readonly string[] }[] = [];
  const text: MigrationFile[] = [];
  for (const { file, row } of differing) {
    const migration = await input.source.load(file, input.session.dialect.syntax);
    if (
      meaningChecksum(meaningOf(migration, { ...input.prepare, migrations: [] })) !== row.meaning
    ) {
      const [step] = prepare({ ...input.prepare, direction: "up", migrations: [migration] });
      edits.push({ file, after: step?.kept === undefined ? [] : sqlLines(step.kept.plan.up) });
    } else if (sameKind(row.checksum, await input.source.checksum(file))) text.push(file);
  }
  const plansOf = input.plansOf ?? ((versions) => plansIn(input, versions));
  const plans = await plansOf(edits.map(({ file }) => file.version));
  const meaning = edits.map(({ file, after }) => {
    const { version, name, origin } = file;
    const diff = difference(plans.get(version), after);
    return new ReleaseError("migration_edited", {
      repo: input.history.repo,
      version,
      name,
      origin,
      diff,
    });
  });
  return { meaning, text };
}

async function plansIn({ session, history }: EditedInput, versions: readonly Version[]) {
  const kept = await readPlans(session, history, versions);
  return new Map([...kept].flatMap(([version, { plan }]) => (plan ? [[version, plan]] : [])));
}

/** A .ts and the .js that a compiler made of it always differ, and nobody edited anything. */
function sameKind(before: string | undefined, now: string | undefined): boolean {
  return before !== undefined && now !== undefined && before.split(":")[0] === now.split(":")[0];
}

/** The statements that only one of the two has: `-` ran, `+` is in the file. */
function difference(before: StoredPlan | undefined, after: readonly string[]): readonly string[] {
  const ran = before === undefined ? [] : sqlLines(before.up);
  return [
    ...ran.filter((sql) => !after.includes(sql)).map((sql) => `- ${sql}`),
    ...after.filter((sql) => !ran.includes(sql)).map((sql) => `+ ${sql}`),
  ];
}
