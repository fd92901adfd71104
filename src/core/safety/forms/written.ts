import type { ScriptStatement, SqlParser } from "../effects/script.ts";

/** What a form is written from. */
export type Written = {
  readonly statement: ScriptStatement;
  readonly parse: SqlParser["parse"];
  /** The server's major version. */
  readonly major: number;
};
