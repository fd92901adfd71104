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

/**
 * The fate of a row whose parent goes or changes; with columns, only those are set (PostgreSQL 15
 * and newer).
 */
export type ReferentialAction =
  | "cascade"
  | "restrict"
  | "no action"
  | "set null"
  | "set default"
  | {
      /** `SET NULL (columns)`. */
      readonly setNull: readonly string[];
      readonly setDefault?: never;
    }
  | {
      /** `SET DEFAULT (columns)`. */
      readonly setDefault: readonly string[];
      readonly setNull?: never;
    };

/** A foreign key as it is recorded. */
export type ForeignKey = {
  /** Default: `posts_author_id_fkey`. */
  readonly name: string;
  /** The table that is referred to. */
  readonly table: Named;
  /** The column referred to. Default: `id`. */
  readonly column: string;
  /** More pairs of a composite key: local column → referenced column. */
  readonly with?: { readonly [local: string]: string } | undefined;
  /** `ON DELETE …`: what happens to a row when its parent goes. Default: `no action`. */
  readonly onDelete?: ReferentialAction | undefined;
  /** `ON UPDATE …`: what happens to a row when its parent's key changes. Default: `no action`. */
  readonly onUpdate?: ReferentialAction | undefined;
  /** `MATCH FULL`, `SIMPLE` or `PARTIAL`. Default: the database's, SIMPLE. */
  readonly match?: "full" | "simple" | "partial" | undefined;
  /** `false` adds it NOT VALID: new rows are checked, old ones only by `validateConstraint`. */
  readonly validate?: boolean | undefined;
  /** `DEFERRABLE INITIALLY IMMEDIATE` or `INITIALLY DEFERRED`. Default: not deferrable. */
  readonly deferrable?: "initially immediate" | "initially deferred" | undefined;
};

/** A column as it is recorded. */
export type Column = {
  /** As given; quoted in SQL. */
  readonly name: string;
  /** A portable type, or the database's name of one. */
  readonly type: ColumnType;
  /** `false` is `NOT NULL`. Default: `true`, it may be null. */
  readonly null?: boolean | undefined;
  /** `DEFAULT …`: a value, or SQL such as `` sql`now()` ``. Default: none. */
  readonly default?: DefaultValue | undefined;
  /** `PRIMARY KEY`. Default: `false`. */
  readonly primaryKey?: boolean | undefined;
  /** `varchar(size)`. Default: 255 for `string`, unless the repo says `strings`. */
  readonly size?: number | undefined;
  /** `numeric(precision, scale)`, or the digits of a second. Default: the database's. */
  readonly precision?: number | undefined;
  /** Digits behind the point, together with `precision`. Default: 0. */
  readonly scale?: number | undefined;
  /** `COMMENT ON COLUMN`. Default: none. */
  readonly comment?: string | undefined;
  /** `COLLATE "…"`. Default: the database's. */
  readonly collation?: string | undefined;
  /** The whole clause after GENERATED, e.g. `ALWAYS AS (a + b) STORED`. */
  readonly generated?: string | undefined;
  /** Identity columns: the first value and the step. */
  readonly startValue?: number | undefined;
  /** Identity columns: the step. Default: 1. */
  readonly increment?: number | undefined;
  /** Intervals: `day to second`. */
  readonly fields?: string | undefined;
  /** MySQL: the column that it comes after. */
  readonly after?: string | undefined;
  /** Its foreign key: `REFERENCES …`. Default: none. */
  readonly references?: ForeignKey | undefined;
};

/** A column of an index, or an expression. */
export type IndexColumn = {
  /** The name of a column. */
  readonly column?: string | undefined;
  /** SQL instead of a name: `lower(title)`. */
  readonly expression?: string | undefined;
  /** `ASC` or `DESC`. Default: `asc`. */
  readonly order?: "asc" | "desc" | undefined;
  /** `NULLS FIRST` or `NULLS LAST`. Default: the database's, last when rising. */
  readonly nulls?: "first" | "last" | undefined;
  /** For example `text_pattern_ops` (PostgreSQL). Default: the type's. */
  readonly operatorClass?: string | undefined;
  /** `COLLATE "…"`. Default: the column's. */
  readonly collation?: string | undefined;
};

/** An index as it is recorded. */
export type Index = {
  /** Default: `posts_author_id_index`. */
  readonly name: string;
  /** The table that it is on. */
  readonly table: Named;
  /** Empty when only the name is known, as in a drop by name. */
  readonly columns: readonly IndexColumn[];
  /** `CREATE UNIQUE INDEX`. Default: `false`. */
  readonly unique?: boolean | undefined;
  /** `CREATE INDEX CONCURRENTLY`, beside writers and outside a transaction (PostgreSQL). Default: `false`. */
  readonly concurrently?: boolean | undefined;
  /** `USING gin`, `hash` and so on. Default: the database's, a B-tree. */
  readonly using?: string | undefined;
  /** `WHERE …`: only rows for which this is true. Default: all rows. */
  readonly where?: string | undefined;
  /** `INCLUDE (columns)`: kept in the index, not searched by. Default: none. */
  readonly include?: readonly string[] | undefined;
  /** `false` is `NULLS NOT DISTINCT`: one null at most; only with `unique`. Default: `true`. */
  readonly nullsDistinct?: boolean | undefined;
  /** PostgreSQL: not on the partitions. */
  readonly only?: boolean | undefined;
  /** PostgreSQL: storage parameters, e.g. `fillfactor = 50`. */
  readonly options?: string | undefined;
  /** `COMMENT ON INDEX`. Default: none. */
  readonly comment?: string | undefined;
};

/** The fields of every kind of constraint. */
export type ConstraintBase = {
  /** As given; quoted in SQL. */
  readonly name: string;
  /** `false` adds it NOT VALID: new rows are checked, old ones only by `validateConstraint`. Default: `true`. */
  readonly validate?: boolean | undefined;
  /** `COMMENT ON CONSTRAINT`. Default: none. */
  readonly comment?: string | undefined;
  /** `DEFERRABLE INITIALLY IMMEDIATE` or `INITIALLY DEFERRED`. Default: not deferrable. */
  readonly deferrable?: "initially immediate" | "initially deferred" | undefined;
};

/** A constraint as it is recorded. */
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

/** A column's type, before or after it changes. */
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
