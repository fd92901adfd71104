/** Why ADD COLUMN is refused. */
import {
  child,
  children,
  names,
  nodesIn,
  part,
  type Tree,
  type TreeNode,
  word,
} from "../../../sql/tree.ts";
import { isBuiltIn } from "../built-in-types.ts";
import { shown, type Table } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { typeKey } from "../types.ts";
import { constraintOfColumn } from "./added-constraint.ts";
import { generatedRefusal, isInteger, isSystemColumn } from "./column.ts";
import { expressionRefusal, textOf, valueRefusal } from "./expression.ts";
import { belowOf, hasBelow } from "./inherited.ts";
import { collationRefusal, storageRefusal, typeOf, typeRefusal } from "./type.ts";

export function addedColumnRefusal(
  table: Table,
  command: Tree,
  { isOnly, scene }: { readonly isOnly: boolean; readonly scene: Scene },
): string | undefined {
  const definition = part(part(command, "def"), "ColumnDef") ?? {};
  const name = word(definition, "colname") ?? "";
  if (table.ofType !== undefined)
    return `${shown(table)} is a table OF the type ${table.ofType}, which says its columns`;
  if (table.parent !== undefined)
    return `${shown(table)} is a partition: its columns are those of ${shown(table.parent)}`;
  if (isOnly && hasBelow(table, scene))
    return `${shown(table)} has tables below it, which need the column too`;
  if (isSystemColumn(name)) return `${name} is the name of a column of the system`;
  if (command.missing_ok === true && table.columns.has(name)) return undefined;
  if (definition.storage_name !== undefined && scene.server.major < 16)
    return "STORAGE of a new column came with PostgreSQL 16";
  const type = typeOf(definition);
  const other = belowOf(table, scene).find((one) => {
    const own = one.columns.get(name);
    return own !== undefined && typeKey(own.type) !== typeKey(type);
  });
  if (other !== undefined) return `${name} of ${shown(other)} has another type`;
  const isOwnRow =
    !isBuiltIn(type.name) &&
    scene.catalog.find(scene.catalog.tables, type.name, type.schema) === table;
  if (isOwnRow && !type.isArray) return `${name} would hold a row of the table that it is in`;
  return (
    typeRefusal(part(definition, "typeName"), scene) ??
    (part(definition, "collClause") === undefined ? undefined : collationRefusal(type, scene)) ??
    storageRefusal(type, { storage: word(definition, "storage_name") }, scene) ??
    storageRefusal(type, { compression: word(definition, "compression") }, scene) ??
    ofConstraints(table, definition, scene)
  );
}

function ofConstraints(table: Table, definition: Tree, scene: Scene): string | undefined {
  const constraints = children(definition, "constraints");
  const of = (contype: string) => constraints.find(({ tree }) => tree.contype === contype)?.tree;
  const name = word(definition, "colname") ?? "";
  const type = typeOf(definition);
  if (of("CONSTR_NULL") !== undefined && of("CONSTR_NOTNULL") !== undefined)
    return `${name} is declared both NULL and NOT NULL`;
  const values = ["CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED"].filter(
    (one) => of(one) !== undefined,
  );
  if (values.length > 1) return `${name} can have one of a default, an identity and an expression`;
  if (of("CONSTR_IDENTITY") !== undefined && !isInteger(type, scene))
    return `${name} is no integer, as an identity must be`;
  const generated = of("CONSTR_GENERATED");
  const value = child(of("CONSTR_DEFAULT"), "raw_expr");
  return (
    expressionRefusal(value, "default", { table, scene }) ??
    valueRefusal(textOf(value), type, scene) ??
    (generated === undefined
      ? undefined
      : ofGenerated(table, { definition, generated, type }, scene)) ??
    firstOf(constraints, ({ tree }) => constraintOfColumn(table, tree, { name, type, scene }))
  );
}

function ofGenerated(
  table: Table,
  {
    definition,
    generated,
    type,
  }: {
    readonly definition: Tree;
    readonly generated: Tree;
    readonly type: ReturnType<typeof typeOf>;
  },
  scene: Scene,
): string | undefined {
  const name = word(definition, "colname") ?? "";
  const expression = child(generated, "raw_expr");
  const refused = generatedRefusal(table, expression, scene, name);
  if (refused !== undefined || word(generated, "generated_kind") !== "v") return refused;
  const { catalog } = scene;
  const called = [...nodesIn(expression)]
    .filter(({ kind }) => kind === "FuncCall")
    .map(({ tree }) => names(tree, "funcname"))
    .find((path) => catalog.find(catalog.functions, path.at(-1) ?? "", path.at(-2)) !== undefined);
  if (called !== undefined)
    return `${name} is virtual, and ${called.join(".")} is one of your functions`;
  const isOwn =
    catalog.find(catalog.enums, type.name, type.schema) ??
    catalog.find(catalog.domains, type.name, type.schema);
  return isOwn !== undefined
    ? `${name} is virtual, and ${type.name} is one of your types`
    : undefined;
}

function firstOf(
  nodes: readonly TreeNode[],
  refusal: (node: TreeNode) => string | undefined,
): string | undefined {
  for (const node of nodes) {
    const why = refusal(node);
    if (why !== undefined) return why;
  }
  return undefined;
}
