/** The run of a backfill in its ledger: made once, read often, changed by commands. */

import type { Row, Session } from "../adapters/adapter.ts";
import type { Pace } from "../core/backfill/backfill.ts";
import { holdIn, type KeptHold } from "../core/backfill/hold-words.ts";
import { isRun, ledgerColumns, ledgerTables, type RunKey } from "../core/backfill/ledger.ts";
import { dotted } from "../core/language/describe.ts";
import { type Version, versionFromDigits } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import { plain } from "../core/model/statement.ts";
import { ensureOwnTable } from "../engine/own-table.ts";
import { settingUp } from "../engine/set-up.ts";

/** `running` also while nobody works on it. The others wait for a human, but for `finished`. */
export type RunState = "running" | "paused" | "cancelled" | "failed" | "finished";

/** The ledger's row of a run. */
export type RunRow = {
  readonly id: string;
  readonly version: Version;
  readonly name: string;
  readonly state: RunState;
  /** A checksum of the definition, code included. */
  readonly code: string;
  /** The changes of its pace since it began, as JSON. */
  readonly pace: string;
  readonly reason: string | undefined;
  /** Why a throttle holds it, as its worker last said; `undefined` where none does. */
  readonly hold: KeptHold | undefined;
  readonly estimate: number;
  readonly startedMs: number;
  readonly finishedMs: number | undefined;
  /** Which table it was begun on, as the database tells it; `undefined` of a run that an older Slipway began. */
  readonly tableIdentity: string | undefined;
};

/**
 * The changes of the pace by command. A throttle that is `null`, or `off`, has none of the limits
 * before.
 */
export type PaceChange = Partial<Omit<Pace, "throttle">> & {
  readonly throttle?: Readonly<Record<string, number | boolean | string>> | null;
};

/**
 * Makes the tables that are missing, and completes older ones. Two may do so at once: whoever is second finds them.
 *
 * @throws {ReleaseError} `setup_refused`
 */
export function ensureLedger(
  session: Session,
  { table, repo }: { readonly table: Named; readonly repo: string },
): Promise<void> {
  const tables = ledgerTables(table);
  const at = {
    repo,
    tables: Object.values(tables),
    doing: `make ${Object.values(tables).map(dotted).join(", ")}`,
  };
  return settingUp(session, at, async () => {
    for (const part of ["runs", "ranges", "dead"] as const)
      await ensureOwnTable(session, { table: tables[part], columns: ledgerColumns[part] });
  });
}

/** The runs of a history, oldest version first; one only when a version is given. No table means none. */
export async function readRuns(
  session: Session,
  history: Named,
  version?: Version,
): Promise<readonly RunRow[]> {
  const { dialect } = session;
  const condition =
    version === undefined
      ? `${dialect.quote("history")} ${dialect.operator("=")} ${dialect.literal(history.name)}`
      : isRun(dialect, { history, version });
  return (await readRunsWhere(session, history, condition)).map(({ run }) => run);
}

/** The runs in the ledger beside a history that meet a condition, each with the name of its history. */
export async function readRunsWhere(
  session: Session,
  beside: Named,
  condition: string,
): Promise<readonly { readonly history: string; readonly run: RunRow }[]> {
  const { dialect } = session;
  const q = dialect.quote;
  const text = (name: string) => `${dialect.castToText(q(name))} AS ${q(`${name}_text`)}`;
  const numbers = ["version", "estimate", "started_ms", "finished_ms"].map(text).join(", ");
  const table = dialect.quoteNamed(ledgerTables(beside).runs);
  try {
    const rows = await session.query(
      // A ledger that an older Slipway made lacks a column until the next run is registered.
      `SELECT runs.*, ${numbers} FROM ${table} AS runs WHERE ${condition} ORDER BY runs.${q("version")}, runs.${q("history")}`,
    );
    return rows.map((row) => ({ history: String(row.history), run: runRow(row) }));
  } catch (error) {
    if (session.errorKind(error) === "table_missing") return [];
    throw error;
  }
}

function runRow(row: Row): RunRow {
  const reason = typeof row.reason === "string" ? row.reason : undefined;
  const hold = row.state === "running" ? holdIn(reason) : undefined;
  return {
    id: String(row.id),
    version: versionFromDigits(String(row.version_text)),
    name: String(row.name ?? ""),
    state: String(row.state) as RunState,
    code: String(row.code),
    pace: String(row.pace),
    reason: hold === undefined ? reason : undefined,
    hold,
    estimate: Number(row.estimate_text),
    startedMs: Number(row.started_ms_text),
    finishedMs: row.finished_ms_text === null ? undefined : Number(row.finished_ms_text),
    tableIdentity: typeof row.table_identity === "string" ? row.table_identity : undefined,
  };
}

/** Changes a run, but only from one of the states that are named. Gives whether it did. */
export async function changeRun(
  session: Session,
  key: RunKey,
  change: {
    readonly from: readonly RunState[];
    readonly state?: RunState | undefined;
    readonly reason?: string | null | undefined;
    readonly code?: string | undefined;
    readonly pace?: PaceChange | undefined;
    readonly tableIdentity?: string | undefined;
  },
): Promise<boolean> {
  const { dialect } = session;
  const { from, state, reason, code, pace, tableIdentity } = change;
  const values: readonly (readonly [string, string | undefined])[] = [
    ["state", state && dialect.literal(state)],
    ["reason", reason === undefined ? undefined : dialect.literal(reason)],
    ["code", code && dialect.literal(code)],
    ["pace", pace && dialect.literal(JSON.stringify(pace))],
    ["table_identity", tableIdentity && dialect.literal(tableIdentity)],
    ["finished_ms", state === "finished" ? dialect.backfill.nowMs : undefined],
  ];
  const set = values.flatMap(([name, value]) =>
    value ? [`${dialect.quote(name)} = ${value}`] : [],
  );
  const isFrom = dialect.isOneOf(
    dialect.quote("state"),
    from.map((one) => dialect.literal(one)),
  );
  const changed = await session.change(
    `UPDATE ${dialect.quoteNamed(ledgerTables(key.history).runs)} SET ${set.join(", ")} WHERE ${isRun(dialect, key)} AND ${isFrom}`,
  );
  return changed > 0;
}

/** One row of a table of the ledger, as a statement. Values are SQL. */
export function insertInto(
  session: Session,
  table: Named,
  values: Readonly<Record<string, string>>,
) {
  const { dialect } = session;
  const names = Object.keys(values).map((name) => dialect.quote(name));
  return plain(
    `INSERT INTO ${dialect.quoteNamed(table)} (${names.join(", ")}) VALUES (${Object.values(values).join(", ")})`,
  );
}
