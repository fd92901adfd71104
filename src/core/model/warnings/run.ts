/** Warnings about a database, and about a run that continues all the same. */
import { list } from "../errors/words.ts";
import type { WarningWords } from "./entry.ts";

export type RunWarnings = {
  /** The database does not exist yet, so Slipway read an empty one. */
  database_absent: { readonly target: string };
  /** Migrations that run through a pooler in session mode, as far as Slipway can see. */
  pooler_in_session_mode: { readonly migrations: readonly string[] };
  /** A migration whose code runs outside of a transaction through a pooler in transaction mode. */
  pooler_in_transaction_mode: { readonly migration: string };
  table_cannot_roll_back: {
    readonly table: string;
    readonly engine: string;
    readonly migration: string;
  };
  data_pending: { readonly count: number };
  /** The table of the usual name is another tool's, or the application's. */
  history_elsewhere: {
    readonly table: string;
    readonly instead: string;
    /** That table has no row, or is gone, and the other one tells what has run. */
    readonly found?: true;
  };
  /** The migration means an earlier tool's table, and there is none. */
  own_table_kept: { readonly table: string; readonly origin: string };
  blockers_not_ended: { readonly reason: string };
  event_not_written: { readonly reason: string };
  earlier_run_works: { readonly pid: string | undefined; readonly running: string };
  new_rows_unfilled: { readonly table: string; readonly columns: readonly string[] };
  /** Tenants that are missing in sums. */
  tenants_unread: {
    readonly unreachable: readonly { readonly tenant: string; readonly reason: string }[];
  };
  dead_rows_left: { readonly name: string; readonly count: number };
};

export const runWarnings: WarningWords<RunWarnings> = {
  database_absent: (d) => `there is no database at ${d.target} yet; make it: slipway migrate`,
  pooler_in_session_mode: (d) =>
    `a connection pooler stands between, in session mode as far as Slipway can see, so ${list(d.migrations)} runs as if there were none (the adapter's directUrl goes past it)`,
  pooler_in_transaction_mode: (d) =>
    `a connection pooler in transaction mode stands between: each statement that the code of ${d.migration} sends may reach another connection of the server (directUrl of the adapter goes past it)`,
  table_cannot_roll_back: (d) =>
    `${d.table} is kept by ${d.engine}, which cannot roll back: what ${d.migration} does to it stays, also when it fails`,
  data_pending: (d) =>
    `${d.count} data migration${d.count === 1 ? " is" : "s are"} pending; run by hand: migrate-data`,
  history_elsewhere: (d) =>
    d.found
      ? `${d.table} tells of nothing and ${d.instead} does, so what runs is written to ${d.instead}`
      : `the table ${d.table} is not Slipway's, so what runs is written to ${d.instead}`,
  own_table_kept: (d) =>
    `${d.origin} would drop ${d.table}, which is the history that Slipway writes: it stays`,
  blockers_not_ended: (d) => `what is in the way could not be ended: ${d.reason}`,
  event_not_written: (d) => `the event table does not know of this: ${d.reason}`,
  earlier_run_works: (d) => {
    const pid = d.pid === undefined ? "" : ` (pid ${d.pid})`;
    return `the server still works for a run that was stopped${pid}: ${d.running}; waiting for its end`;
  },
  new_rows_unfilled: (d) =>
    `rows that are written to ${d.table} from now on get no ${list(d.columns)} unless the application writes it: there is no default and no trigger`,
  tenants_unread: ({ unreachable }) =>
    `${unreachable.length === 1 ? "1 tenant" : `${unreachable.length} tenants`} could not be read: ${list(unreachable.slice(0, 3).map(({ tenant, reason }) => `${tenant} (${reason})`))}${unreachable.length > 3 ? ` and ${unreachable.length - 3} more` : ""}`,
  dead_rows_left: (d) => `${d.name}: ${d.count} rows stay as they are`,
};
