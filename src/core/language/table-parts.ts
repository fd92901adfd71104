/** The parts of a table, as plain data. */
import type { Fragment } from "../model/fragment.ts";
import type { Named } from "../model/named.ts";
import type { ColumnType } from "./column-type.ts";

/** A default: a value that is written as a literal, or a fragment. Objects become JSON, arrays become arrays. */
export type DefaultValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Fragment
  | readonly unknown[]
  | { readonly [key: string]: unknown };

/** What happens to a row whose parent goes or changes; with columns, only those are set (PostgreSQL 15 and newer). */
export type ReferentialAction =
  | "cascade"
  | "restrict"
  | "no action"
  | "set null"
  | "set default"
  | { readonly setNull: readonly string[]; readonly setDefault?: never }
  | { readonly setDefault: readonly string[]; readonly setNull?: never };

export type ForeignKey = {
  readonly name: string;
  readonly table: Named;
  /** The column referred to. Default: `id`. */
  readonly column: string;
  /** More pairs of a composite key: local column → referenced column. */
  readonly with?: { readonly [local: string]: string } | undefined;
  readonly onDelete?: ReferentialAction | undefined;
  readonly onUpdate?: ReferentialAction | undefined;
  readonly match?: "full" | "simple" | "partial" | undefined;
  /** `false` adds it NOT VALID: new rows are checked, old ones only by `validateConstraint`. */
  readonly validate?: boolean | undefined;
  readonly deferrable?: "initially immediate" | "initially deferred" | undefined;
};

export type Column = {
  readonly name: string;
  readonly type: ColumnType;
  readonly null?: boolean | undefined;
  readonly default?: DefaultValue | undefined;
  readonly primaryKey?: boolean | undefined;
  readonly size?: number | undefined;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
  readonly comment?: string | undefined;
  readonly collation?: string | undefined;
  /** The whole clause after GENERATED, e.g. `ALWAYS AS (a + b) STORED`. */
  readonly generated?: string | undefined;
  /** Identity columns: the first value and the step. */
  readonly startValue?: number | undefined;
  readonly increment?: number | undefined;
  /** Intervals: `day to second`. */
  readonly fields?: string | undefined;
  /** MySQL: the column that it comes after. */
  readonly after?: string | undefined;
  readonly references?: ForeignKey | undefined;
};

export type IndexColumn = {
  readonly column?: string | undefined;
  readonly expression?: string | undefined;
  readonly order?: "asc" | "desc" | undefined;
  readonly nulls?: "first" | "last" | undefined;
  readonly operatorClass?: string | undefined;
  readonly collation?: string | undefined;
};

export type Index = {
  readonly name: string;
  readonly table: Named;
  /** Empty when only the name is known, as in a drop by name. */
  readonly columns: readonly IndexColumn[];
  readonly unique?: boolean | undefined;
  readonly concurrently?: boolean | undefined;
  readonly using?: string | undefined;
  readonly where?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly nullsDistinct?: boolean | undefined;
  /** PostgreSQL: not on the partitions. */
  readonly only?: boolean | undefined;
  /** PostgreSQL: storage parameters, e.g. `fillfactor = 50`. */
  readonly options?: string | undefined;
  readonly comment?: string | undefined;
};

export type ConstraintBase = {
  readonly name: string;
  readonly validate?: boolean | undefined;
  readonly comment?: string | undefined;
  readonly deferrable?: "initially immediate" | "initially deferred" | undefined;
};

export type Constraint =
  | (ConstraintBase & { readonly kind: "check"; readonly expression: string })
  | (ConstraintBase & {
      readonly kind: "exclude";
      readonly using: string;
      readonly elements: string;
      readonly where?: string | undefined;
    })
  | (ConstraintBase & {
      readonly kind: "unique";
      readonly columns: readonly string[];
      readonly nullsDistinct?: boolean | undefined;
      /** PostgreSQL: takes over this unique index instead of building one. */
      readonly usingIndex?: string | undefined;
    })
  | (ConstraintBase & { readonly kind: "primary_key"; readonly columns: readonly string[] })
  | (ConstraintBase & {
      readonly kind: "foreign_key";
      readonly columns: readonly string[];
      readonly references: { readonly table: Named; readonly columns: readonly string[] };
      readonly onDelete?: ReferentialAction | undefined;
      readonly onUpdate?: ReferentialAction | undefined;
      readonly match?: "full" | "simple" | "partial" | undefined;
    });

/** What a column was before its type changed. */
export type ColumnTypeChange = Pick<
  Column,
  "name" | "type" | "size" | "precision" | "scale" | "collation"
> & {
  /** PostgreSQL: the expression that converts the old value. */
  readonly using?: string | undefined;
};

/** One part of an `alter_table`; all parts of one are one statement where the database can. */
export type ColumnChange =
  | {
      readonly kind: "add_column";
      readonly column: Column;
      readonly ifNotExists?: boolean | undefined;
    }
  | { readonly kind: "modify_column"; readonly column: Column; readonly was?: Column | undefined }
  | {
      readonly kind: "remove_column";
      readonly name: string;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
      readonly was?: Column | undefined;
    }
  | {
      readonly kind: "set_default";
      readonly name: string;
      readonly default: DefaultValue;
      /** The column's type, which says whether a list is an array or JSON. */
      readonly type?: ColumnType | undefined;
      readonly was?: DefaultValue | undefined;
    }
  | {
      readonly kind: "drop_default";
      readonly name: string;
      readonly type?: ColumnType | undefined;
      readonly was?: DefaultValue | undefined;
    }
  | { readonly kind: "set_not_null"; readonly name: string }
  | { readonly kind: "drop_not_null"; readonly name: string }
  | {
      readonly kind: "set_type";
      readonly to: ColumnTypeChange;
      readonly was?: ColumnTypeChange | undefined;
    };
