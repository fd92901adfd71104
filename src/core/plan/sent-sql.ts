/** What an action sends, in words of SQL. */
import type { Action } from "./action.ts";

/** A procedure does more than its SQL says, so what it is told stands behind it. */
export function sqlOf(action: Exclude<Action, { readonly kind: "run" }>): readonly string[] {
  if (action.kind === "backfill") {
    const { table, set, where } = action.backfill;
    return [`-- batch by batch: UPDATE ${table.name} SET ${set} WHERE ${where}`];
  }
  return action.statements.map(({ sql, procedure }) =>
    procedure === undefined
      ? sql
      : `${sql} -- ${procedure.name} ${JSON.stringify(procedure.input)}`,
  );
}
