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
  /** Sets or, with `null`, removes the comment of a table. */
  commentOnTable(
    table: string,
    comment: string | null,
    options: PrefixOption & { readonly was?: string | null } = {},
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

  /** Sets or, with `null`, removes the comment of a column. */
  commentOnColumn(
    table: string,
    column: string,
    options: PrefixOption & { readonly comment: string | null; readonly was?: string | null },
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
  executeFile(path: string, options: { readonly down?: string } = {}): void {
    this.record({ kind: "execute_file", path, ...options });
  }

  /** Runs code, on the connection and in the transaction of the migration. Without `down` it is irreversible. */
  run(
    run: RunFunction,
    options: { readonly down?: RunFunction; readonly label?: string } = {},
  ): void {
    if (typeof run !== "function")
      throw new InvalidOperation("run takes a function", { hint: "m.run(async (db) => { … })" });
    this.record({ kind: "run", run, ...options });
  }
}
