/** Verdicts of migrations that run together. */
import type { EffectOf } from "../effects/effect.ts";
import type { Verdict, VerdictFinding } from "./verdict-data.ts";

/** The findings that are left when migrations run together: what one makes is new to those behind it. */
export function leftInRun(run: readonly Verdict[]): readonly (readonly VerdictFinding[])[] {
  const made = new Set<string>();
  return run.map(({ findings, makes, moves = [] }) => {
    const own = newTo({ makes, moves }, made);
    return findings.filter((one) => !isOfNew(one, own));
  });
}

/** The tables that a migration makes, by the names that they have at its end, and those of others that it renames. */
export type TableChanges = {
  readonly makes: Iterable<string>;
  readonly moves: readonly (readonly [string, string])[];
};

/** Follows the tables of one migration, statement by statement. */
export class FollowedTables implements TableChanges {
  readonly makes = new Set<string>();
  readonly moves: (readonly [string, string])[] = [];

  take(change: EffectOf<"table made" | "table moved">): void {
    if (change.kind === "table made") this.makes.add(change.name);
    else if (this.makes.delete(change.from)) this.makes.add(change.to);
    else this.moves.push([change.from, change.to]);
  }
}

/** The names by which a migration finds what the run has made before it; `made` is what it leaves for the next. */
export function newTo({ makes, moves }: TableChanges, made: Set<string>): ReadonlySet<string> {
  const own = new Set(made);
  for (const [from, to] of moves) {
    // A table that is older takes the name away from one that the run made.
    if (made.delete(from)) made.add(to);
    else made.delete(to);
    if (made.has(to)) own.add(to);
    else own.delete(to);
  }
  for (const table of makes) made.add(table);
  return own;
}

/** Whether a finding is about what the run has made: of two locks at a time one is nobody's then. */
export function isOfNew(
  { rule, tables }: Pick<VerdictFinding, "rule" | "tables">,
  made: ReadonlySet<string>,
): boolean {
  if (areNew(tables, made)) return true;
  return rule === "multi-table-lock" && tables.filter((table) => !made.has(table)).length < 2;
}

export function areNew(tables: readonly string[], made: ReadonlySet<string>): boolean {
  return tables.length > 0 && tables.every((table) => made.has(table));
}
