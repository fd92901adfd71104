/** The tables that keep how far backfills are: in the target database, beside the history of data migrations. */
import type { Dialect, Statement } from "../dialect.ts";
import type { Version } from "../migration.ts";
import type { Column, Named } from "../schema/operation.ts";

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

/** What the columns are. Keys are JSON lists of text; times are milliseconds of the server's clock. */
export const ledgerColumns: { readonly [Table in keyof LedgerTables]: readonly Column[] } = {
  runs: [
    { name: "history", type: "string", null: false, primaryKey: true },
    { name: "version", type: "bigint", null: false, primaryKey: true },
    { name: "id", type: "string", size: 36, null: false },
    { name: "name", type: "text" },
    { name: "state", type: "string", size: 9, null: false },
    { name: "code", type: "string", size: 32, null: false },
    { name: "pace", type: "text", null: false },
    { name: "reason", type: "text" },
    { name: "estimate", type: "bigint", null: false },
    { name: "started_ms", type: "bigint", null: false },
    { name: "finished_ms", type: "bigint" },
    { name: "release", type: "text" },
    { name: "host", type: "text" },
  ],
  ranges: [
    { name: "run", type: "string", size: 36, null: false, primaryKey: true },
    { name: "ord", type: "bigint", null: false, primaryKey: true },
    { name: "lo", type: "text" },
    { name: "hi", type: "text", null: false },
    { name: "position", type: "text" },
    { name: "state", type: "string", size: 4, null: false },
    { name: "token", type: "bigint", null: false },
    { name: "leased_until_ms", type: "bigint", null: false },
    { name: "rows_seen", type: "bigint", null: false },
    { name: "rows_changed", type: "bigint", null: false },
    { name: "batches", type: "bigint", null: false },
    { name: "wal_bytes", type: "bigint", null: false },
    { name: "busy_ms", type: "bigint", null: false },
    { name: "last_error", type: "text" },
    { name: "updated_ms", type: "bigint", null: false },
  ],
  dead: [
    { name: "run", type: "string", size: 36, null: false, primaryKey: true },
    { name: "key_sum", type: "string", size: 32, null: false, primaryKey: true },
    { name: "key", type: "text", null: false },
    { name: "kind", type: "string", size: 16, null: false },
    { name: "error", type: "text", null: false },
    { name: "attempts", type: "bigint", null: false },
    { name: "first_seen_ms", type: "bigint", null: false },
  ],
};

/** The condition that finds a run. */
export function isRun(dialect: Dialect, { history, version }: RunKey): string {
  return `${dialect.quote("history")} = ${dialect.literal(history.name)} AND ${dialect.quote("version")} = ${version}`;
}

/** Statements that forget a run with all that is known of it. */
export function forgetRun(dialect: Dialect, key: RunKey): readonly Statement[] {
  const { runs, ranges, dead } = ledgerTables(key.history);
  const of = `SELECT ${dialect.quote("id")} FROM ${dialect.quoteNamed(runs)} WHERE ${isRun(dialect, key)}`;
  const part = (table: Named) =>
    `DELETE FROM ${dialect.quoteNamed(table)} WHERE ${dialect.quote("run")} IN (${of})`;
  return [
    part(ranges),
    part(dead),
    `DELETE FROM ${dialect.quoteNamed(runs)} WHERE ${isRun(dialect, key)}`,
  ].map((sql) => ({ sql, policy: { kind: "plain" } }));
}
