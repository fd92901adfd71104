/** Turns a plan into steps: loads, compares with the history, compiles. Writes nothing. */
import type { Session } from "../adapters/adapter.ts";
import { isReleaseError, ReleaseError, refuse } from "../core/model/errors.ts";
import type { AppliedMigration, MigrationFile, Version } from "../core/model/migration.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import type { Plan } from "../core/plan/plan.ts";
import { sqlOf } from "../core/plan/sent-sql.ts";
import type { LoadedMigration, PrepareInput, Step } from "../core/plan/step.ts";
import { meaningChecksum } from "../engine/checksum.ts";
import type { Source } from "../engine/discovery/source.ts";
import { type HistoryPlace, type KeptPlan, readPlans } from "../engine/history.ts";
import type { Begun } from "../engine/journal.ts";

export type StepsInput = {
  readonly plan: Plan;
  readonly applied: readonly AppliedMigration[];
  readonly source: Source;
  readonly session: Session;
  readonly history: HistoryPlace;
  readonly prepare: Omit<PrepareInput, "migrations">;
  /** Going down, undo by the files, also where the history says that something else ran. */
  readonly fromFiles: boolean;
  /** Going up: the last run of each migration that runs again. Default: none does. */
  readonly again?: ReadonlyMap<Version, AppliedMigration> | undefined;
  /** Begun migrations of which the history has no row. Default: there are none. */
  readonly begun?: ReadonlyMap<Version, Partial<Begun>> | undefined;
};

/** The steps of a plan in its order, with warnings about them. */
export type Steps = { readonly steps: readonly Step[]; readonly warnings: readonly Warning[] };

/** @throws {ReleaseError} every refusal that there is: unloadable, irreversible, unsupported, not in this release */
export async function stepsOf(input: StepsInput): Promise<Steps> {
  const { plan } = input;
  const stored = new Set([...plan.stored, ...plan.restored].map((file) => file.version));
  const loaded = await loadAll(
    plan.files.filter((file) => !stored.has(file.version)),
    input,
  );
  // A migration that began without a way back gets the one that its file has now.
  const hasNone = ({ version }: MigrationFile) =>
    "refused" in (input.begun?.get(version)?.plan?.down ?? {});
  const changed =
    plan.direction === "up" || input.fromFiles
      ? []
      : (await changedSince(loaded, input)).filter((file) => !hasNone(file));

  refuse(loaded.filter(isUnseen).map(unseen));
  const isStored = new Set(plan.stored.map((file) => file.version));
  const restored = plan.restored.filter((file) => !isStored.has(file.version));
  const fromHistory = [...plan.stored, ...restored, ...changed];
  const fromFiles = loaded.filter(({ file }) => !changed.includes(file));
  const found: ReleaseError[] = [];
  const steps = [
    ...(
      await againSteps((await preparedSteps(found, fromFiles, input)).map(withShortMeaning), input)
    ).map((step) => withOwnTable(step, input.history.table.name)),
    ...(await storedSteps(found, fromHistory, input)),
  ];
  refuse(found);

  const byVersion = new Map(steps.map((step) => [step.file.version, step]));
  return {
    steps: plan.files.flatMap((file) => byVersion.get(file.version) ?? []),
    warnings: [
      ...plan.stored.map(({ id }) => warning("rolled_back_from_history", { id })),
      ...changed.map(({ origin }) => warning("not_what_ran", { origin })),
      ...steps.filter(({ stored }) => stored).flatMap(sentBy),
    ],
  };
}

/**
 * Shows the statements of a stored plan before they run: nobody has read them in a review of this
 * release.
 */
function sentBy({ file: { id }, actions }: Step): readonly Warning[] {
  return actions.flatMap((action) => {
    if (action.kind === "run") return [];
    return sqlOf(action).map((sql) => warning("history_sends", { id, sql }));
  });
}

/** Loads all of them before any runs, and names every one that cannot be loaded. */
export async function loadAll(
  files: readonly MigrationFile[],
  { source, session }: Pick<StepsInput, "source" | "session">,
): Promise<readonly LoadedMigration[]> {
  const loaded: LoadedMigration[] = [];
  const errors: ReleaseError[] = [];
  for (const file of files) {
    try {
      const migration = await source.load(file, session.dialect.syntax);
      loaded.push({ ...migration, checksum: migration.checksum ?? (await source.checksum(file)) });
    } catch (error) {
      if (!isReleaseError(error)) throw error;
      errors.push(error);
    }
  }
  refuse(errors);
  return loaded;
}

/** Files that mean something else than what ran, where the history can undo what ran. */
export async function changedSince(
  loaded: readonly LoadedMigration[],
  input: Pick<StepsInput, "applied" | "prepare">,
): Promise<readonly MigrationFile[]> {
  const rows = new Map(input.applied.map((row) => [row.version, row]));
  const { meaningOf } = await import("../core/plan/prepare.ts");
  return loaded
    .filter((migration) => {
      const row = rows.get(migration.file.version);
      if (row?.meaning === undefined || row.hasPlan !== true) return false;
      return (
        meaningChecksum(meaningOf(migration, { ...input.prepare, migrations: [] })) !== row.meaning
      );
    })
    .map(({ file }) => file);
}

/** The meaning of a step is its whole text once more; from here on its checksum is enough. */
function withShortMeaning(step: Step): Step {
  const { kept } = step;
  if (kept === undefined || typeof kept.meaning !== "string") return step;
  return { ...step, kept: { ...kept, meaning: { checksum: meaningChecksum(kept.meaning) } } };
}

const ownDrop =
  /^\s*DROP\s+TABLE\s+IF\s+EXISTS\s+(?:(?:"public"|public)\.)?"?(\w+)"?\s*(?:CASCADE|RESTRICT)?\s*;?\s*$/i;

/**
 * Takes out statements that drop an earlier tool's table, and allow for its absence: the history has that name now.
 */
function withOwnTable(step: Step, table: string): Step {
  const isOwnDrop = ({ sql }: { readonly sql: string }) => ownDrop.exec(sql)?.[1] === table;
  const drops = step.actions.some(
    (one) => one.kind === "statements" && one.statements.some(isOwnDrop),
  );
  if (!drops) return step;
  const actions = step.actions.map((one) =>
    one.kind === "statements"
      ? { ...one, statements: one.statements.filter((statement) => !isOwnDrop(statement)) }
      : one,
  );
  return { ...step, actions, ownTableKept: table };
}

/** A file must say it where it is read: nobody runs a module to find out. */
function isUnseen({ file, definition }: LoadedMigration): boolean {
  return definition.repeatable === true && file.repeatable === undefined;
}

function unseen({ file: { origin } }: LoadedMigration): ReleaseError {
  return new ReleaseError("migration_invalid", {
    origin,
    reason: "that it is repeatable is not written where it is looked for",
    hint: "Write repeatable: true as it is, or call the file R__name.",
  });
}

/** A migration that runs again goes back to its text from before. */
export async function againSteps(
  steps: readonly Step[],
  { again = new Map(), session, history }: Pick<StepsInput, "again" | "session" | "history">,
): Promise<readonly Step[]> {
  if (again.size === 0) return steps;
  const plans = await readPlans(session, history, [...again.keys()]);
  const { planAgain } = await import("../core/plan/repeatables.ts");
  return steps.map((step): Step => {
    const { version } = step.file;
    const row = again.get(version);
    if (row === undefined || step.kept === undefined) return step;
    const before = plans.get(version)?.plan;
    // The same text came back: its way back is still the text before it.
    const isSame = row.meaning === meaningChecksum(step.kept.meaning);
    const plan = (isSame ? before : undefined) ?? planAgain(step.kept.plan, row, before);
    const rowNumber = row.rowNumber === undefined ? {} : { rowNumber: row.rowNumber };
    const file = { ...step.file, ...rowNumber };
    return { ...step, file, again: true, kept: { ...step.kept, plan } };
  });
}

async function storedSteps(
  found: ReleaseError[],
  files: readonly MigrationFile[],
  { session, history, begun = new Map() }: StepsInput,
): Promise<readonly Step[]> {
  if (files.length === 0) return [];
  const { stepFromStored } = await import("../core/plan/step-from-stored.ts");
  const versions = files.map((file): Version => file.version);
  const plans = new Map<Version, KeptPlan>([
    ...(await readPlans(session, history, versions)),
    ...[...begun].map(([version, { plan }]) => [version, { plan, release: undefined }] as const),
  ]);
  return files.flatMap((file) => {
    const kept = plans.get(file.version);
    const step =
      kept?.plan === undefined
        ? { refused: "its plan in the history is of no shape that this Slipway knows" }
        : stepFromStored(file, kept.plan, session.dialect.splitStatements);
    if (!("refused" in step)) return [step];
    const { version, name } = file;
    found.push(
      new ReleaseError("not_in_release", {
        repo: history.repo,
        version,
        name,
        reason: step.refused,
        release: kept?.release,
      }),
    );
    return [];
  });
}

/** The compiler is loaded only where there is something to compile. */
async function preparedSteps(
  found: ReleaseError[],
  migrations: readonly LoadedMigration[],
  input: StepsInput,
): Promise<readonly Step[]> {
  if (migrations.length === 0) return [];
  const { prepare } = await import("../core/plan/prepare.ts");
  try {
    return prepare({ ...input.prepare, migrations });
  } catch (error) {
    if (!isReleaseError(error)) throw error;
    found.push(
      ...(error.code === "several" ? (error as ReleaseError<"several">).details.errors : [error]),
    );
    return [];
  }
}
