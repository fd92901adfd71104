/** What is to be told before the start, because afterwards it is too late: rows that come later and stay wrong. Pure. */
import type { Target } from "./target.ts";

/** One line when nothing of the database's fills a column in that the backfill sets. */
export function newRowsWords({ backfill, facts }: Target): readonly string[] {
  const { mode, table, snapshot } = backfill;
  if (mode.kind !== "set" || snapshot || facts.hasTriggers) return [];
  const empty = Object.keys(mode.set).filter((name) =>
    facts.columns.some((column) => column.name === name && !column.hasDefault && !column.notNull),
  );
  if (empty.length === 0) return [];
  const names = empty.join(", ");
  return [
    `rows that are written to ${table.name} from now on get no ${names} unless the application writes it: there is no default and no trigger`,
  ];
}
