/**
 * Describes, as plain data, work that the session does instead of SQL: SQLite has no statement for
 * it.
 */
import type { ColumnChange, Constraint } from "../../../core/language/table-parts.ts";

/** A change that the table rebuild makes. */
export type RebuildChange =
  | ColumnChange
  | { readonly kind: "add_constraint"; readonly constraint: Constraint }
  | {
      readonly kind: "drop_constraint";
      readonly name: string;
      readonly ifExists?: boolean | undefined;
    }
  | { readonly kind: "rename_constraint"; readonly name: string; readonly to: string };

/** The inputs of each procedure. */
export type SqliteProcedureInputs = {
  readonly rebuild: { readonly table: string; readonly changes: readonly RebuildChange[] };
  readonly drop_table: { readonly table: string; readonly ifExists: boolean };
  readonly rename_index: { readonly index: string; readonly to: string };
  readonly replace_view: { readonly view: string; readonly sql: string };
  readonly switch_foreign_keys: { readonly on: boolean };
  readonly remember_state: object;
  readonly drop_as_written: { readonly table: string; readonly sql: string };
  readonly rename_as_written: { readonly table: string; readonly sql: string };
  readonly drop_column_as_written: {
    readonly table: string;
    readonly column: string;
    readonly sql: string;
  };
  readonly check_state: object;
  readonly restore_foreign_keys: object;
};

export type SqliteProcedure<
  Name extends keyof SqliteProcedureInputs = keyof SqliteProcedureInputs,
> = {
  readonly [Key in Name]: { readonly name: Key; readonly input: SqliteProcedureInputs[Key] };
}[Name];
