/**
 * Announces the indexes that come right behind a statement that makes their table along with that
 * statement. Each announcement is a transaction of ours, and waits for the disk once more. Nobody
 * else uses the table yet, so the proof of the lock that its announcement brings is good for them
 * too. For each one the catalog knows by itself whether it was made.
 */
import type { Named } from "../core/model/named.ts";
import type { CatalogProbe } from "../core/model/probe.ts";
import type { JournalLine } from "./journal.ts";
import type { AloneUnit, Unit } from "./units.ts";

/** The units behind `unit` that are announced with it. A unit with a line in the journal is announced by itself. */
export function announcedAlong(
  unit: Unit,
  units: readonly Unit[],
  lines: ReadonlyMap<number, JournalLine>,
): readonly AloneUnit[] {
  const table = madeBy(unit);
  if (table === undefined || lines.has(unit.position)) return [];
  const along: AloneUnit[] = [];
  for (const next of units.slice(unit.position + 1)) {
    const of = indexMadeBy(next)?.table;
    if (next.kind !== "alone" || of === undefined || !isSame(of, table)) break;
    if (lines.has(next.position)) break;
    along.push(next);
  }
  return along;
}

/** `IF NOT EXISTS`, `OR REPLACE`: of these the table may be there before, and others use it. */
const keepsEarlier = /\b(?:exists|replace)\b/i;

/** The table that a unit makes, and that nobody has yet. */
function madeBy(unit: Unit): Named | undefined {
  if (unit.kind !== "alone" || keepsEarlier.test(unit.statement.sql)) return undefined;
  const probe = unit.probe && "expect" in unit.probe ? unit.probe : undefined;
  return probe?.kind === "table" && probe.expect === "present" ? probe.name : undefined;
}

function indexMadeBy(unit: Unit): CatalogProbe | undefined {
  const probe = unit.kind === "alone" ? unit.probe : undefined;
  const isOne = probe !== undefined && "expect" in probe && probe.kind === "index";
  return isOne && probe.expect === "present" ? probe : undefined;
}

function isSame(one: Named, other: Named): boolean {
  return one.name === other.name && one.prefix === other.prefix;
}
