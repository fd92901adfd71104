/**
 * Warns before the start, because afterwards it is too late: rows that come later stay wrong. Pure.
 */
import { type WarningOf, warning } from "../core/model/warnings.ts";
import type { BackfillTarget } from "./target.ts";

/** A warning when nothing of the database's fills a column in that the backfill sets. */
export function newRowsWarnings({
  backfill,
  facts,
}: BackfillTarget): readonly WarningOf<"new_rows_unfilled">[] {
  const { mode, table, snapshot } = backfill;
  if (mode.kind !== "set" || snapshot || facts.hasTriggers) return [];
  const empty = Object.keys(mode.set).filter((name) =>
    facts.columns.some((column) => column.name === name && !column.hasDefault && !column.notNull),
  );
  if (empty.length === 0) return [];
  return [warning("new_rows_unfilled", { table: table.name, columns: empty })];
}
