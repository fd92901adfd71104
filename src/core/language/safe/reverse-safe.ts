/** Undoes safe forms: safely too, where that takes more than a moment. */

import type { Operation } from "../operation.ts";
import type { Constraint } from "../table-parts.ts";
import type { SafeForm, Stage } from "./safe-form.ts";

/** Gives the operations that undo a form, in order; or the call that would make it undoable. */
export function reverseSafe(
  form: Exclude<SafeForm, { readonly form: "change_columns" }>,
): readonly Operation[] | { readonly needs: string } {
  switch (form.form) {
    case "create_index":
      return [
        safely({
          form: "drop_index",
          index: form.index,
          ...(form.ifNotExists ? { ifExists: true } : {}),
        }),
      ];
    case "drop_index":
      if (form.index.columns.length === 0)
        return {
          needs: `m.dropIndexConcurrently("${form.index.table.name}", [columns], { name: "${form.index.name}" })`,
        };
      return [
        safely({
          form: "create_index",
          index: form.index,
          ...(form.ifExists ? { ifNotExists: true } : {}),
        }),
      ];
    case "replace_index":
      if (form.old.columns.length === 0)
        return {
          needs: `m.replaceIndex("${form.new.table.name}", [columns], { replaces: "${form.old.name}", was: { columns: […] } })`,
        };
      return [safely({ ...form, old: form.new, new: form.old })];
    case "add_constraint":
      return [
        {
          kind: "drop_constraint",
          table: form.table,
          name: form.constraint.name,
          was: validated(form.constraint),
        },
      ];
    case "set_not_null":
      return [
        {
          kind: "alter_table",
          table: form.table,
          changes: [{ kind: "drop_not_null", name: form.column }],
        },
      ];
    case "add_column":
      return [
        {
          kind: "alter_table",
          table: form.table,
          changes: [{ kind: "remove_column", name: form.column.name, was: form.column }],
        },
      ];
    case "rename_column":
    case "rename_table":
      return [safely({ ...form, stage: opposite(form.stage) })];
    case "drop_column":
      if (form.was === undefined)
        return {
          needs: `m.${form.stage === "finish" ? "finishDropColumn" : "dropColumnSafely"}("${form.table.name}", "${form.column}", { was: { type: "…" } })`,
        };
      return [safely({ ...form, stage: opposite(form.stage) })];
    case "change_type":
      return [safely({ ...form, stage: form.stage === "begin" ? "undo_begin" : "begin" })];
    case "finish_change_type":
      if (form.was === undefined)
        return {
          needs: `m.finishChangeType("${form.table.name}", "${form.column}", { was: "…" })`,
        };
      return [safely({ ...form, stage: form.stage === "finish" ? "undo_finish" : "finish" })];
  }
}

function safely(form: SafeForm): Operation {
  return { kind: "safely", form };
}

const opposites: { readonly [Each in Stage]: Stage } = {
  begin: "undo_begin",
  undo_begin: "begin",
  finish: "undo_finish",
  undo_finish: "finish",
};

function opposite(stage: Stage): Stage {
  return opposites[stage];
}

/** Once a form is done, its constraint is valid. */
function validated(constraint: Constraint): Constraint {
  const { validate: _, ...rest } = constraint;
  return rest as Constraint;
}
