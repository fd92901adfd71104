/** Constraints and defaults of domains. */
import {
  child,
  children,
  columnsIn,
  names,
  part,
  type Tree,
  type TreeNode,
  word,
} from "../../../sql/tree.ts";
import type { Domain } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { typeNameOf } from "../types.ts";
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
  return checkRefusal(child(definition, "raw_expr"), scene);
}

export function createDomainRefusal(statement: Tree, scene: Scene): string | undefined {
  const { catalog } = scene;
  const [name = "", given] = [...names(statement, "domainname")].reverse();
  const key = `${catalog.schemaForNew(given)}.${name}`;
  const isTaken = [catalog.domains, catalog.enums, catalog.composites].some((map) => map.has(key));
  if (isTaken && !catalog.hasOpaque) return `there is a type ${name} already`;
  const base = typeNameOf(part(statement, "typeName"));
  for (const { tree } of children(statement, "constraints")) {
    const expression = child(tree, "raw_expr");
    const refused =
      tree.contype === "CONSTR_CHECK"
        ? checkRefusal(expression, scene)
        : tree.contype === "CONSTR_DEFAULT"
          ? valueRefusalOfDefault({ base }, expression, scene)
          : undefined;
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function checkRefusal(expression: TreeNode | undefined, scene: Scene): string | undefined {
  const other = [...columnsIn(expression)].find((column) => column !== "value");
  if (other !== undefined) return `a check of a domain reads VALUE, and no ${other}`;
  return expressionRefusal(expression, "check", { table: undefined, scene });
}

export function valueRefusalOfDefault(
  { base }: Pick<Domain, "base">,
  value: TreeNode | undefined,
  scene: Scene,
): string | undefined {
  return (
    expressionRefusal(value, "default", { table: undefined, scene }) ??
    valueRefusal(textOf(value), base, scene)
  );
}
