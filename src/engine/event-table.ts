/**
 * The event table: who did what, when, and what came of it, failures included. It only grows, and
 * decides nothing: the history says which migrations are applied.
 */
import type { Row, Session } from "../adapters/adapter.ts";
import type { Dialect } from "../core/language/dialect.ts";
import type { Column } from "../core/language/table-parts.ts";
import {
  type Direction,
  type MigrationFile,
  type Version,
  versionFromDigits,
} from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import { redact } from "../core/model/redact.ts";
import type { Statement } from "../core/model/statement.ts";
import { isNumber, versionNumber } from "../core/model/version-key.ts";
import { ownRow } from "./own-row.ts";
import type { OwnTable } from "./own-table.ts";
import type { RunFacts } from "./run-facts.ts";

/**
 * `failed`: it ended with an error. `interrupted`: a signal ended it. `marked`: somebody answered for a statement that
 * was interrupted. `adopted`: another tool's history says that it ran. `held`: a throttle
 * has held a backfill for a minute. `paused`, `resumed`, `cancelled`, `set`,
 * `restarted`, `retried` (its dead rows): what somebody told a backfill. A run that was killed leaves no event.
 */
export type EventResult =
  | "applied"
  | "rolled_back"
  | "failed"
  | "interrupted"
  | "marked"
  | "adopted"
  | "held"
  | ToldBackfill;

/** The events that a person adds to a backfill. `set`: another pace, which is the reason. */
export type ToldBackfill = "paused" | "resumed" | "cancelled" | "set" | "restarted" | "retried";

/** A note, which is no event: the newest file of a folder when its history was taken over. */
const movedIn = "moved_in";

/** One thing that was done to a migration. */
export type HistoryEvent = {
  readonly at: Date | undefined;
  /** The history table that it is about: those of the schema and of the data share the events. */
  readonly history: string;
  readonly version: Version;
  readonly name: string | undefined;
  readonly direction: Direction;
  readonly result: EventResult;
  /** The reason, without a password; for `marked`, the state that the migration was marked as. */
  readonly reason: string | undefined;
  readonly durationMs: number | undefined;
  readonly runId: string | undefined;
  readonly release: string | undefined;
  readonly host: string | undefined;
  /** Whose process it was there: the name of the operating system's user. */
  readonly user?: string | undefined;
  /** Which taking of the lock it was done under, as digits. */
  readonly fence: string | undefined;
};

const columns: readonly Column[] = [
  { name: "id", type: "identity", primaryKey: true, null: false },
  { name: "at", type: "naive_datetime_usec" },
  { name: "history", type: "string", null: false },
  { name: "version", type: "bigint", null: false },
  { name: "name", type: "text" },
  { name: "direction", type: "string", size: 4, null: false },
  { name: "result", type: "string", size: 11, null: false },
  { name: "reason", type: "text" },
  { name: "duration_ms", type: "bigint" },
  { name: "run_id", type: "text" },
  { name: "release", type: "text" },
  { name: "host", type: "text" },
  { name: "fence", type: "bigint" },
  { name: "migration_id", type: "text" },
  { name: "os_user", type: "text" },
];

/** Beside the history, in its schema. */
export function eventTable(history: Named): OwnTable {
  return { table: { ...history, name: "slipway_events" }, columns };
}

/** An event that is not written down yet. */
export type NewEvent = Pick<HistoryEvent, "version" | "direction"> & {
  readonly result: EventResult | typeof movedIn;
  readonly name?: string | undefined;
  readonly reason?: string | undefined;
  /** SQL that gives whole milliseconds, or `NULL`. */
  readonly duration: string;
};

const longestReason = 2_000;

/** The statement that adds an event. */
export function eventStatement(
  dialect: Dialect,
  history: Named,
  happened: { readonly event: NewEvent; readonly facts: RunFacts },
): Statement {
  const { event, facts } = happened;
  const literal = (value: string | undefined) =>
    value === undefined ? "NULL" : dialect.literal(value);
  const values = {
    at: dialect.utcNow,
    history: literal(history.name),
    version: versionNumber(event.version),
    name: literal(event.name),
    direction: literal(event.direction),
    result: literal(event.result),
    reason: literal(event.reason && shown(event.reason)),
    duration_ms: event.duration,
    run_id: literal(facts.runId),
    release: literal(facts.release),
    host: literal(facts.host),
    ...(facts.user === undefined ? {} : { os_user: literal(facts.user) }),
    fence: facts.fence ?? "NULL",
    ...(isNumber(event.version) ? {} : { migration_id: literal(event.version) }),
  };
  return ownRow(dialect, eventTable(history).table, values);
}

/**
 * The last events of these histories, which are in one schema; the newest first. Writes nothing: no table means that
 * nothing has happened yet.
 */
export async function readEvents(
  session: Session,
  histories: readonly Named[],
  { limit }: { readonly limit: number },
): Promise<readonly HistoryEvent[]> {
  const [history] = histories;
  if (history === undefined) return [];
  const { dialect } = session;
  const { quote, castToText } = dialect;
  const texts = ["version", "duration_ms", "fence"].map(
    (name) => `${castToText(quote(name))} AS ${quote(name)}`,
  );
  texts.unshift(`${dialect.timeToText(quote("at"))} AS ${quote("at")}`);
  const names = ["history", "name", "direction", "result", "reason", "run_id", "release", "host"];
  const wanted = [...texts, ...names.map(quote)];
  const of = dialect.isOneOf(
    quote("history"),
    histories.map(({ name }) => dialect.literal(name)),
  );
  const from = dialect.quoteNamed(eventTable(history).table);
  const read = async (columns: readonly string[]) =>
    session.query(
      `SELECT ${columns.join(", ")} FROM ${from} WHERE ${of} AND ${quote("result")} ${dialect.operator("<>")} ${dialect.literal(movedIn)} ORDER BY ${quote("id")} DESC LIMIT ${limit}`,
    );
  // A table that an older Slipway made lacks some: the next run completes it.
  for (const younger of [["migration_id", "os_user"], ["migration_id"], []]) {
    try {
      return (await read([...wanted, ...younger.map(quote)])).map(eventOf);
    } catch (error) {
      const kind = session.errorKind(error);
      if (kind === "table_missing") return [];
      if (kind !== "column_missing" || younger.length === 0) throw error;
    }
  }
  return [];
}

/**
 * The newest file that was there when the history was taken over; `undefined` where none was. One that runs again says
 * nothing of how far that was. Writes nothing.
 */
export async function readMovedIn(
  session: Session,
  history: Named,
  files: readonly MigrationFile[],
): Promise<Version | undefined> {
  const { dialect } = session;
  const { quote, literal, castToText } = dialect;
  const is = (name: string, value: string) => `${quote(name)} = ${literal(value)}`;
  const version = `${castToText(quote("version"))} AS ${quote("version")}`;
  const sql = `SELECT ${version}, ${quote("migration_id")} FROM ${dialect.quoteNamed(eventTable(history).table)} WHERE ${is("history", history.name)} AND ${is("result", movedIn)} ORDER BY ${quote("id")} DESC`;
  try {
    const marks = (await session.query(sql)).map((row) =>
      typeof row.migration_id === "string"
        ? row.migration_id
        : versionFromDigits(String(row.version)),
    );
    return marks.find((mark) => !isRepeated(mark, files));
  } catch (error) {
    const kind = session.errorKind(error);
    if (kind === "table_missing" || kind === "column_missing") return undefined;
    throw error;
  }
}

function isRepeated(version: Version, files: readonly MigrationFile[]): boolean {
  const file = files.find((one) => one.version === version);
  return file === undefined ? version.startsWith("R__") : file.repeatable === true;
}

function eventOf(row: Row): HistoryEvent {
  const text = (name: string) => {
    const value = row[name];
    return typeof value === "string" ? value : undefined;
  };
  const at = text("at");
  const durationMs = text("duration_ms");
  return {
    at: at === undefined ? undefined : new Date(`${at.replace(" ", "T")}Z`),
    history: String(row.history),
    version: text("migration_id") ?? versionFromDigits(String(row.version)),
    name: text("name"),
    direction: row.direction === "down" ? "down" : "up",
    result: String(row.result) as EventResult,
    reason: text("reason"),
    durationMs: durationMs === undefined ? undefined : Number(durationMs),
    runId: text("run_id"),
    release: text("release"),
    host: text("host"),
    ...(text("os_user") === undefined ? {} : { user: text("os_user") }),
    fence: text("fence"),
  };
}

/** A text that every database can store, and that people can read. */
function shown(reason: string): string {
  return redact(reason).replaceAll("\0", "").slice(0, longestReason).toWellFormed();
}

/** A time as SQL. */
export function millisecondsSql(ms: number): string {
  return String(Math.round(ms));
}
