/** The history: which migrations have run, and how. Read without a lock; written only in a migration's own transaction. */

import type { Row, Session } from "../adapters/adapter.ts";
import { dotted } from "../core/language/describe.ts";
import { type Dialect, UnsupportedOperation } from "../core/language/dialect.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import {
  type AppliedMigration,
  type MigrationFile,
  type Version,
  versionFromDigits,
} from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import type { Statement } from "../core/model/statement.ts";
import { plain } from "../core/model/statement.ts";
import { isNumber, underFiles, versionNumber } from "../core/model/version-key.ts";
import type { Step } from "../core/plan/step.ts";
import type { EarlierRow, StoredPlan } from "../core/plan/stored-plan-data.ts";
import { meaningChecksum } from "./checksum.ts";
import { eventTable } from "./event-table.ts";
import { historyColumns } from "./history-table.ts";
import { planOfText, planText } from "./kept-plan.ts";
import { ownRow } from "./own-row.ts";
import { ensureOwnTable } from "./own-table.ts";
import type { RunFacts } from "./run-facts.ts";
import { settingUp } from "./set-up.ts";

/** Where a repo's history is, and whose it is. */
export type HistoryPlace = { readonly table: Named; readonly repo: string };

/**
 * The applied migrations under the versions of the files, in no particular order. Writes nothing: no table means that
 * nothing is applied.
 *
 * @throws {ReleaseError} `history_unreadable`, `history_foreign`; `operation_unsupported` for a prefix where there are none
 */
export async function readHistory(
  session: Session,
  place: HistoryPlace,
  files: readonly MigrationFile[],
): Promise<readonly AppliedMigration[]> {
  const { dialect } = session;
  const from = `FROM ${quotedTable(dialect, place)}`;
  // A table that an older Slipway made, or Ecto, lacks some: it is completed by the next run that changes something.
  const older = [phaseColumns, firstColumns].map((columns) => ownColumns(dialect, columns));
  older.push(ectoColumns(dialect));
  for (const columns of [ownColumns(dialect, keptColumns), ...older]) {
    try {
      const rows = await session.query(`${dialect.allRows}SELECT ${columns} ${from}`);
      return underFiles(rows.map(appliedMigration), files);
    } catch (error) {
      const kind = session.errorKind(error);
      if (kind === "table_missing") return [];
      if (kind === "column_missing" && columns === older.at(-1)) throw foreign(place, error);
      if (kind !== "column_missing") throw await unreadable(session, place, error);
    }
  }
  return [];
}

/**
 * The applied migrations; no more than their versions where `enough` says that these will do. Most commands find
 * everything as it should be, and need not read a thousand rows to say so.
 *
 * @throws {ReleaseError} as `readHistory`
 */
export async function readApplied(
  session: Session,
  place: HistoryPlace,
  files: readonly MigrationFile[],
  enough: (versions: ReadonlySet<Version>) => boolean,
): Promise<readonly AppliedMigration[]> {
  const numbers = await readNumbers(session, place);
  const byNumber = new Map(
    files
      .filter((file) => !isNumber(file.version))
      .map(({ version }) => [versionNumber(version), version]),
  );
  const versions = numbers.map((number) => byNumber.get(number) ?? versionFromDigits(number));
  if (versions.some((version) => version.startsWith("-")) || !enough(new Set(versions)))
    return readHistory(session, place, files);
  return versions.map((version) => ({ version }));
}

async function readNumbers(session: Session, place: HistoryPlace): Promise<readonly string[]> {
  const { dialect } = session;
  const version = dialect.quote("version");
  const from = quotedTable(dialect, place);
  try {
    const text = dialect.castToText(version);
    // Tables of other tools have a version too, but for Ecto's none has the time beside it.
    const ours = `${dialect.quote("inserted_at")} IS NULL OR TRUE`;
    // The driver reads one row of a thousand versions in a fifth of the time that a thousand rows take.
    const sql = `${dialect.allRows}SELECT ${dialect.joinRows?.(text) ?? text} AS ${version} FROM ${from} WHERE ${ours}`;
    const rows = (await session.query(sql)).filter((row) => row.version !== null);
    return rows.flatMap((row) => String(row.version).split(","));
  } catch (error) {
    const kind = session.errorKind(error);
    if (kind === "table_missing") return [];
    throw kind === "column_missing"
      ? foreign(place, error)
      : await unreadable(session, place, error);
  }
}

/** What every Slipway has kept of a migration, and what is kept today, as far as a plan needs it. */
const firstColumns = ["name", "checksum", "meaning"];
const phaseColumns = [...firstColumns, "phase", "compatible_from"];
const keptColumns = [...phaseColumns, "migration_id"];

/** A compiled plan of the history, and the release that ran it. */
export type KeptPlan = {
  readonly plan: StoredPlan | undefined;
  readonly release: string | undefined;
};

/** The compiled plans of these versions, as far as the history has them. */
export async function readPlans(
  session: Session,
  place: HistoryPlace,
  versions: readonly Version[],
): Promise<ReadonlyMap<Version, KeptPlan>> {
  if (versions.length === 0) return new Map();
  const byNumber = new Map(versions.map((version) => [versionNumber(version), version]));
  const { dialect } = session;
  const text = (name: string) =>
    `${dialect.castToText(dialect.quote(name))} AS ${dialect.quote(name)}`;
  const sql = `SELECT ${text("version")}, ${text("plan")}, ${dialect.quote("release")} FROM ${dialect.quoteNamed(place.table)} WHERE ${dialect.isOneOf(dialect.quote("version"), [...byNumber.keys()])} AND ${dialect.quote("plan")} IS NOT NULL`;
  const rows = await session.query(sql).catch(async (error: unknown) => {
    throw await unreadable(session, place, error);
  });
  const plans = new Map<Version, KeptPlan>();
  for (const { version, plan, release } of rows)
    plans.set(byNumber.get(String(version)) ?? String(version), {
      plan: await planOfText(String(plan)),
      release: typeof release === "string" ? release : undefined,
    });
  return plans;
}

/**
 * Makes the history and its event table, or completes older ones. Only under the lock.
 *
 * @throws {ReleaseError} `setup_refused`
 */
export function ensureHistory(
  session: Session,
  place: HistoryPlace,
): Promise<readonly Statement[]> {
  const { table, repo } = place;
  const events = eventTable(table);
  const doing = `make or complete ${dotted(table)} and ${dotted(events.table)}`;
  return settingUp(session, { repo, tables: [table, events.table], doing }, async () => [
    ...(await ensureOwnTable(session, { table, columns: historyColumns })),
    ...(await ensureOwnTable(session, events)),
  ]);
}

/** What was done, and by whom. */
export type DoneStep = {
  readonly step: Step;
  readonly facts: RunFacts;
  /** SQL that gives whole milliseconds, or `NULL`. */
  readonly duration: string;
  /** When it ran. Default: now. */
  readonly at?: Date | undefined;
};

/** The statement that records a migration going up, or forgets it going down. */
export function recordStatement(dialect: Dialect, table: Named, done: DoneStep): Statement {
  const { file, direction, again, restores } = done.step;
  const into = dialect.quoteNamed(table);
  if (direction === "down" && restores === undefined)
    return plain(
      `DELETE FROM ${into} WHERE ${dialect.quote("version")} ${dialect.operator("=")} ${file.rowNumber ?? versionNumber(file.version)}`,
    );
  const { facts } = done;
  // What is brought back is as old as it was.
  const { phase, compatibleFrom } = restores ?? done.step;
  const at = restores?.at === undefined ? done.at : new Date(restores.at);
  const literal = (value: unknown) => (value === undefined ? "NULL" : dialect.literal(value));
  const values = {
    version: versionNumber(file.version),
    inserted_at: at === undefined ? dialect.utcNow : literal(inSeconds(at)),
    ...(restores === undefined
      ? keptValues(done.step, literal)
      : restoredValues(restores, literal)),
    duration_ms: done.duration,
    run_id: literal(facts.runId),
    release: literal(facts.release),
    host: literal(facts.host),
    phase: literal(phase),
    compatible_from: literal(compatibleFrom),
    fence: facts.fence ?? "NULL",
    ...(isNumber(file.version) ? {} : { migration_id: literal(file.version) }),
  };
  if (again || restores !== undefined) {
    const { version: _, ...others } = values;
    const set = Object.entries(others).map(([name, value]) => `${dialect.quote(name)} = ${value}`);
    return plain(
      `UPDATE ${into} SET ${set.join(", ")} WHERE ${dialect.quote("version")} ${dialect.operator("=")} ${file.rowNumber ?? versionNumber(file.version)}`,
    );
  }
  return ownRow(dialect, table, values);
}

type Literal = (value: unknown) => string;

function keptValues({ file, kept }: Step, literal: Literal) {
  return {
    name: literal(file.name),
    checksum: literal(kept?.checksum),
    meaning: literal(kept === undefined ? undefined : meaningChecksum(kept.meaning)),
    plan: literal(kept && planText(kept.plan)),
  };
}

/** What the row said before: its meaning is a checksum already. */
function restoredValues({ name, checksum, meaning, plan }: EarlierRow, literal: Literal) {
  return {
    name: literal(name),
    checksum: literal(checksum),
    meaning: literal(meaning),
    plan: literal(planText(plan)),
  };
}

function ectoColumns(dialect: Dialect): string {
  const [version, at] = [dialect.quote("version"), dialect.quote("inserted_at")];
  return `${dialect.castToText(version)} AS ${version}, ${dialect.timeToText(at)} AS ${at}`;
}

function ownColumns(dialect: Dialect, columns: readonly string[]): string {
  const names = columns.map((name) => dialect.quote(name)).join(", ");
  const hasPlan = `CASE WHEN ${dialect.quote("plan")} IS NULL THEN 0 ELSE 1 END AS ${dialect.quote("has_plan")}`;
  return `${ectoColumns(dialect)}, ${names}, ${hasPlan}`;
}

function appliedMigration(row: Row): AppliedMigration {
  const { version, name, checksum, meaning, inserted_at: at, has_plan: hasPlan } = row;
  return {
    version: typeof row.migration_id === "string" ? row.migration_id : digits(version),
    name: typeof name === "string" ? name : undefined,
    appliedAt: typeof at === "string" ? new Date(`${at.replace(" ", "T")}Z`) : undefined,
    checksum: typeof checksum === "string" ? checksum : undefined,
    meaning: typeof meaning === "string" ? meaning : undefined,
    hasPlan: Number(hasPlan) === 1,
    phase: row.phase === "before" || row.phase === "after" ? row.phase : undefined,
    compatibleFrom: typeof row.compatible_from === "string" ? row.compatible_from : undefined,
  };
}

/** The first that is asked of a prefix, so here it is refused where there are none. */
function quotedTable(dialect: Dialect, { table, repo }: HistoryPlace): string {
  try {
    return dialect.quoteNamed(table);
  } catch (error) {
    if (!(error instanceof UnsupportedOperation)) throw error;
    const { operation, hint } = error;
    const details = { origin: `repo ${repo}`, operation, database: dialect.label, hint };
    throw new ReleaseError("operation_unsupported", details, { cause: error });
  }
}

/** No columns of ours, and not Ecto's either. */
function foreign({ table, repo }: HistoryPlace, cause: unknown): ReleaseError {
  return new ReleaseError(
    "history_foreign",
    { repo, table: dotted(table), taken: true },
    { cause },
  );
}

async function unreadable(
  session: Session,
  { table, repo }: HistoryPlace,
  error: unknown,
): Promise<ReleaseError> {
  const reason = messageOf(error);
  const hint =
    session.errorKind(error) === "rows_hidden"
      ? `Take the policy off it, for it would hide what has run: ALTER TABLE ${session.dialect.quoteNamed(table)} DISABLE ROW LEVEL SECURITY; or run this as its owner.`
      : (await session.refusal?.(error, [table]).catch(() => undefined))?.hint;
  const details = { repo, table: dotted(table), reason, hint };
  return new ReleaseError("history_unreadable", details, { cause: error });
}

function digits(version: unknown): Version {
  return versionFromDigits(String(version));
}

/** As the column has it: UTC, without a zone. */
function inSeconds(at: Date): string {
  return at.toISOString().slice(0, 19).replace("T", " ");
}
