/** Lines that take long wait until what is taken away and made again is there: old code would miss it meanwhile. */
import type { SafeForm } from "../language/safe/safe-form.ts";
import { names } from "./names.ts";
import type { Cut } from "./part-lines.ts";
import type { DifferenceStep } from "./steps.ts";

/** Cuts steps, and moves those lines that no later line needs behind the last half of what is made anew, in their order. */
export function longLast(
  steps: readonly (DifferenceStep | Cut)[],
  cut: (step: DifferenceStep) => Cut,
): readonly Cut[] {
  const isAnew = steps.map((step) => "doing" in step && step.doing === "remake");
  const cuts = steps.map((step) => ("lines" in step ? step : cut(step)));
  const first = isAnew.indexOf(true);
  const last = cuts.findLastIndex((one, i) => isAnew[i] === true && formsOf(one).length === 0);
  if (first === -1 || last <= first) return cuts;
  const moved = new Set<Cut>();
  // From the last to the first: a line may go when all that need it go, too.
  for (let at = last - 1; at > first; at--) {
    const one = cuts[at]!;
    const later = cuts.slice(at + 1, last + 1).filter((each) => !moved.has(each));
    if (isMovable(one, later)) moved.add(one);
  }
  return [
    ...cuts.slice(0, last + 1).filter((one) => !moved.has(one)),
    ...[...moved].toReversed(),
    ...cuts.slice(last + 1),
  ];
}

function isMovable(cut: Cut, later: readonly Cut[]): boolean {
  const forms = formsOf(cut);
  return (
    forms.length > 0 &&
    forms.every((form) => {
      // Nothing depends on such a column but its indexes, which the form makes anew.
      if (form.form === "change_type") return true;
      return later.every((one) => !needs(textOf(one), form));
    })
  );
}

/** Nothing where there is a line of another kind, but for statistics. */
function formsOf({ lines }: Cut): readonly SafeForm[] {
  const forms = lines.flatMap(({ operation }) =>
    operation.kind === "safely" ? [operation.form] : [],
  );
  const isLong = lines.every(
    ({ operation }) =>
      operation.kind === "safely" ||
      (operation.kind === "execute" && operation.sql.startsWith("ANALYZE ")),
  );
  return isLong ? forms : [];
}

function textOf({ lines }: Cut): string {
  return JSON.stringify(lines.map(({ operation }) => operation));
}

function needs(text: string, form: SafeForm): boolean {
  switch (form.form) {
    case "create_index": {
      const { name, table, unique } = form.index;
      return names(text, name) || (unique === true && refersTo(text, table.name));
    }
    case "replace_index":
      return names(text, form.old.name) || names(text, form.new.name);
    case "add_constraint": {
      const { constraint, table } = form;
      return (
        names(text, constraint.name) || (constraint.kind === "unique" && refersTo(text, table.name))
      );
    }
    case "add_column":
      return names(text, form.column.name);
    // An index that goes may not fit what its columns become.
    default:
      return true;
  }
}

/** A foreign key needs a unique index, and does not name it. */
function refersTo(text: string, table: string): boolean {
  return /"references"|REFERENCES|ON CONFLICT/.test(text) && names(text, table);
}
