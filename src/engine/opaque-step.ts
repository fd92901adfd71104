import type { Step } from "../core/plan/step.ts";

/** Whether it may do more than change a schema: SQL and code of the user's own. */
export function isOpaque({ actions }: Step): boolean {
  return actions.some((action) => {
    if (action.kind !== "statements") return action.kind === "run";
    return (action.operation?.kind ?? "execute") === "execute";
  });
}
