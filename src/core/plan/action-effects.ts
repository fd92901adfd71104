/** Finds the effects of an action on the code around it, as a rollout judges it. */
import { type ActionEffects, effects } from "../language/code-effects.ts";
import type { SchemaOperation } from "../language/operation.ts";
import type { SqlSyntax } from "../sql/token.ts";
import type { Action } from "./action.ts";

/** Is there in a built release only, when all of its migrations were compiled before. */
declare const slipwayPlanned: true | undefined;

/** Judges one action by its operation. */
export function effectsOf(action: Action, syntax: SqlSyntax): ActionEffects {
  if (action.effects !== undefined) return action.effects;
  if (action.kind === "run") return { effects: { unknown: [action.words] } };
  return typeof slipwayPlanned === "undefined"
    ? effectsOfOperation(action, syntax)
    : { effects: { unknown: [action.words] } };
}

function effectsOfOperation(
  action: Exclude<Action, { readonly kind: "run" }>,
  syntax: SqlSyntax,
): ActionEffects {
  if (action.safely !== undefined)
    return { effects: effects({ kind: "safely", form: action.safely }, syntax) };
  if (action.kind === "backfill" || action.operation === undefined)
    return { effects: { unknown: [action.words] } };
  const { operation } = action;
  return {
    effects: effects(operation, syntax),
    table: tableOf(operation),
    ...(operation.kind === "create_table" ? { makes: true } : {}),
  };
}

function tableOf(op: SchemaOperation): string | undefined {
  const table =
    "table" in op
      ? op.table
      : "index" in op && typeof op.index === "object"
        ? op.index.table
        : undefined;
  return table === undefined ? undefined : `${table.prefix ?? ""}.${table.name}`;
}
