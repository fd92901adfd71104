import type { Step } from "../core/plan/step.ts";

/** Whether it may do more than change a schema: SQL and code of the user's own, which may leave something behind. */
export function isOpaque({ actions }: Step): boolean {
  return actions.some((action) => {
    if (action.kind !== "statements") return action.kind === "run";
    if ((action.operation?.kind ?? "execute") !== "execute") return false;
    return !action.statements.every(({ sql }) => leavesNothing(sql));
  });
}

/** Whether this is DDL that evaluates no more than an operation does: there is nothing to clear up behind it. */
export function leavesNothing(sql: string): boolean {
  return (
    ddl.test(sql) && !doubtful.test(sql.replace(/\bGENERATED\s+(ALWAYS|BY\s+DEFAULT)\s+AS\b/gi, ""))
  );
}

const ddl =
  /^\s*(--[^\n]*\n\s*)*(CREATE\s+(UNLOGGED\s+)?TABLE|CREATE\s+(UNIQUE\s+)?INDEX|ALTER\s+TABLE|CREATE\s+TYPE|COMMENT\s+ON|DROP\s+(TABLE|INDEX|VIEW|TYPE))\b/i;

/** A query, a function that sets or locks, a variable, or more than one statement. */
const doubtful = /[;@]|\/\*|\b(AS|SELECT|EXECUTE)\b|set_config|advisory/i;
