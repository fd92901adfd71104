/** Whether a history is ours. Another tool's is never read as ours, and never passed over while ours is empty. */
import type { Session } from "../adapters/adapter.ts";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import type { Named } from "../core/model/named.ts";
import { eventTable } from "../engine/event-table.ts";
import type { HistoryPlace } from "../engine/history.ts";
import type { HistorySign, PresentTable } from "../histories/by-signs.ts";
import type { Repo } from "./config.ts";

/** Schemas that a tool makes for itself. In another one than ours, a table is another app's. */
const schemasOfTools = [
  "atlas_schema_revisions",
  "drizzle",
  "graphile_migrate",
  "pgroll",
  "supabase_migrations",
];

/**
 * What `read` gives. Asks the database nothing more, unless that is empty or refused.
 *
 * @throws {ReleaseError} `history_foreign`, and what `read` throws
 */
export async function ownRows<Rows extends readonly unknown[]>(
  { repo, session, history }: { repo: Repo; session: Session; history: HistoryPlace },
  read: () => Promise<Rows>,
): Promise<Rows> {
  try {
    const rows = await read();
    if (rows.length > 0 || repo.otherHistories === "ignore") return rows;
    if (await hasRows(session, eventTable(history.table).table)) return rows;
    const [other] = await otherHistories(session, history);
    if (other === undefined) return rows;
    const { table, history: tool } = other;
    const name = [table.schema, table.name].filter(Boolean).join(".");
    const details = { repo: repo.name, table: name, tool: tool.label, taken: false };
    throw new ReleaseError("history_foreign", details);
  } catch (error) {
    if (!isForeign(error) || !error.details.taken) throw error;
    const others = await otherHistories(session, history);
    const taken = others.find(({ table }) => table.name === history.table.name);
    const details = { ...error.details, tool: taken?.history.label };
    throw new ReleaseError("history_foreign", details, { cause: error });
  }
}

function isForeign(error: unknown): error is ReleaseError<"history_foreign"> {
  return isReleaseError(error) && error.code === "history_foreign";
}

type OtherHistory = { readonly history: HistorySign; readonly table: PresentTable };

/** Those beside ours. A tool that has a table and no row has run nothing, but where its table stands in our way. */
async function otherHistories(
  session: Session,
  { table: { name: ours, prefix } }: HistoryPlace,
): Promise<readonly OtherHistory[]> {
  const { findHistories, tablesToLookFor } = await import("../histories/find-histories.ts");
  const { presentTables } = await import("./present-tables.ts");
  const found = findHistories(await presentTables(session, tablesToLookFor()));
  const others: OtherHistory[] = [];
  for (const one of found) {
    const { name, schema } = one.table;
    const own = schema !== undefined && schemasOfTools.includes(schema) ? schema : prefix;
    const table = own === undefined ? { name } : { name, prefix: own };
    if (name === ours || (await hasRows(session, table))) others.push(one);
  }
  return others;
}

/** A table that cannot be read is not this app's, so it counts as one without rows. */
async function hasRows(session: Session, table: Named): Promise<boolean> {
  const { dialect } = session;
  try {
    const rows = await session.query(
      `SELECT 1 AS ${dialect.quote("one")} FROM ${dialect.quoteNamed(table)} LIMIT 1`,
    );
    return rows.length > 0;
  } catch (error) {
    if (session.errorKind(error) === "connection_lost") throw error;
    return false;
  }
}
