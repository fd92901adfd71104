import type { ScriptStatement, SqlParser } from "../effects/script.ts";

/** The sources of a form: the statement, the parser and the server's version. */
export type Written = {
  readonly statement: ScriptStatement;
  readonly parse: SqlParser["parse"];
  /** The server's major version. */
  readonly major: number;
};
