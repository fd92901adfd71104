/** The tables that keep how far backfills are: in the target database, beside the history of data migrations. */
import type { Dialect } from "../language/dialect.ts";
import type { Column } from "../language/table-parts.ts";
import type { Version } from "../model/migration.ts";
import type { Named } from "../model/named.ts";
import type { Statement } from "../model/statement.ts";
import { versionNumber } from "../model/version-key.ts";

/** Which run: one for each history and version. */
export type RunKey = { readonly history: Named; readonly version: Version };

export type LedgerTables = { readonly runs: Named; readonly ranges: Named; readonly dead: Named };

/** Beside the history, in its schema. */
export function ledgerTables(history: Named): LedgerTables {
  return {
    runs: { ...history, name: "slipway_backfills" },
    ranges: { ...history, name: "slipway_backfill_ranges" },
    dead: { ...history, name: "slipway_backfill_dead" },
  };
}

/** Columns of the same type that are never NULL. */
const all = (type: "bigint" | "text", ...names: readonly string[]): readonly Column[] =>
  names.map((name) => ({ name, type, null: false }));

const run: Column = { name: "run", type: "string", size: 36, null: false, primaryKey: true };

/**
 * The columns of the tables. Keys are JSON lists of text; times are milliseconds of the server's
 * clock.
 */
export const ledgerColumns: { readonly [Table in keyof LedgerTables]: readonly Column[] } = {
  runs: [
    { name: "history", type: "string", null: false, primaryKey: true },
    { name: "version", type: "bigint", null: false, primaryKey: true },
    { name: "id", type: "string", size: 36, null: false },
    { name: "name", type: "text" },
    { name: "state", type: "string", size: 9, null: false },
    { name: "code", type: "string", size: 32, null: false },
    ...all("text", "pace"),
    { name: "reason", type: "text" },
    ...all("bigint", "estimate", "started_ms"),
    { name: "finished_ms", type: "bigint" },
    { name: "release", type: "text" },
    { name: "host", type: "text" },
    { name: "table_identity", type: "text" },
  ],
  ranges: [
    run,
    { name: "ord", type: "bigint", null: false, primaryKey: true },
    { name: "lo", type: "text" },
    ...all("text", "hi"),
    { name: "position", type: "text" },
    { name: "state", type: "string", size: 4, null: false },
    ...all("bigint", "token", "leased_until_ms", "rows_seen", "rows_changed", "batches"),
    ...all("bigint", "wal_bytes", "busy_ms", "updated_ms"),
  ],
  dead: [
    run,
    { name: "key_sum", type: "string", size: 32, null: false, primaryKey: true },
    ...all("text", "key"),
    { name: "kind", type: "string", size: 16, null: false },
    ...all("text", "error"),
    ...all("bigint", "attempts", "first_seen_ms"),
  ],
};

/** The condition that finds a run. */
export function isRun(dialect: Dialect, { history, version }: RunKey): string {
  const is = dialect.operator("=");
  return `${dialect.quote("history")} ${is} ${dialect.literal(history.name)} AND ${dialect.quote("version")} ${is} ${versionNumber(version)}`;
}

/** The condition that finds the ranges or the dead letters of runs, by their ids. */
export function isOfRuns(dialect: Dialect, runs: readonly string[]): string {
  const is = `${dialect.quote("run")} ${dialect.operator("=")}`;
  return runs.map((run) => `${is} ${dialect.literal(run)}`).join(" OR ");
}

/** Statements that forget a run with all that is known of it. */
export function forgetRun(dialect: Dialect, key: RunKey): readonly Statement[] {
  const { runs, ranges, dead } = ledgerTables(key.history);
  const of = `SELECT ${dialect.quote("id")} FROM ${dialect.quoteNamed(runs)} WHERE ${isRun(dialect, key)}`;
  const part = (table: Named) =>
    `DELETE FROM ${dialect.quoteNamed(table)} WHERE ${dialect.quote("run")} ${dialect.operator("=")} (${of})`;
  return [
    part(ranges),
    part(dead),
    `DELETE FROM ${dialect.quoteNamed(runs)} WHERE ${isRun(dialect, key)}`,
  ].map((sql) => ({ sql, policy: { kind: "plain" } }));
}
