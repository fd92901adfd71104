/** Statements as this dialect makes them. */
import type { Statement } from "../../core/model/statement.ts";
import type { SqliteProcedure } from "./procedures/procedure.ts";

/** SQL that runs as it is. Every write locks the whole file, so nothing is more locking than the rest. */
export function plain(sql: string, parameters?: readonly unknown[]): Statement {
  return { sql, ...(parameters === undefined ? {} : { parameters }), policy: { kind: "plain" } };
}

/** Work of the session, which reads the catalog first; `words` describe it for people. */
export function procedure(words: string, todo: SqliteProcedure): Statement {
  return { sql: `-- ${words.replace(/\s+/g, " ")}`, policy: { kind: "plain" }, procedure: todo };
}
