/**
 * The journal: how far a migration got that cannot be one transaction. Each part that can be is one
 * transaction with its line here. Any other part is announced before it runs, so that after a crash
 * the next run knows what to ask.
 */

import type { Session } from "../adapters/adapter.ts";
import type { Dialect } from "../core/language/dialect.ts";
import type { Column } from "../core/language/table-parts.ts";
import type { Direction, MigrationFile, Version } from "../core/model/migration.ts";
import type { Statement } from "../core/model/statement.ts";
import { plain } from "../core/model/statement.ts";
import { versionNumber } from "../core/model/version-key.ts";
import type { KeptInHistory } from "../core/plan/step.ts";
import type { StoredPlan } from "../core/plan/stored-plan-data.ts";
import { meaningChecksum } from "./checksum.ts";
import type { HistoryPlace } from "./history.ts";
import { journalTable } from "./journal-table.ts";
import { planOfText, planText } from "./kept-plan.ts";
import { ensureOwnTable, type OwnTable } from "./own-table.ts";
import { settingUp } from "./set-up.ts";

/** Which migration a journal is about. */
export type JournalKey = {
  readonly history: HistoryPlace;
  readonly version: Version;
  readonly direction: Direction;
};

/** One announced or finished unit. `checksum` is of the work that it runs. */
export type JournalLine = {
  readonly position: number;
  readonly state: "started" | "done";
  readonly checksum: string;
  /** The server's process that ran it, as far as it has one. */
  readonly pid: string | undefined;
  /** Of a backfill: the key of the last row of its last batch. */
  readonly reached?: readonly string[] | undefined;
};

const columns: readonly Column[] = [
  { name: "history", type: "string", null: false, primaryKey: true },
  { name: "version", type: "bigint", null: false, primaryKey: true },
  { name: "direction", type: "string", size: 4, null: false, primaryKey: true },
  { name: "position", type: "integer", null: false, primaryKey: true },
  { name: "state", type: "string", size: 7, null: false },
  { name: "checksum", type: "string", null: false },
  { name: "pid", type: "string" },
  { name: "at", type: "naive_datetime" },
];

/** Younger than the table may be. */
const reached: Column = { name: "reached", type: "text" };
const plan: Column = { name: "plan", type: "map" };

/** Stands for a direction in the line that keeps the meaning and the plan of a migration of which a part ran. */
const planLine = "plan";

/** The lines of a migration, by position. Empty when the table does not exist: then nothing was interrupted. */
export async function readJournal(
  session: Session,
  key: JournalKey,
): Promise<ReadonlyMap<number, JournalLine>> {
  const { dialect } = session;
  try {
    const rows = await session.query(
      `SELECT * FROM ${dialect.quoteNamed(journalTable(key.history))} WHERE ${where(dialect, key)}`,
    );
    return new Map(
      rows.map((row) => [
        Number(row.position),
        {
          position: Number(row.position),
          state: row.state === "done" ? "done" : "started",
          checksum: String(row.checksum),
          pid: row.pid === null ? undefined : String(row.pid),
          reached: row.reached ? (JSON.parse(String(row.reached)) as readonly string[]) : undefined,
        },
      ]),
    );
  } catch (error) {
    if (session.errorKind(error) === "table_missing") return new Map();
    throw error;
  }
}

/** The table as it is made today. */
export function journal(history: HistoryPlace): OwnTable {
  return { table: journalTable(history), columns: [...columns, reached, plan] };
}

/**
 * Makes the table where it is missing.
 *
 * @throws {ReleaseError} `setup_refused`
 */
export async function ensureJournal(session: Session, history: HistoryPlace): Promise<void> {
  const own = journal(history);
  const at = { repo: history.repo, tables: [own.table], doing: "make or complete slipway_journal" };
  await settingUp(session, at, () => ensureOwnTable(session, own));
}

/** Announces a unit, or says that it is done. */
export function journalStatement(
  dialect: Dialect,
  key: JournalKey,
  line: Omit<JournalLine, "pid">,
): Statement {
  const values = [
    dialect.literal(key.history.table.name),
    versionNumber(key.version),
    dialect.literal(key.direction),
    String(line.position),
    dialect.literal(line.state),
    dialect.literal(line.checksum),
    line.state === "started" ? dialect.connectionId : "NULL",
    dialect.utcNow,
    ...(line.reached === undefined ? [] : [dialect.literal(JSON.stringify(line.reached))]),
  ];
  const filled = line.reached === undefined ? columns : [...columns, reached];
  const names = filled.map((column) => dialect.quote(column.name)).join(", ");
  return plain(
    `INSERT INTO ${dialect.quoteNamed(journalTable(key.history))} (${names}) VALUES (${values.join(", ")})`,
  );
}

/** A migration of which a part ran: the checksum of its meaning, and its plan. */
export type Begun = { readonly meaning: string; readonly plan: StoredPlan | undefined };

/**
 * Keeps the meaning and the plan of a migration that begins, and removes those that an earlier try
 * kept.
 */
export function keepStatements(
  dialect: Dialect,
  key: JournalKey,
  { meaning, plan }: KeptInHistory,
): readonly Statement[] {
  const { quote, literal } = dialect;
  const values = [
    literal(key.history.table.name),
    versionNumber(key.version),
    literal(planLine),
    "0",
    literal("kept"),
    literal(meaningChecksum(meaning)),
    literal(planText(plan)),
  ];
  const names = ["history", "version", "direction", "position", "state", "checksum", "plan"];
  const table = dialect.quoteNamed(journalTable(key.history));
  return [
    plain(`DELETE FROM ${table} WHERE ${where(dialect, key, planLine)}`),
    plain(`INSERT INTO ${table} (${names.map(quote).join(", ")}) VALUES (${values.join(", ")})`),
  ];
}

/** The begun migrations, as far as the journal keeps them: an older Slipway did not. */
export async function readBegun(
  session: Session,
  { table }: HistoryPlace,
  files: readonly MigrationFile[],
): Promise<ReadonlyMap<Version, Begun>> {
  const { quote, quoteNamed, literal, castToText, operator } = session.dialect;
  const byNumber = new Map(files.map(({ version }) => [versionNumber(version), version]));
  const text = (name: string) => `${castToText(quote(name))} AS ${quote(name)}`;
  const is = operator("=");
  try {
    const rows = await session.query(
      `SELECT ${text("version")}, ${quote("checksum")}, ${text("plan")} FROM ${quoteNamed(journalTable({ table }))} WHERE ${quote("history")} ${is} ${literal(table.name)} AND ${quote("direction")} ${is} ${literal(planLine)}`,
    );
    const begun = new Map<Version, Begun>();
    for (const { version, checksum: meaning, plan } of rows)
      begun.set(byNumber.get(String(version)) ?? String(version), {
        meaning: String(meaning),
        plan: await planOfText(String(plan)),
      });
    return begun;
  } catch (error) {
    const kind = session.errorKind(error);
    if (kind === "table_missing" || kind === "column_missing") return new Map();
    throw error;
  }
}

/** Forgets all that the journal says of a migration, in both directions. */
export function forgetAllStatement(
  dialect: Dialect,
  key: Omit<JournalKey, "direction">,
): Statement {
  return plain(
    `DELETE FROM ${dialect.quoteNamed(journalTable(key.history))} WHERE ${whereBoth(dialect, key)}`,
  );
}

/** Forgets one unit. */
export function forgetStatement(dialect: Dialect, key: JournalKey, position: number): Statement {
  const one = ` AND ${dialect.quote("position")} ${dialect.operator("=")} ${position}`;
  return plain(
    `DELETE FROM ${dialect.quoteNamed(journalTable(key.history))} WHERE ${where(dialect, key)}${one}`,
  );
}

function where(dialect: Dialect, key: JournalKey, direction: string = key.direction): string {
  return `${whereBoth(dialect, key)} AND ${dialect.quote("direction")} ${dialect.operator("=")} ${dialect.literal(direction)}`;
}

function whereBoth(dialect: Dialect, { history, version }: Omit<JournalKey, "direction">): string {
  const { quote: q, literal } = dialect;
  const is = dialect.operator("=");
  return `${q("history")} ${is} ${literal(history.table.name)} AND ${q("version")} ${is} ${versionNumber(version)}`;
}
