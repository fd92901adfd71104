/** One line of words per safe form. */
import type { Named } from "../../model/named.ts";
import type { SafeForm, Stage } from "./safe-form.ts";

/** `safely: add check constraint price_positive to table posts`. */
export function describeSafe(form: SafeForm): string {
  return `safely: ${wish(form)}`;
}

function wish(form: SafeForm): string {
  switch (form.form) {
    case "create_index":
      return `create index ${form.index.name} on table ${dotted(form.index.table)}`;
    case "drop_index":
      return `drop index ${form.index.name} of table ${dotted(form.index.table)}`;
    case "replace_index":
      return `replace index ${form.old.name} of table ${dotted(form.new.table)} by ${form.new.name}`;
    case "add_constraint":
      return `add ${form.constraint.kind.replace("_", " ")} constraint ${form.constraint.name} to table ${dotted(form.table)}`;
    case "set_not_null":
      return `set not null on column ${form.column} of table ${dotted(form.table)}`;
    case "add_column":
      return `add column ${form.column.name} to table ${dotted(form.table)}`;
    case "change_columns":
      return `change columns of table ${dotted(form.table)}, and analyze it`;
    case "rename_column":
      return staged(
        form.stage,
        `rename column ${form.column} to ${form.to} on table ${dotted(form.table)}`,
      );
    case "rename_table":
      return staged(form.stage, `rename table ${dotted(form.table)} to ${form.to}`);
    case "drop_column":
      return staged(form.stage, `drop column ${form.column} of table ${dotted(form.table)}`);
    case "change_type":
      return staged(
        form.stage,
        `change column ${form.column.name} of table ${dotted(form.table)} to ${form.column.type}`,
      );
    case "finish_change_type":
      return staged(form.stage, `change column ${form.column} of table ${dotted(form.table)}`);
  }
}

function staged(stage: Stage, words: string): string {
  return `${stage.replace("_", " ")}: ${words}`;
}

function dotted(named: Named): string {
  return named.prefix === undefined ? named.name : `${named.prefix}.${named.name}`;
}
