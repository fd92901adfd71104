/** Whether the rules can find anything at all, told before they are loaded. */
import { namesForeignKeys } from "../safety/effects/sqlite-pragma.ts";
import type { Step } from "./step.ts";

/** On SQLite the rules speak of one pragma alone. Elsewhere they must be asked. */
export function isWorthJudging(steps: readonly Step[], dialect: string): boolean {
  if (dialect !== "sqlite") return true;
  return steps.some(({ actions }) =>
    actions.some(
      (action) =>
        action.kind === "statements" && action.statements.some(({ sql }) => namesForeignKeys(sql)),
    ),
  );
}
