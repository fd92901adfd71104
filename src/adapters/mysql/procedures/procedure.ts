/**
 * Describes, as plain data, work that the session does instead of SQL: it needs to know what is
 * there.
 */
import type { Named } from "../../../core/model/named.ts";

/**
 * The changes of a column; all the rest of its definition stays as it is. Each is text, ready for
 * SQL.
 */
export type ColumnEdit = {
  readonly type?: string | undefined;
  readonly collation?: string | undefined;
  readonly null?: boolean | undefined;
  readonly default?: string | "none" | undefined;
  readonly comment?: string | undefined;
  /** The name of the column that it is put behind. */
  readonly after?: string | undefined;
};

/** One part of an ALTER TABLE: as it is, or a column whose definition is restated with changes. */
export type AlterPart = string | { readonly column: string; readonly edit: ColumnEdit };

/**
 * A column of whole numbers that refers to another: it must have the same sign, which only the server knows.
 * The compiled SQL has `assumed`; the session may replace it by `assumed` without or with
 * `unsigned` behind it.
 */
export type ReferenceSign = {
  readonly table: Named;
  readonly column: string;
  /** The column's name and type as they were compiled: `author_id` bigint unsigned. */
  readonly assumed: string;
};

/**
 * The inputs of each procedure. `sql` is the statement that does it when nothing stands in the way.
 */
export type MysqlProcedureInputs = {
  readonly create_table: { readonly sql: string; readonly references: readonly ReferenceSign[] };
  readonly alter_table: {
    readonly table: Named;
    readonly parts: readonly AlterPart[];
    readonly references: readonly ReferenceSign[];
  };
  /** SQL of the user's; `remade` are the triggers, views, routines and events that its file drops or makes, in lower case. */
  readonly alter_as_written: { readonly sql: string; readonly remade: readonly string[] };
  readonly drop_foreign_key: { readonly table: Named; readonly name: string };
  readonly create_index: { readonly table: Named; readonly name: string; readonly sql: string };
  readonly drop_index: { readonly table: Named; readonly name: string; readonly sql: string };
  /** `write` comes first: a cluster certifies only writes. */
  readonly prove_lock: { readonly sql: string; readonly write?: string };
  readonly drop_schema: { readonly name: string; readonly sql: string };
};

/** Work for `runProcedure`. */
export type MysqlProcedure<Name extends keyof MysqlProcedureInputs = keyof MysqlProcedureInputs> = {
  readonly [Key in Name]: { readonly name: Key; readonly input: MysqlProcedureInputs[Key] };
}[Name];
