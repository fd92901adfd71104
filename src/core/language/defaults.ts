/** The defaults that a repo sets once for all of its migrations. */
import type { WrittenType } from "./column-type.ts";
import type { IdentifierLimit } from "./names.ts";
import type { Operation } from "./operation.ts";
import type { DefaultValue } from "./table-parts.ts";

/** The primary key that `t.id()` makes. */
export type PrimaryKeyDefaults = {
  /** Default: `id`. */
  readonly name?: string;
  /** Default: `bigserial`. */
  readonly type?: WrittenType;
  /** `DEFAULT …`, for example `` sql`gen_random_uuid()` ``. Default: none. */
  readonly default?: DefaultValue;
  /** For `identity`: the first value and the step. */
  readonly startValue?: number;
  /** For `identity`: the step. Default: 1. */
  readonly increment?: number;
};

/** The target of `t.references()` when the call names none. */
export type ForeignKeyDefaults = {
  /** Default: `id`. */
  readonly column?: string;
  /** Default: the type that refers to the repo's primary key type (`bigserial` → `bigint`). */
  readonly type?: WrittenType;
  /** The schema of the table that is referred to. Default: that of the referencing table. */
  readonly prefix?: string;
};

/** The columns that `t.timestamps()` makes; `false` leaves one out. */
export type TimestampsDefaults = {
  /** Default: `inserted_at`. */
  readonly insertedAt?: string | false;
  /** Default: `updated_at`. */
  readonly updatedAt?: string | false;
  /** Default: `naive_datetime`. */
  readonly type?: WrittenType;
  /** Default: `false`. */
  readonly null?: boolean;
  /** `DEFAULT …` of both, for example `` sql`now()` ``. Default: none, so that the app fills them in. */
  readonly default?: DefaultValue;
};

/** The meaning of the type `string` where a column has no size. */
export type StringDefaults = {
  /** Default: `string`, which is `varchar(255)` on PostgreSQL and MySQL. `text` has no limit. */
  readonly type?: WrittenType;
};

/**
 * Defaults for recording a repo's migrations. A change of them affects later recordings only;
 * stored plans keep theirs.
 */
export type SchemaDefaults = {
  /** The prefix of everything that names none. */
  readonly prefix?: string;
  /** The column of `t.id()`. Default: `id bigserial`. */
  readonly primaryKey?: PrimaryKeyDefaults;
  /** The target of `t.references()`. Default: `id`, with the type that fits the key. */
  readonly foreignKey?: ForeignKeyDefaults;
  /**
   * The columns of `t.timestamps()`. Default: `inserted_at` and `updated_at`, not null, without a
   * default.
   */
  readonly timestamps?: TimestampsDefaults;
  /** The meaning of `"string"`. Default: `varchar(255)` on PostgreSQL and MySQL, TEXT on SQLite. */
  readonly strings?: StringDefaults;
};

/** The facts that recording needs besides the migration. */
export type RecordContext = {
  readonly direction: "up" | "down";
  readonly identifierLimit: IdentifierLimit;
  readonly defaults: SchemaDefaults;
  /** The prefix given at run time: operations may name no other. */
  readonly prefix?: string | undefined;
  /**
   * Hears of each operation, and of its line in the migration's file. Default: nobody, which is
   * faster.
   */
  readonly onLine?: OnLine | undefined;
};

/** Hears the line of an operation, from 1; `undefined` where that cannot be known, as in a bundle. */
export type OnLine = (operation: Operation, line: number | undefined) => void;

/** Says that an operation makes no sense, before it is known in which file. */
export class InvalidOperation extends Error {
  override readonly name = "InvalidOperation";
  readonly hint: string;

  constructor(reason: string, options: { readonly hint: string }) {
    super(reason);
    this.hint = options.hint;
  }
}

/** Says that an operation names another prefix than the run. */
export class PrefixMismatch extends Error {
  override readonly name = "PrefixMismatch";
  readonly given: string;
  readonly expected: string;

  constructor(mismatch: { readonly given: string; readonly expected: string }) {
    super(`the prefix ${mismatch.given} does not match ${mismatch.expected}`);
    this.given = mismatch.given;
    this.expected = mismatch.expected;
  }
}
