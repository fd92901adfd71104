/** Recording comments, SQL and code. */
import { givenName, withPrefix } from "../column.ts";
import { InvalidOperation } from "../defaults.ts";
import type { RunFunction } from "../operation.ts";
import { ObjectOperations } from "./objects.ts";
import type { PrefixOption } from "./recorder.ts";

/** Anything that compiles to SQL, for example a Kysely query. */
export type CompilableQuery = {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] };
};

/** The options of SQL. */
export type ExecuteOptions = {
  /** The SQL that undoes it; the empty string says that nothing needs to be undone. */
  readonly down?: string;
  /** Values of `$1`, `?` and so on; the statement must then be a single one. */
  readonly parameters?: readonly unknown[];
  /** The file that the SQL was read from, for people. SQL migrations set it. */
  readonly from?: string;
};

/** Comments, SQL and code. */
export class CodeOperations extends ObjectOperations {
  /** `COMMENT ON TABLE posts IS '…'`; `null` removes it. `was` makes it reversible. */
  commentOnTable(
    table: string,
    comment: string | null,
    options: PrefixOption & {
      /** The comment before; `null` for none. */
      readonly was?: string | null;
    } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.record({
      kind: "comment",
      on: "table",
      table: withPrefix(table, { prefix }, this.context),
      comment,
      ...rest,
    });
  }

  /** `COMMENT ON COLUMN posts.title IS '…'`; `null` removes it. `was` makes it reversible. */
  commentOnColumn(
    table: string,
    column: string,
    options: PrefixOption & {
      /** The new one; `null` removes it. */
      readonly comment: string | null;
      /** The comment before; `null` for none. */
      readonly was?: string | null;
    },
  ): void {
    const { prefix, ...rest } = options;
    this.record({
      kind: "comment",
      on: "column",
      table: withPrefix(table, { prefix }, this.context),
      column: givenName(column, this.context),
      ...rest,
    });
  }

  /** Runs SQL, or anything that has `compile()`. Without `down` it is irreversible. */
  execute(statement: string | CompilableQuery, options: ExecuteOptions = {}): void {
    if (typeof statement === "string") {
      this.record({ kind: "execute", sql: statement, ...options });
      return;
    }
    if (typeof statement?.compile !== "function") {
      throw new InvalidOperation("execute takes SQL as text, or a query that has compile()", {
        hint: 'For example m.execute("create extension citext", { down: "drop extension citext" }).',
      });
    }
    const { sql, parameters } = statement.compile();
    this.record({ kind: "execute", sql, parameters, ...options });
  }

  /** Runs the SQL of a file; paths are relative to the migration's own file. */
  executeFile(
    path: string,
    options: {
      /** The SQL that undoes it; the empty string says that nothing needs to be undone. */
      readonly down?: string;
    } = {},
  ): void {
    this.record({ kind: "execute_file", path, ...options });
  }

  /** Runs code, on the connection and in the transaction of the migration. Without `down` it is irreversible. */
  run(
    run: RunFunction,
    options: {
      /** The code that undoes it. Default: it is irreversible. */
      readonly down?: RunFunction;
      /** The name in the log: `run code: LABEL`. Default: `run code`. */
      readonly label?: string;
    } = {},
  ): void {
    if (typeof run !== "function")
      throw new InvalidOperation("run takes a function", { hint: "m.run(async (db) => { … })" });
    this.record({ kind: "run", run, ...options });
  }
}
