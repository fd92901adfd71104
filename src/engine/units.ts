/** A step that cannot be one transaction, cut into the units that its journal counts. Pure. */

import type { ColumnFill } from "../core/language/safe/column-fill.ts";
import type { Probe } from "../core/model/probe.ts";
import type { Statement } from "../core/model/statement.ts";
import type { Action } from "../core/plan/prepare.ts";
import type { Step } from "../core/plan/step.ts";
import { checksum } from "./checksum.ts";
import type { JournalLine } from "./journal.ts";

/** One statement of a step. */
export type StatementPlace = { readonly action: number; readonly statement: number };

/**
 * `atomic`: one transaction with its line in the journal. `alone`: a statement that refuses a transaction.
 * `setting`: changes the connection only, so it runs each time and is not counted. `code`: a function of the user's.
 * `batches`: rows filled batch by batch, each batch a transaction with its place in the journal.
 */
export type Unit = {
  readonly position: number;
  /** Where its statements stand in the step, a BEGIN and a COMMIT included. */
  readonly places: readonly StatementPlace[];
  /** The checksum of the work that it runs: an edit shows. */
  readonly checksum: string;
  readonly action: Action;
} & (
  | { readonly kind: "atomic"; readonly statements: readonly Statement[] }
  | { readonly kind: "alone"; readonly statement: Statement; readonly probe: Probe | undefined }
  | { readonly kind: "setting"; readonly statement: Statement }
  | { readonly kind: "code" }
  | { readonly kind: "batches"; readonly backfill: ColumnFill }
);

/** A statement that refuses a transaction. */
export type AloneUnit = Extract<Unit, { kind: "alone" }>;

/** In order; statements between a file's own BEGIN and COMMIT stay together. */
export function unitsOf({ actions }: Pick<Step, "actions">): readonly Unit[] {
  const units: Unit[] = [];
  let open: Statement[] | undefined;
  let places: StatementPlace[] = [];
  const push = (unit: UnitBody, action: Action, text: string) =>
    units.push({
      ...unit,
      action,
      places,
      position: units.length,
      checksum: checksum(text),
    } as Unit);

  for (const [index, action] of actions.entries()) {
    if (open === undefined) places = [];
    if (action.kind === "run") {
      push({ kind: "code" }, action, action.words);
      continue;
    }
    if (action.kind === "backfill") {
      const { backfill } = action;
      push({ kind: "batches", backfill }, action, JSON.stringify(backfill));
      continue;
    }
    if (action.together) {
      const { statements } = action;
      places = statements.map((_, statement) => ({ action: index, statement }));
      push({ kind: "atomic", statements }, action, textOf(statements));
      continue;
    }
    for (const [i, statement] of action.statements.entries()) {
      if (open === undefined) places = [];
      places.push({ action: index, statement: i });
      if (statement.boundary === "begin") open = [];
      else if (statement.boundary === "end") {
        if (open !== undefined && open.length > 0)
          push({ kind: "atomic", statements: open }, action, textOf(open));
        open = undefined;
      } else if (open !== undefined) open.push(statement);
      else push(bodyOf(statement), action, textOf([statement]));
    }
  }
  return units;
}

type UnitBody = Unit extends infer Each
  ? Each extends Unit
    ? Omit<Each, "position" | "checksum" | "action" | "places">
    : never
  : never;

/** The words of the first unit that is another one than the journal says; `undefined` when there is none. */
export function firstDifference(
  units: readonly Unit[],
  lines: ReadonlyMap<number, JournalLine>,
): string | undefined {
  const wrong = [...lines.values()].find(
    ({ position, checksum }) => units[position]?.checksum !== checksum,
  );
  return wrong && (units[wrong.position]?.action.words ?? "nothing");
}

function bodyOf(statement: Statement): UnitBody {
  if (statement.probe?.kind === "setting") return { kind: "setting", statement };
  if (statement.alone) return { kind: "alone", statement, probe: statement.probe };
  return { kind: "atomic", statements: [statement] };
}

function textOf(statements: readonly Statement[]): string {
  return statements.map(({ sql, stdin = "" }) => sql + stdin).join(";");
}

/** Whether nobody can tell if it ran, once it was interrupted: no question to the catalog answers it. */
export function isRiddle(unit: Unit): boolean {
  return unit.kind === "code" || (unit.kind === "alone" && unit.probe === undefined);
}
