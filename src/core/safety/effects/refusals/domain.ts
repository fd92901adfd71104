/** Constraints and defaults of domains. */
import { child, columnsIn, type Tree, type TreeNode, word } from "../../../sql/tree.ts";
import type { Domain } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { expressionRefusal, textOf, valueRefusal } from "./expression.ts";

export function domainCheckRefusal(
  domain: Domain,
  definition: Tree,
  scene: Scene,
): string | undefined {
  const name = word(definition, "conname");
  if (name !== undefined && domain.checks.has(name))
    return `${domain.name} has a constraint ${name} already`;
  if (definition.contype !== "CONSTR_CHECK") return undefined;
  const expression = child(definition, "raw_expr");
  const other = [...columnsIn(expression)].find((column) => column !== "value");
  if (other !== undefined) return `a check of a domain reads VALUE, and no ${other}`;
  return expressionRefusal(expression, "check", { table: undefined, scene });
}

export function valueRefusalOfDefault(
  { base }: Domain,
  value: TreeNode | undefined,
  scene: Scene,
): string | undefined {
  return (
    expressionRefusal(value, "default", { table: undefined, scene }) ??
    valueRefusal(textOf(value), base, scene)
  );
}
