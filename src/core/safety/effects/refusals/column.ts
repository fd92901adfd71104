/** Why a change of one column is refused: it is inherited, of a type, of the system, or has not what the change is about. */
import { child, columnsIn, part, type Tree, word } from "../../../sql/tree.ts";
import { shown, type Table, type TypeName } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { baseType } from "../types.ts";
import { expressionRefusal, textOf, valueRefusal } from "./expression.ts";
import { defaultClassMissing } from "./index-methods.ts";
import { hasBelow, isInherited } from "./inherited.ts";
import { writtenValue } from "./options.ts";
import { collationRefusal, storageRefusal, typeOf, typeRefusal } from "./type.ts";

const system: ReadonlySet<string> = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"]);

/** Whether every table has a column of the name. */
export function isSystemColumn(name: string): boolean {
  return system.has(name);
}

type Around = {
  readonly isOnly: boolean;
  readonly commands: readonly Tree[];
  readonly scene: Scene;
};

export function alterColumnRefusal(
  table: Table,
  command: Tree,
  around: Around,
): string | undefined {
  const subtype = word(command, "subtype") ?? "";
  const name = word(command, "name") ?? "";
  const { isOnly, scene } = around;
  const isOfColumn =
    /^AT_(ColumnDefault|AlterColumnType|SetNotNull|DropNotNull|DropColumn|SetExpression|DropExpression|AddIdentity|SetIdentity|DropIdentity|SetStatistics|SetOptions|ResetOptions|SetStorage|SetCompression|AlterColumnGenericOptions)$/.test(
      subtype,
    );
  if (!isOfColumn) return undefined;
  if (system.has(name)) return `${name} is a column of the system`;
  const column = table.columns.get(name);
  if (table.known && column === undefined)
    return /^AT_(Set(Statistics|Options|Storage|Compression)|ResetOptions|AlterColumnGenericOptions)$/.test(
      subtype,
    )
      ? `${shown(table)} has no column ${name}`
      : undefined;
  switch (subtype) {
    case "AT_DropColumn":
      if (table.ofType !== undefined) return typed(table);
      if (ofParent(table, name)) return `${name} of ${shown(table)} is inherited`;
      return isOnly && table.partitionBy !== undefined && hasBelow(table, scene)
        ? `${name} cannot go from ${shown(table)} and stay in its partitions`
        : undefined;
    case "AT_AlterColumnType":
      return changeOfType(table, name, command, around);
    case "AT_ColumnDefault":
      return newDefault(table, name, command, scene);
    case "AT_SetNotNull":
      return isOnly &&
        column?.notNull === false &&
        hasBelow(table, scene) &&
        table.partitionBy !== undefined
        ? `${shown(table)} has tables below it, which must be NOT NULL too`
        : undefined;
    case "AT_DropNotNull":
      return dropNotNull(table, name, { isOnly, scene });
    case "AT_SetExpression":
      return generatedRefusal(table, child(command, "def"), scene);
    case "AT_AddIdentity":
      if (table.parent !== undefined && scene.server.major >= 17)
        return `${shown(table)} is a partition: its identity is that of ${shown(table.parent)}`;
      return identityOptions(command);
    case "AT_SetIdentity":
      return identityOptions(command);
    case "AT_SetStatistics": {
      const target = Number(writtenValue(command.def) ?? -1);
      return target < -1 ? `${target} is no target for statistics` : undefined;
    }
    case "AT_SetOptions":
      return columnOptions(command);
    case "AT_SetStorage":
      return storageRefusal(column?.type, { storage: writtenValue(command.def) }, scene);
    case "AT_SetCompression":
      return storageRefusal(column?.type, { compression: writtenValue(command.def) }, scene);
    default:
      return undefined;
  }
}

function ofParent(table: Table, name: string): boolean {
  return isInherited(table, (parent) => parent.columns.has(name));
}

function typed(table: Table): string {
  return `${shown(table)} is a table OF the type ${table.ofType}, which says its columns`;
}

function changeOfType(
  table: Table,
  name: string,
  command: Tree,
  { isOnly, commands, scene }: Around,
): string | undefined {
  const definition = part(part(command, "def"), "ColumnDef");
  const column = table.columns.get(name);
  if (table.ofType !== undefined) return typed(table);
  if (ofParent(table, name)) return `${name} of ${shown(table)} is inherited`;
  if (isOnly && hasBelow(table, scene))
    return `${shown(table)} has tables below it, whose ${name} must change too`;
  const again = commands.filter(
    (one) => one.subtype === "AT_AlterColumnType" && word(one, "name") === name,
  );
  if (again.length > 1) return `the type of ${name} is changed twice`;
  const using = child(definition, "raw_default");
  if (using !== undefined && column?.default?.by === "generated")
    return `${name} of ${shown(table)} is a generated column, which takes no USING`;
  const unknown = [...columnsIn(using)].find(
    (one) => table.known && !table.columns.has(one) && !system.has(one) && one !== table.name,
  );
  if (unknown !== undefined) return `${shown(table)} has no column ${unknown}`;
  const missing = typeRefusal(part(definition, "typeName"), scene);
  if (missing !== undefined) return missing;
  const unindexed = classMissing(table, name, typeOf(definition), scene);
  if (unindexed !== undefined) return unindexed;
  return part(definition, "collClause") === undefined
    ? undefined
    : collationRefusal(typeOf(definition), scene);
}

/** An index of the column that the new type does not allow. One that names its operator class goes by that. */
function classMissing(table: Table, name: string, to: TypeName, scene: Scene): string | undefined {
  const from = table.columns.get(name)?.type;
  if (from === undefined) return undefined;
  for (const { keys, method } of scene.catalog.indexesOf(table)) {
    if (!keys.includes(name) || defaultClassMissing(from, method, scene) !== undefined) continue;
    const why = defaultClassMissing(to, method, scene);
    if (why !== undefined) return why;
  }
  return undefined;
}

function newDefault(table: Table, name: string, command: Tree, scene: Scene): string | undefined {
  const value = child(command, "def");
  const column = table.columns.get(name);
  if (value === undefined) return undefined;
  return (
    expressionRefusal(value, "default", { table, scene }) ??
    (column === undefined ? undefined : valueRefusal(textOf(value), column.type, scene))
  );
}

function dropNotNull(
  table: Table,
  name: string,
  { isOnly, scene }: { readonly isOnly: boolean; readonly scene: Scene },
): string | undefined {
  if (isOnly && scene.server.major < 18 && table.partitions.size > 0)
    return `${name} may not be NULL in the partitions of ${shown(table)}`;
  const isNeeded =
    scene.server.major >= 18
      ? isInherited(table, (parent) => parent.columns.get(name)?.notNull === true)
      : table.parent?.columns.get(name)?.notNull === true;
  if (isNeeded) return `${name} is NOT NULL in a table above ${shown(table)}`;
  return undefined;
}

/** The expression of a generated column reads columns of its row that are there, and none that is generated. */
export function generatedRefusal(
  table: Table,
  expression: unknown,
  scene: Scene,
  own?: string,
): string | undefined {
  for (const name of columnsIn(expression)) {
    if (name === own || table.columns.get(name)?.default?.by === "generated")
      return `${name} is a generated column, which another one cannot read`;
    if (table.known && !table.columns.has(name) && !system.has(name) && name !== table.name)
      return `${shown(table)} has no column ${name}`;
    if (system.has(name) && name !== "tableoid") return `${name} is a column of the system`;
  }
  return expressionRefusal(expression, "generated", { table, scene });
}

/** Options of an identity's sequence. */
function identityOptions(command: Tree): string | undefined {
  const definition = part(command, "def");
  const list = (definition?.List ?? part(definition, "Constraint") ?? {}) as Tree;
  const options = (list.items ?? list.options ?? []) as readonly { readonly DefElem?: Tree }[];
  const increment = options.find(({ DefElem }) => DefElem?.defname === "increment")?.DefElem;
  return increment !== undefined && Number(writtenValue(increment.arg)) === 0
    ? "INCREMENT must not be 0"
    : undefined;
}

function columnOptions(command: Tree): string | undefined {
  const list = ((part(command, "def")?.List as Tree | undefined)?.items ?? []) as readonly {
    readonly DefElem?: Tree;
  }[];
  for (const { DefElem: option } of list) {
    const name = word(option, "defname") ?? "";
    if (!/^n_distinct(_inherited)?$/.test(name)) return `there is no option ${name} of a column`;
    if (Number(writtenValue(option?.arg)) < -1)
      return `${writtenValue(option?.arg)} is no value of ${name}`;
  }
  return undefined;
}

/** Whether the type is one that counts. */
export function isInteger(type: Parameters<typeof baseType>[0], { catalog }: Scene): boolean {
  return !type.isArray && /^int[248]$/.test(baseType(type, catalog).name);
}
