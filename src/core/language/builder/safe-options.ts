/** What the safe forms take. */

import type { Fragment } from "../../model/fragment.ts";
import type { ColumnOptions, ColumnSpec } from "../column.ts";
import type { WrittenType } from "../column-type.ts";
import type { ForeignKeyConstraintOptions } from "../constraint.ts";
import type { IndexColumnInput, IndexOptions } from "../index-definition.ts";
import type { PrefixOption } from "./recorder.ts";

type Deferrable = { readonly deferrable?: "initially immediate" | "initially deferred" };

/** The columns, the table that they point at, and what goes with it. */
export type ForeignKeyOptions = Omit<ForeignKeyConstraintOptions, "prefix"> &
  PrefixOption &
  Deferrable & {
    /** Default: `posts_author_id_fkey`. */
    readonly name?: string;
    /** `COMMENT ON CONSTRAINT`. Default: none. */
    readonly comment?: string;
  };

/** What goes with a check. */
export type CheckOptions = PrefixOption & {
  /** `COMMENT ON CONSTRAINT`. Default: none. */
  readonly comment?: string;
};

/** What goes with a unique constraint. */
export type UniqueOptions = PrefixOption &
  Deferrable & {
    /** Default: `posts_slug_key`. */
    readonly name?: string;
    /** `false`: nulls count as equal, so that there is one at most. Default: `true`. */
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
  /** What the old index was, which makes it reversible. */
  readonly was?: Omit<IndexOptions, "name" | "prefix" | "concurrently"> & {
    /** As in `createIndex`. */
    readonly columns: readonly IndexColumnInput[];
  };
};

/** The new column, and how it is filled. */
export type AddColumnOptions = Omit<ColumnOptions, "primaryKey" | "generated"> &
  PrefixOption & {
    /** What old rows get, as SQL over the columns of the row: `` sql`lower(title)` ``. Default: the default. */
    readonly fill?: Fragment;
    /** The columns that the backfill walks along. Default: the primary key. */
    readonly key?: readonly string[];
  };

/** The new type, and how values become it. */
export type ChangeTypeOptions = Pick<ColumnOptions, "size" | "precision" | "scale" | "collation"> &
  Pick<ColumnOptions, "null" | "default" | "comment"> &
  PrefixOption & {
    /** What the column was, which makes it reversible. */
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

/** What the old column was, which makes dropping it reversible; each as `changeTypeSafely` has it. */
export type FinishChangeTypeOptions = PrefixOption &
  Pick<ChangeTypeOptions, "back" | "indexes" | "key"> & {
    /** What the column was. Default: dropping it has no way back. */
    readonly was?: WrittenType | ColumnSpec;
  };
