/** The options of the safe forms. */

import type { Fragment } from "../../model/fragment.ts";
import type { ColumnOptions, ColumnSpec } from "../column.ts";
import type { WrittenType } from "../column-type.ts";
import type { ForeignKeyConstraintOptions } from "../constraint.ts";
import type { IndexColumnInput, IndexOptions } from "../index-definition.ts";
import type { PrefixOption } from "./recorder.ts";

type Deferrable = { readonly deferrable?: "initially immediate" | "initially deferred" };

/** The columns, the table that they point at, and the options of the key. */
export type ForeignKeyOptions = Omit<ForeignKeyConstraintOptions, "prefix"> &
  PrefixOption &
  Deferrable & {
    /** Default: `posts_author_id_fkey`. */
    readonly name?: string;
    /** `COMMENT ON CONSTRAINT`. Default: none. */
    readonly comment?: string;
  };

/** The options of a check. */
export type CheckOptions = PrefixOption & {
  /** `COMMENT ON CONSTRAINT`. Default: none. */
  readonly comment?: string;
};

/** The options of a unique constraint. */
export type UniqueOptions = PrefixOption &
  Deferrable & {
    /** Default: `posts_slug_key`. */
    readonly name?: string;
    /** `false`: nulls count as equal, so that a column has one at most. Default: `true`. */
    readonly nullsDistinct?: boolean;
    /** `COMMENT ON CONSTRAINT`. Default: none. */
    readonly comment?: string;
  };

/** The new index, and the one that goes. */
export type ReplaceIndexOptions = Omit<IndexOptions, "concurrently"> & {
  /** The name of the index that goes. */
  readonly replaces: string;
  /** Whether the new index takes over the name of the old one. Default: `false`. */
  readonly keepName?: boolean;
  /** The old index as it was, which makes its drop reversible. */
  readonly was?: Omit<IndexOptions, "name" | "prefix" | "concurrently"> & {
    /** As in `createIndex`. */
    readonly columns: readonly IndexColumnInput[];
  };
};

/** The new column, and how it is filled. */
export type AddColumnOptions = Omit<ColumnOptions, "primaryKey" | "generated"> &
  PrefixOption & {
    /**
     * The value for old rows, as SQL over the columns of the row: `` sql`lower(title)` ``. Default:
     * the default.
     */
    readonly fill?: Fragment;
    /** The columns that the backfill walks along. Default: the primary key. */
    readonly key?: readonly string[];
  };

/** The new type, and how values become it. */
export type ChangeTypeOptions = Pick<ColumnOptions, "size" | "precision" | "scale" | "collation"> &
  Pick<ColumnOptions, "null" | "default" | "comment"> &
  PrefixOption & {
    /** The column before the change, which makes it reversible. */
    readonly was: WrittenType | ColumnSpec;
    /** The new value, as SQL over the columns of the row. Default: a cast. */
    readonly using?: Fragment;
    /** The old value, as SQL over the columns of the row. Default: a cast. */
    readonly back?: Fragment;
    /** The indexes that hold the column: they are built for the new one too. */
    readonly indexes?: readonly (Omit<IndexOptions, "prefix" | "concurrently"> & {
      /** As in `createIndex`. */
      readonly columns: readonly IndexColumnInput[];
    })[];
    /** The columns that the backfill walks along. Default: the primary key. */
    readonly key?: readonly string[];
  };

/** The old column, which makes dropping it reversible; each option as in `changeTypeSafely`. */
export type FinishChangeTypeOptions = PrefixOption &
  Pick<ChangeTypeOptions, "back" | "indexes" | "key"> & {
    /** The column before the change. Default: dropping it has no way back. */
    readonly was?: WrittenType | ColumnSpec;
  };
