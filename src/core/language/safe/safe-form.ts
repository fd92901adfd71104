/**
 * Safe forms: a wish that takes several statements when nobody may be stopped meanwhile.
 * A form is data. Which statements it takes is the dialect's answer, for it depends on the server.
 */

import type { Named } from "../../model/named.ts";
import type { Column, ColumnChange, Constraint, Index } from "../table-parts.ts";

/** A column and the name that it is to have, with the name of its table while both names work. */
export type ColumnNames = {
  readonly table: Named;
  readonly column: string;
  readonly to: string;
  /** The table's name while a view has its old name. */
  readonly base: string;
};

/** A column of one type that becomes a column of another. */
export type SafeTypeChange = {
  readonly table: Named;
  /** The column after the change. */
  readonly column: Column;
  /** The column before the change. Its default and whether it may be null count too. */
  readonly was: Column;
  /** The name of the new column until the swap. */
  readonly incoming: string;
  /** The name of the old column after the swap. */
  readonly outgoing: string;
  /** The new value, as SQL over the columns of the row. Default: a cast. */
  readonly using?: string | undefined;
  /** The old value, as SQL over the columns of the row. Default: a cast. */
  readonly back?: string | undefined;
  /** The indexes that the column has: built again for the new one. */
  readonly indexes: readonly Index[];
  /** The key that the backfill walks along. Default: the primary key. */
  readonly key?: readonly string[] | undefined;
};

/** The old column of a change of type, which goes for good. Without `was` it cannot come back. */
export type OldTypeRetreat = Pick<SafeTypeChange, "table" | "outgoing" | "back" | "key"> & {
  readonly column: string;
  readonly was?: Column | undefined;
  /** The indexes that the old column has. */
  readonly indexes: readonly Index[];
};

/** A column that goes away in two steps: out of sight first, which loses nothing. */
export type ColumnRetreat = {
  readonly table: Named;
  readonly column: string;
  /** The column's name until it is dropped for good. */
  readonly hidden: string;
  readonly was?: Column | undefined;
};

/** `begin` and `finish` are of two releases; `undo_…` is the way back of each. */
export type Stage = "begin" | "undo_begin" | "finish" | "undo_finish";

/** The closed list of safe forms. */
export type SafeForm =
  | {
      readonly form: "create_index";
      readonly index: Index;
      readonly ifNotExists?: boolean | undefined;
    }
  | {
      readonly form: "drop_index";
      readonly index: Index;
      readonly ifExists?: boolean | undefined;
    }
  | {
      readonly form: "replace_index";
      readonly old: Index;
      readonly new: Index;
      /** The name of the new one until the old one is gone; then it takes over the old name. */
      readonly meanwhile?: string | undefined;
    }
  | { readonly form: "add_constraint"; readonly table: Named; readonly constraint: Constraint }
  | {
      readonly form: "set_not_null";
      readonly table: Named;
      readonly column: string;
      /** The name of the constraint that proves it. */
      readonly proof: string;
    }
  | {
      readonly form: "add_column";
      readonly table: Named;
      readonly column: Column;
      /**
       * The value for old rows, as SQL over the columns of the row. Default: the column's default.
       */
      readonly fill?: string | undefined;
      readonly key?: readonly string[] | undefined;
      readonly proof: string;
    }
  /** Changes of which at least one is of a type, after which the planner knows nothing of the column. */
  | {
      readonly form: "change_columns";
      readonly table: Named;
      readonly changes: readonly ColumnChange[];
    }
  | ({ readonly form: "rename_column"; readonly stage: Stage } & ColumnNames)
  | {
      readonly form: "rename_table";
      readonly stage: Stage;
      readonly table: Named;
      readonly to: string;
    }
  | ({ readonly form: "drop_column"; readonly stage: Stage } & ColumnRetreat)
  | ({ readonly form: "change_type"; readonly stage: "begin" | "undo_begin" } & SafeTypeChange)
  | ({
      readonly form: "finish_change_type";
      readonly stage: "finish" | "undo_finish";
    } & OldTypeRetreat);

export type SafeOperation = { readonly kind: "safely"; readonly form: SafeForm };
