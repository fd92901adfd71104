/** Finds the units of a way back that undo finished work, where a run stopped in the middle of going up. Pure. */
import type { CatalogProbe, Probe } from "../core/model/probe.ts";
import type { Statement } from "../core/model/statement.ts";
import type { Step } from "../core/plan/step.ts";
import { probeOfSql } from "../core/sql/probe-sql.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import { type Unit, unitsOf } from "./units.ts";

/**
 * `undo`: the work that it undoes ran. `skip`: that work never ran. `unclear`: nobody can tell which of the two; the
 * catalog may still show that there is nothing to undo. `leaves`: a part of that work would stay behind.
 */
export type Undoing = "undo" | "skip" | "unclear" | "leaves";

/** How far the units of the way up got, by position. `part`: some of it may be there. Left out: it never ran. */
export type RanUnits = ReadonlyMap<number, "done" | "part">;

type Up = { readonly unit: Unit; readonly ran: "done" | "part" | undefined };

/**
 * For each unit of the way back, in order. An operation of `change` knows its way back; SQL and code show by their
 * names which work they undo.
 */
export function undoings(
  step: Pick<Step, "actions" | "undoesPart">,
  ran: RanUnits,
  syntax: SqlSyntax,
): readonly Undoing[] {
  const { up: actions = [], isSame = false } = step.undoesPart ?? {};
  const up = unitsOf({ actions })
    .filter(({ kind }) => kind !== "setting")
    .map((unit): Up => ({ unit, ran: ran.get(unit.position) }));
  const down = unitsOf(step);
  const undone = down.map((unit) => up.filter((one) => undoes(unit, one.unit, { isSame, syntax })));
  const named = new Set(undone.flat());
  const isWhole = up.length > 0 && up.every((one) => one.ran === "done");
  // Then a unit that names nothing known belongs to work that ran.
  const isRestNamed = up.length > 0 && up.every((one) => one.ran === "done" || named.has(one));
  return down.map((unit, i): Undoing => {
    if (unit.kind === "setting") return "undo";
    // No hook ran going up, for those stand in a transaction.
    if (unit.action.of === "hook") return "skip";
    if (isWhole) return "undo";
    const of = undone[i] ?? [];
    if (of.length === 0) return isRestNamed ? "undo" : "unclear";
    if (of.every((one) => one.ran === "done")) return "undo";
    if (of.every((one) => one.ran === undefined)) return "skip";
    const beside = down.filter((_, j) => undone[j]?.some((one) => of.includes(one)));
    if (of.some((one) => one.ran !== undefined && stays(one.unit, { beside, syntax })))
      return "leaves";
    return isOurs(unit) || isAnswered(unit, syntax) ? "undo" : "unclear";
  });
}

/** Whether the catalog can say of a unit of the way back that there is nothing to undo. */
export function catalogProbes(unit: Unit, syntax: SqlSyntax): readonly CatalogProbe[] {
  const probes = statementsOf(unit).map((statement) => probe(statement, syntax));
  if (probes.some((one) => one === undefined || one.kind === "setting")) return [];
  return probes.filter((one) => one !== undefined && "expect" in one);
}

function undoes(
  down: Unit,
  up: Unit,
  { isSame, syntax }: { readonly isSame: boolean; readonly syntax: SqlSyntax },
): boolean {
  const { of } = down.action;
  if (isSame && of !== undefined && up.action.of !== undefined) return of === up.action.of;
  const made = statementsOf(up).map((statement) => probe(statement, syntax));
  return statementsOf(down).some((statement) => {
    const wanted = probe(statement, syntax);
    return made.some((one) => areOpposite(wanted, one));
  });
}

function areOpposite(one: Probe | undefined, other: Probe | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  if (!("expect" in one && "expect" in other)) return false;
  if (one.kind !== other.kind || one.part !== other.part) return false;
  const isOpposite = (one.expect === "absent") !== (other.expect === "absent");
  return isOpposite && isSameName(one, other);
}

/** A name without a schema may be in any. */
function isSameName({ name: one }: CatalogProbe, { name: other }: CatalogProbe): boolean {
  if (one.name !== other.name) return false;
  return one.prefix === undefined || other.prefix === undefined || one.prefix === other.prefix;
}

/**
 * Whether something that a unit made has no way back among those of its operation, as the index that a constraint was to
 * take over, or the check that proves NOT NULL: of a form that ran whole, another step has taken it away.
 */
function stays(
  unit: Unit,
  { beside, syntax }: { readonly beside: readonly Unit[]; readonly syntax: SqlSyntax },
): boolean {
  const undone = beside.flatMap((one) => catalogProbes(one, syntax));
  // The parts of a column or a table go with it.
  const isWithin = undone.some(
    ({ kind, expect }) => expect === "absent" && (kind === "column" || kind === "table"),
  );
  if (isWithin) return false;
  return catalogProbes(unit, syntax).some(
    (one) => one.expect !== "absent" && !undone.some((other) => areOpposite(other, one)),
  );
}

function isAnswered(unit: Unit, syntax: SqlSyntax): boolean {
  return catalogProbes(unit, syntax).length > 0;
}

/** Made from an operation or a safe form: what of it may be done twice says so itself. */
function isOurs({ action }: Unit): boolean {
  if (action.kind === "run") return false;
  if (action.form !== undefined) return true;
  return action.kind === "statements" && (action.operation?.kind ?? "execute") !== "execute";
}

function statementsOf(unit: Unit): readonly Statement[] {
  if (unit.kind === "alone") return [unit.statement];
  return unit.kind === "atomic" ? unit.statements : [];
}

function probe({ sql, probe }: Statement, syntax: SqlSyntax): Probe | undefined {
  return probe ?? probeOfSql(sql, syntax);
}
