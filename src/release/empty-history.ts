/** Finds why a history is empty: nothing has run, or it is elsewhere, lost, or another tool's. */
import type { Session } from "../adapters/adapter.ts";
import { dotted } from "../core/language/describe.ts";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import type { Version } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import { type HistoryEvent, readEvents, readMovedIn } from "../engine/event-table.ts";
import type { HistoryPlace } from "../engine/history.ts";
import type { HistorySign, PresentTable } from "../histories/by-signs.ts";
import type { Repo } from "./config.ts";
import { historyNames } from "./elsewhere.ts";
import { elsewhere } from "./history-names.ts";

/** Schemas that a tool makes for itself. In another one than ours, a table is another app's. */
const schemasOfTools = [
  "atlas_schema_revisions",
  "drizzle",
  "graphile_migrate",
  "pgroll",
  "supabase_migrations",
];

/** A history, with its repo and a connection. */
export type OwnHistory = {
  readonly repo: Repo;
  readonly session: Session;
  readonly history: HistoryPlace;
  /** The caller knows which migrations have run, and answers for it. Default: `false` */
  readonly answeredFor?: boolean;
};

/**
 * Whether nothing has run where the history has no row.
 *
 * @throws {ReleaseError} `history_foreign`, `history_lost`
 */
export async function checkEmpty(own: OwnHistory): Promise<void> {
  const { repo, session, history, answeredFor } = own;
  if (answeredFor) return refuseElsewhere(repo, session, history);
  const places = placesOf(repo, history);
  const told = await toldByEvents(session, places);
  if (told !== "nothing" || repo.otherHistories === "ignore") {
    await refuseElsewhere(repo, session, history);
    if (told !== "of rows") return;
    throw new ReleaseError("history_lost", { repo: repo.name, table: dotted(history.table) });
  }
  const [other] = await otherHistories(own, { isTaken: false });
  if (other === undefined) return;
  // It was taken over without a file of it: its own tool keeps them.
  for (const place of places) if ((await readMovedIn(session, place, [])) !== undefined) return;
  const { table, history: tool } = other;
  const name = [table.schema, table.name].filter(Boolean).join(".");
  const details = { repo: repo.name, table: name, tool: tool.label, taken: false };
  throw new ReleaseError("history_foreign", details);
}

/** The error with the tool whose table stands where ours would be; another one as it is. */
export async function whoseTable(own: OwnHistory, error: unknown): Promise<unknown> {
  if (!isForeign(error) || !error.details.taken) return error;
  const others = await otherHistories(own, { isTaken: true });
  const taken = others.find(({ table }) => table.name === own.history.table.name);
  const { name, elsewhereTaken } = own.repo;
  const instead = elsewhereTaken ? `${elsewhere}_${name}` : undefined;
  const details = { ...error.details, tool: taken?.history.label, instead };
  return new ReleaseError("history_foreign", details, { cause: error });
}

/**
 * Whether the events tell of rows in an empty history. Mostly the newest show it; the oldest may be
 * thousands behind.
 */
async function toldByEvents(
  session: Session,
  places: readonly Named[],
): Promise<"nothing" | "of rows" | "of none"> {
  for (let limit = 200; ; limit *= 10) {
    const events = await readEvents(session, places, { limit });
    if (events.length === 0) return "nothing";
    if (tellOfRows(events)) return "of rows";
    if (events.length < limit) return "of none";
  }
}

/** Whether some version was applied last, and not undone; the newest event is the first. */
function tellOfRows(events: readonly HistoryEvent[]): boolean {
  const last = new Map<Version, HistoryEvent>();
  for (const event of events.filter(changesHistory))
    if (!last.has(event.version)) last.set(event.version, event);
  return [...last.values()].some(({ direction }) => direction === "up");
}

/** Whether a history row came or went with the event. A statement that somebody settled has none. */
function changesHistory({ result, reason = "" }: HistoryEvent): boolean {
  return result === "marked"
    ? /^(?:applied|pending)[:,]/.test(reason)
    : result === "applied" || result === "rolled_back" || result === "adopted";
}

/** Where the history may be: another tool's table may have been in the way, and gone since. */
function placesOf(repo: Repo, { table }: HistoryPlace): readonly Named[] {
  const names = historyNames(repo);
  return names.includes(table.name) ? names.map((name) => ({ ...table, name })) : [table];
}

/** @throws {ReleaseError} `history_lost` where a table of the other name has rows of ours */
async function refuseElsewhere(repo: Repo, session: Session, history: HistoryPlace): Promise<void> {
  for (const table of placesOf(repo, history)) {
    if (table.name === history.table.name || !(await hasOurs(session, table))) continue;
    const details = { repo: repo.name, table: dotted(history.table), instead: table.name };
    throw new ReleaseError("history_lost", details);
  }
}

function isForeign(error: unknown): error is ReleaseError<"history_foreign"> {
  return isReleaseError(error) && error.code === "history_foreign";
}

type OtherHistory = { readonly history: HistorySign; readonly table: PresentTable };

/** Those beside ours. A tool that has a table and no row has run nothing, but where its table stands in our way. */
async function otherHistories(
  { repo, session, history }: OwnHistory,
  { isTaken }: { readonly isTaken: boolean },
): Promise<readonly OtherHistory[]> {
  const { name: ours, prefix } = history.table;
  const { findHistories, tablesToLookFor } = await import("../histories/find-histories.ts");
  const { presentTables } = await import("./present-tables.ts");
  const names = placesOf(repo, history).map(({ name }) => name);
  const present = await presentTables(session, [...tablesToLookFor(), ...names]);
  // A database that was loaded has a history and no events.
  const mayBeElsewhere = present.some(({ name }) => name !== ours && names.includes(name));
  if (!isTaken && mayBeElsewhere) await refuseElsewhere(repo, session, history);
  const found = findHistories(present);
  const others: OtherHistory[] = [];
  for (const one of found) {
    const { name, schema } = one.table;
    const own = schema !== undefined && schemasOfTools.includes(schema) ? schema : prefix;
    const table = own === undefined ? { name } : { name, prefix: own };
    const isInOurWay = isTaken && name === ours;
    if (isInOurWay || (await hasRows(session, table))) others.push(one);
  }
  return others;
}

/** Another tool's table of the usual name has no such column. */
function hasOurs(session: Session, table: Named): Promise<boolean> {
  return hasRows(session, table, `${session.dialect.quote("inserted_at")} IS NULL OR TRUE`);
}

/** A table that cannot be read is not this app's, so it counts as one without rows. */
async function hasRows(session: Session, table: Named, where?: string): Promise<boolean> {
  const { dialect } = session;
  try {
    const rows = await session.query(
      `SELECT 1 AS ${dialect.quote("one")} FROM ${dialect.quoteNamed(table)}${where === undefined ? "" : ` WHERE ${where}`} LIMIT 1`,
    );
    return rows.length > 0;
  } catch (error) {
    if (session.errorKind(error) === "connection_lost") throw error;
    return false;
  }
}
