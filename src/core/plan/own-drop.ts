/** A migration of an earlier tool's time may drop that tool's table, whose name the history has now. */
import type { Named } from "../model/named.ts";
import type { Action } from "./action.ts";

const drop =
  /^\s*DROP\s+TABLE\s+IF\s+EXISTS\s+(?:(?:"public"|public)\.)?"?(\w+)"?\s*(?:CASCADE|RESTRICT)?\s*;?\s*$/i;

/** Takes out the statements that drop the history itself, where they allow for its absence; says which table stays. */
export function withoutOwnDrop(
  actions: readonly Action[],
  history: Named | undefined,
): { readonly actions: readonly Action[]; readonly kept: string | undefined } {
  if (history === undefined) return { actions, kept: undefined };
  let kept: string | undefined;
  const left = actions.map((action): Action => {
    if (action.kind !== "statements") return action;
    const statements = action.statements.filter(({ sql }) => drop.exec(sql)?.[1] !== history.name);
    if (statements.length === action.statements.length) return action;
    kept = history.name;
    return { ...action, statements };
  });
  return { actions: left, kept };
}
