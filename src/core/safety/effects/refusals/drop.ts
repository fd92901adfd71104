/** Why the server refuses DROP: the object is missing, is of another kind, or is still called. */
import { children, flag, listOf, stringsOf, type Tree, word } from "../../../sql/tree.ts";
import { shown } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { dropOfTableRefusal } from "./of-table.ts";
import { relationNamed } from "./relation.ts";
import { wrongKind } from "./relation-kinds.ts";
import { isTypeMissing } from "./type.ts";

const relations = /^OBJECT_(TABLE|VIEW|MATVIEW|FOREIGN_TABLE|SEQUENCE)$/;

export function dropRefusal(statement: Tree, scene: Scene): string | undefined {
  const type = word(statement, "removeType") ?? "";
  const isGuarded = flag(statement, "missing_ok");
  for (const { kind, tree } of listOf(statement.objects)) {
    const [name = "", schema] = [...stringsOf(tree.objname ?? { [kind]: tree })].reverse();
    const why = relations.test(type)
      ? ofRelation({ name, schema, type }, isGuarded, scene)
      : type === "OBJECT_FUNCTION"
        ? ofFunction({ name, schema }, { statement, tree }, scene)
        : /^OBJECT_(TYPE|DOMAIN)$/.test(type) && !isGuarded
          ? ofType({ name, schema }, scene)
          : /^OBJECT_(TRIGGER|POLICY|RULE)$/.test(type) && !isGuarded
            ? ofTable(stringsOf(tree.objname ?? { [kind]: tree }), type, scene)
            : undefined;
    if (why !== undefined) return why;
  }
  return undefined;
}

function ofRelation(
  {
    name,
    schema,
    type,
  }: { readonly name: string; readonly schema: string | undefined; readonly type: string },
  isGuarded: boolean,
  scene: Scene,
): string | undefined {
  const found = relationNamed(
    { relname: name, ...(schema === undefined ? {} : { schemaname: schema }) },
    scene,
  );
  if (found === "missing") return isGuarded ? undefined : `there is no relation ${name}`;
  if (found === undefined) return undefined;
  if (type !== "OBJECT_TABLE") return wrongKind(type, found.kind, name);
  return /^(table|partitioned table)$/.test(found.kind) ? undefined : `${name} is no table`;
}

function ofTable(path: readonly string[], type: string, scene: Scene): string | undefined {
  const [name, table, schema] = [...path].reverse();
  return dropOfTableRefusal({ name, table, schema }, type, scene);
}

function ofType(
  { name, schema }: { readonly name: string; readonly schema: string | undefined },
  scene: Scene,
): string | undefined {
  return isTypeMissing({ name, schema }, scene) ? `there is no type ${name}` : undefined;
}

/** Refuses the drop of a trigger's function. Only one without arguments can be such a function. */
function ofFunction(
  { name, schema }: { readonly name: string; readonly schema: string | undefined },
  { statement, tree }: { readonly statement: Tree; readonly tree: Tree },
  { catalog }: Scene,
): string | undefined {
  if (statement.behavior === "DROP_CASCADE" || children(tree, "objargs").length > 0)
    return undefined;
  for (const table of catalog.tables.values())
    for (const [trigger, called] of table.triggerFunctions)
      if (called === catalog.keyIn(catalog.functions, name, schema) && table.triggers.has(trigger))
        return `the trigger ${trigger} of ${shown(table)} calls ${name}`;
  return undefined;
}
