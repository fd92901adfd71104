/** Whether the rules can find anything at all, told before they are loaded. */
import type { Dialect } from "../language/dialect.ts";
import { streamedBy } from "../language/operation.ts";
import { namesForeignKeys } from "../safety/effects/sqlite-pragma.ts";
import type { Step } from "./step.ts";

/**
 * Whether the rules can find anything. Where there is one writer at a time, they know one pragma
 * alone. Elsewhere Slipway must ask them.
 */
export function isWorthJudging(
  steps: readonly Step[],
  { oneWriter }: Pick<Dialect, "oneWriter">,
): boolean {
  if (steps.every(sendsFile)) return false;
  if (oneWriter !== true) return true;
  return steps.some(({ actions }) =>
    actions.some(
      (action) =>
        action.kind === "statements" && action.statements.some(({ sql }) => namesForeignKeys(sql)),
    ),
  );
}

/** Whether it is a file that is sent while it is read, of which nobody knows the statements before. */
export function sendsFile({ actions }: Pick<Step, "actions">): boolean {
  return actions.some((action) => action.kind === "run" && streamedBy(action.run) !== undefined);
}
