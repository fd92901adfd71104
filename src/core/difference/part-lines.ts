/** The lines of a migration, and those that take the place of several. */
import { derivedName } from "../language/names.ts";
import type { Operation } from "../language/operation.ts";
import type { SafeForm } from "../language/safe/safe-form.ts";
import type { Named } from "../model/named.ts";
import type { DifferenceStep } from "./steps.ts";

export type PartLine = {
  readonly operation: Operation;
  /** Why it is not the obvious line. */
  readonly reason?: string;
};

/**
 * The lines of a step: some run at once, some when its locks are gone, some when old code is gone.
 */
export type Cut = {
  readonly lines: readonly PartLine[];
  readonly behind?: readonly PartLine[];
  readonly after?: readonly PartLine[];
};

/** PostgreSQL's limit of a name. */
export const limit = { length: 63, unit: "bytes" } as const;

export function safe(form: SafeForm, reason: string): PartLine {
  return { operation: { kind: "safely", form }, reason };
}

/** https://www.postgresql.org/docs/current/sql-altertable.html: the statistics of a column go with its type. */
export function analyze({ prefix = "public", name }: Named): PartLine {
  const quoted = [prefix, name].map((one) => `"${one.replaceAll('"', '""')}"`).join(".");
  return {
    operation: { kind: "execute", sql: `ANALYZE ${quoted}`, down: "" },
    reason: "The planner forgets what it knew of a column whose type changes.",
  };
}

/** An index that is made anew by the same name: the new one is built before the old one goes. */
export function replacedIndexes(
  steps: readonly DifferenceStep[],
): readonly (DifferenceStep | Cut)[] {
  const dropped = new Map(
    steps.flatMap(({ operation, doing, object }) =>
      doing === "remake" && operation.kind === "drop_index"
        ? [[object, operation.index] as const]
        : [],
    ),
  );
  const made = new Set(
    steps.flatMap(({ operation, object }) =>
      operation.kind === "create_index" && dropped.has(object) ? [object] : [],
    ),
  );
  // A materialized view that is made anew takes its index along.
  const views = new Set(steps.flatMap(({ object }) => (/^view /.test(object) ? [object] : [])));
  const isFree = (object: string) => {
    const { prefix = "public", name } = dropped.get(object)?.table ?? { name: "" };
    return (
      made.has(object) &&
      !views.has(`view ${prefix}.${name}`) &&
      steps.every(
        ({ operation }) =>
          operation.kind !== "alter_table" ||
          operation.table.name !== name ||
          operation.changes.length === 0,
      )
    );
  };
  return steps.flatMap((step): readonly (DifferenceStep | Cut)[] => {
    const { operation, object } = step;
    const old = dropped.get(object);
    if (old === undefined || !isFree(object)) return [step];
    if (operation.kind === "drop_index") return [];
    if (operation.kind !== "create_index") return [step];
    const meanwhile = derivedName(old.name, "_new", limit);
    const form: SafeForm = { form: "replace_index", old, new: operation.index, meanwhile };
    return [{ lines: [safe(form, "The new one is built before the old one goes.")] }];
  });
}
