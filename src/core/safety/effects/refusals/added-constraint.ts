/** Why a constraint is refused, whatever the rows. */
import { child, children, listOf, names, part, type Tree, word } from "../../../sql/tree.ts";
import { shown, type Table, type TypeName } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { baseType } from "../types.ts";
import { expressionRefusal, literalRefusal } from "./expression.ts";
import { defaultClassMissing, methods } from "./index-methods.ts";
import { hasBelow } from "./inherited.ts";
import { optionRefusal } from "./options.ts";
import { isSchemaMissing, relationNamed, takenBy } from "./relation.ts";
import { article } from "./relation-kinds.ts";

export function addedConstraintRefusal(
  table: Table,
  definition: Tree,
  { isOnly, scene }: { readonly isOnly: boolean; readonly scene: Scene },
): string | undefined {
  const isPartitioned = table.partitionBy !== undefined;
  switch (definition.contype) {
    case "CONSTR_CHECK":
      if (definition.is_no_inherit === true)
        return isPartitioned
          ? `${shown(table)} is partitioned, and its checks hold for its partitions`
          : undefined;
      if (isOnly && hasBelow(table, scene))
        return `${shown(table)} has tables below it, which need the check too`;
      return (
        expressionRefusal(child(definition, "raw_expr"), "check", { table, scene }) ??
        literalRefusal(child(definition, "raw_expr"), table, scene)
      );
    case "CONSTR_NOTNULL":
      return definition.is_no_inherit === true && isPartitioned
        ? `${shown(table)} is partitioned, and its NOT NULL holds for its partitions`
        : undefined;
    case "CONSTR_FOREIGN":
      if (isOnly && isPartitioned)
        return `a foreign key of the partitioned table ${shown(table)} holds for its partitions`;
      return foreignKey(table, definition, names(definition, "fk_attrs"), scene);
    case "CONSTR_UNIQUE":
    case "CONSTR_PRIMARY":
    case "CONSTR_EXCLUSION":
      return indexed(table, definition, names(definition, "keys"), scene);
    default:
      return undefined;
  }
}

/** One that stands with a new column. */
export function constraintOfColumn(
  table: Table,
  definition: Tree,
  { name, type, scene }: { readonly name: string; readonly type: TypeName; readonly scene: Scene },
): string | undefined {
  switch (definition.contype) {
    case "CONSTR_CHECK":
      return expressionRefusal(child(definition, "raw_expr"), "check", { table: undefined, scene });
    case "CONSTR_FOREIGN":
      return foreignKey(table, definition, [name], scene, type);
    case "CONSTR_UNIQUE":
    case "CONSTR_PRIMARY":
      return indexed(table, definition, [name], scene, type);
    default:
      return undefined;
  }
}

function foreignKey(
  table: Table,
  definition: Tree,
  columns: readonly string[],
  scene: Scene,
  newType?: TypeName,
): string | undefined {
  const relation = part(definition, "pktable");
  const schema = word(relation, "schemaname");
  if (table.kind === "foreign table")
    return `${shown(table)} is a foreign table, which has no foreign keys`;
  if (isSchemaMissing(schema, scene)) return `there is no schema ${schema}`;
  const found = relationNamed(relation, scene);
  if (found === "missing") return `there is no table ${word(relation, "relname")}`;
  if (found === undefined) return undefined;
  const { kind, name, table: parent } = found;
  if (kind !== "table" && kind !== "partitioned table")
    return `${name} is ${article(kind)}, to which no foreign key refers`;
  if (parent === undefined) return undefined;
  if (table.known && table.persistence === "p" && parent.persistence !== "p")
    return `${shown(table)} survives a crash, and ${shown(parent)} does not`;
  const given = names(definition, "pk_attrs");
  const key = [...parent.constraints.values()].find((one) => one.kind === "primary key");
  const referred = given.length > 0 ? given : (key?.columns ?? []);
  if (referred.length > 0 && columns.length !== referred.length)
    return `${columns.length} columns cannot refer to ${referred.length}`;
  for (const [i, column] of columns.entries()) {
    const own = newType ?? table.columns.get(column)?.type;
    const other = parent.columns.get(referred[i] ?? "")?.type;
    if (own !== undefined && other !== undefined && !areComparable(own, other, scene))
      return `${column} and ${referred[i]} of ${shown(parent)} cannot be compared`;
  }
  return actions(table, definition, columns);
}

/** A text and a number are never equal. About other pairs, nothing is certain. */
function areComparable(a: TypeName, b: TypeName, { catalog }: Scene): boolean {
  const group = (type: TypeName) => {
    const { name, isArray } = baseType(type, catalog);
    if (isArray) return undefined;
    if (/^(int[248]|numeric|float[48])$/.test(name)) return "number";
    if (/^(text|varchar|bpchar)$/.test(name)) return "text";
    return /^(uuid|jsonb?|bool|date|bytea)$/.test(name) ? name : undefined;
  };
  const [one, other] = [group(a), group(b)];
  return (
    one === undefined ||
    other === undefined ||
    one === other ||
    catalog.hasCasts ||
    catalog.hasOperators
  );
}

function actions(table: Table, definition: Tree, columns: readonly string[]): string | undefined {
  const isGenerated = (name: string) => table.columns.get(name)?.default?.by === "generated";
  const generated = columns.find(isGenerated);
  const [onDelete, onUpdate] = [
    word(definition, "fk_del_action"),
    word(definition, "fk_upd_action"),
  ];
  if (generated !== undefined && (/^[nd]$/.test(onDelete ?? "") || /^[cnd]$/.test(onUpdate ?? "")))
    return `${generated} is a generated column, which no action can set`;
  const set = names(definition, "fk_del_set_cols").find((name) => !columns.includes(name));
  return set === undefined ? undefined : `${set} is not in the foreign key, so it cannot be set`;
}

function indexed(
  table: Table,
  definition: Tree,
  columns: readonly string[],
  scene: Scene,
  newType?: TypeName,
): string | undefined {
  if (table.kind === "foreign table")
    return `${shown(table)} is a foreign table, which has no keys`;
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) return `${twice} is in the key twice`;
  const name = word(definition, "conname");
  const usingIndex = word(definition, "indexname");
  if (name !== undefined && name !== usingIndex) {
    const taken = takenBy(name, table.schema, scene);
    if (taken !== undefined && !table.constraints.has(name))
      return `there is ${taken} ${name} already`;
  }
  if (usingIndex !== undefined) {
    const index = scene.catalog.find(scene.catalog.indexes, usingIndex, table.schema);
    return index !== undefined && index.table !== table
      ? `${usingIndex} is an index of ${shown(index.table)}`
      : undefined;
  }
  const included = names(definition, "including").find(
    (one) => table.known && !table.columns.has(one),
  );
  if (included !== undefined) return `${shown(table)} has no column ${included}`;
  const method = word(definition, "access_method") ?? "btree";
  if (definition.contype === "CONSTR_EXCLUSION") return exclusion(table, definition, method, scene);
  for (const column of columns) {
    const type = newType ?? table.columns.get(column)?.type;
    const refused =
      type === undefined ? systemKey(column) : defaultClassMissing(type, method, scene);
    if (refused !== undefined) return refused;
  }
  return optionRefusal(children(definition, "options"), { kind: "index", method });
}

function systemKey(column: string): string | undefined {
  return /^(xmin|xmax|cmin|cmax|ctid)$/.test(column)
    ? `${column} is a column of the system`
    : undefined;
}

function exclusion(
  table: Table,
  definition: Tree,
  method: string,
  scene: Scene,
): string | undefined {
  const known = methods[method];
  if (known !== undefined && !known.excludes) return `${method} cannot exclude`;
  if (table.partitionBy !== undefined) {
    const keys = listOf(definition.exclusions).map(({ tree }) =>
      word(children(tree, "items")[0]?.tree, "name"),
    );
    const lacking = table.partitionBy.columns.find((key) => !keys.includes(key));
    if (lacking !== undefined)
      return `an exclusion of the partitioned table ${shown(table)} must include ${lacking}`;
  }
  for (const { tree } of listOf(definition.exclusions)) {
    const [element, operator] = children(tree, "items");
    const type = table.columns.get(word(element?.tree, "name") ?? "")?.type;
    const hasOwn = names(element?.tree, "opclass").length > 0;
    const refused =
      type === undefined || hasOwn ? undefined : defaultClassMissing(type, method, scene);
    if (refused !== undefined) return refused;
    const sign = names(operator?.tree, "items").at(-1) ?? "";
    if (/^(<|>|<=|>=)$/.test(sign)) return `${sign} is not the same both ways`;
  }
  return undefined;
}
