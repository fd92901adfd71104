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
import { isNumber, underFiles, versionNumber } from "../core/model/version-key.ts";
import type { StoredPlan } from "../core/plan/stored-plan-data.ts";
import { eventTable } from "./event-table.ts";
import { historyColumns } from "./history-table.ts";
import { journalTable } from "./journal-table.ts";
import { planOfText } from "./kept-plan.ts";
import { ensureOwnTable, type OwnTable } from "./own-table.ts";
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
  beside?: Beside,
): Promise<readonly AppliedMigration[]> {
  const { dialect } = session;
  const from = `FROM ${quotedTable(dialect, place)}`;
  const isThere = beside && dialect.isTableThere?.(journalTable(place));
  const journal = isThere === undefined ? "" : `, ${isThere} AS ${dialect.quote("journal")}`;
  // A table that an older Slipway made, or Ecto, lacks some: it is completed by the next run that changes something.
  const older = [phaseColumns, firstColumns].map((columns) => ownColumns(dialect, columns));
  older.push(ectoColumns(dialect));
  for (const columns of [ownColumns(dialect, keptColumns), ...older]) {
    try {
      const rows = await session.query(`${dialect.allRows}SELECT ${columns}${journal} ${from}`);
      if (isThere !== undefined && rows[0] !== undefined)
        beside?.journal(rows[0].journal !== false);
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

/** The facts that a query learns on the way. */
type Beside = {
  /** Whether there is a journal, where the database can say so of a table in the same query. */
  journal(isThere: boolean): void;
};

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
  beside?: Beside,
): Promise<readonly AppliedMigration[]> {
  const numbers = await readNumbers(session, place, beside);
  if (numbers === undefined) return [];
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

/** Nothing where there is no history. */
async function readNumbers(
  session: Session,
  place: HistoryPlace,
  beside: Beside | undefined,
): Promise<readonly string[] | undefined> {
  const { dialect } = session;
  const isThere = beside && dialect.isTableThere?.(journalTable(place));
  const version = dialect.quote("version");
  const from = quotedTable(dialect, place);
  try {
    const text = dialect.castToText(version);
    // Tables of other tools have a version too, but for Ecto's none has the time beside it.
    const ours = `${dialect.quote("inserted_at")} IS NULL OR TRUE`;
    // The driver reads one row of a thousand versions in a fifth of the time that a thousand rows take.
    const journal = isThere === undefined ? "" : `, ${isThere} AS ${dialect.quote("journal")}`;
    const sql = `${dialect.allRows}SELECT ${dialect.joinRows?.(text) ?? text} AS ${version}${journal} FROM ${from} WHERE ${ours}`;
    const read = await session.query(sql);
    if (isThere !== undefined) beside?.journal(read[0]?.journal !== false);
    const rows = read.filter((row) => row.version !== null);
    return rows.flatMap((row) => String(row.version).split(","));
  } catch (error) {
    const kind = session.errorKind(error);
    if (kind === "table_missing") return undefined;
    throw kind === "column_missing"
      ? foreign(place, error)
      : await unreadable(session, place, error);
  }
}

/**
 * The columns that every Slipway has kept of a migration, and those of today, as far as a plan
 * needs them.
 */
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

/** The history and its event table as they are made today. */
export function historyTables({ table }: HistoryPlace): readonly [OwnTable, OwnTable] {
  return [{ table, columns: historyColumns }, eventTable(table)];
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
  const [history, events] = historyTables(place);
  const doing = `make or complete ${dotted(table)} and ${dotted(events.table)}`;
  return settingUp(session, { repo, tables: [table, events.table], doing }, async () => [
    ...(await ensureOwnTable(session, history)),
    ...(await ensureOwnTable(session, events)),
  ]);
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
