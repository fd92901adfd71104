/** Shows the SQL that an action sends. */
import type { Action } from "./action.ts";

/** The SQL of an action. A procedure does more than its SQL says, so its input stands behind it. */
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
