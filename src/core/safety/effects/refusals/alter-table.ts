/** Why the server refuses ALTER TABLE and its like, whatever the rows: by the relation first, then by each subcommand. */
import { children, flag, part, type Tree, word } from "../../../sql/tree.ts";
import type { Table } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { addedColumnRefusal } from "./added-column.ts";
import { addedConstraintRefusal } from "./added-constraint.ts";
import { attachRefusal, detachRefusal } from "./attach.ts";
import { alterColumnRefusal } from "./column.ts";
import { isInherited } from "./inherited.ts";
import { optionRefusal } from "./options.ts";
import {
  isSchemaMissing,
  mayHaveConstraint,
  type NamedRelation,
  relationNamed,
  tellsAll,
} from "./relation.ts";
import { allows, article, wrongKind } from "./relation-kinds.ts";
import { indexOfTable } from "./taken-index.ts";
import { typeRefusal } from "./type.ts";

export function alterTableRefusal(statement: Tree, scene: Scene): string | undefined {
  const relation = part(statement, "relation");
  const schema = word(relation, "schemaname");
  const found = relationNamed(relation, scene);
  const isGuarded = flag(statement, "missing_ok");
  if (!isGuarded && isSchemaMissing(schema, scene)) return `there is no schema ${schema}`;
  if (found === "missing")
    return isGuarded ? undefined : `there is no relation ${word(relation, "relname")}`;
  if (found === undefined) return undefined;
  const objtype = word(statement, "objtype") ?? "";
  const wrong = wrongKind(objtype, found.kind, found.name);
  if (wrong !== undefined) return wrong;
  const isOnly = relation?.inh !== true;
  const commands = children(statement, "cmds").map(({ tree }) => tree);
  for (const command of commands) {
    if (isOpen(command, commands)) continue;
    const why = commandRefusal(found, command, { isOnly, commands, scene });
    if (why !== undefined) return why;
  }
  return undefined;
}

/** Whether it is about a column or a constraint that another subcommand makes, changes or takes away before. */
function isOpen(command: Tree, commands: readonly Tree[]): boolean {
  const text = JSON.stringify(command);
  return commands.some((other) => {
    if (
      other === command ||
      !/^AT_(Add|Drop|AlterColumnType|SetExpression)/.test(String(other.subtype))
    )
      return false;
    const definition = part(other, "def");
    const name =
      word(other, "name") ??
      word(part(definition, "ColumnDef"), "colname") ??
      word(part(definition, "Constraint"), "conname");
    const isTwice = command.subtype === "AT_AlterColumnType" && other.subtype === command.subtype;
    return name !== undefined && !isTwice && text.includes(JSON.stringify(name));
  });
}

type Around = {
  /** ALTER TABLE ONLY. */
  readonly isOnly: boolean;
  readonly commands: readonly Tree[];
  readonly scene: Scene;
};

function commandRefusal(found: NamedRelation, command: Tree, around: Around): string | undefined {
  const subtype = word(command, "subtype") ?? "";
  const { kind, name, table } = found;
  const { scene, isOnly } = around;
  // Whether a table that nobody has shown is partitioned is not known, and so not what its index is.
  if (subtype === "AT_AttachPartition" && found.index?.table.known === false) return undefined;
  if (!allows(kind, subtype)) return `${name} is ${article(kind)}, which does not allow it`;
  const definition = part(command, "def");
  const inner = (Object.values(definition ?? {})[0] ?? {}) as Tree;
  if (subtype === "AT_SetRelOptions") return relOptions(found, command);
  if (subtype === "AT_SetTableSpace" && word(command, "name") === "pg_global")
    return "only what all databases share can be in pg_global";
  if (subtype === "AT_AttachPartition" && found.index !== undefined)
    return attachedIndex(found, inner, scene);
  if (subtype === "AT_SetStatistics" && (found.index !== undefined || count(command) !== undefined))
    return indexStatistics(found, command);
  if (table === undefined) return undefined;
  switch (subtype) {
    case "AT_AddColumn":
      return addedColumnRefusal(table, command, { ...around, scene });
    case "AT_AddConstraint":
      return addedConstraintRefusal(table, inner, { isOnly, scene });
    case "AT_ValidateConstraint":
    case "AT_AlterConstraint":
    case "AT_DropConstraint":
      return ofConstraint(table, subtype, { command, inner }, around);
    case "AT_EnableTrig":
    case "AT_DisableTrig":
    case "AT_EnableAlwaysTrig":
    case "AT_EnableReplicaTrig":
      return named(table, word(command, "name"), { what: "trigger", known: table.triggers, scene });
    case "AT_EnableRule":
    case "AT_DisableRule":
    case "AT_EnableAlwaysRule":
    case "AT_EnableReplicaRule":
      return named(table, word(command, "name"), { what: "rule", known: table.rules, scene });
    case "AT_ClusterOn":
    case "AT_DropCluster":
      return clusterOn(table, command, scene);
    case "AT_SetAccessMethod":
      return /^(btree|hash|gin|gist|spgist|brin)$/.test(word(command, "name") ?? "")
        ? `${word(command, "name")} is an access method of indexes`
        : undefined;
    case "AT_AddInherit":
      return inherits(table, inner, scene);
    case "AT_DropInherit":
      return disinherits(table, inner, scene);
    case "AT_AddOf":
      return becomesTyped(table, inner, scene);
    case "AT_DropOf":
      return table.ofType === undefined && table.known
        ? `${name} is no table OF a type`
        : undefined;
    case "AT_ReplicaIdentity":
      return word(inner, "identity_type") === "i"
        ? indexOfTable(table, word(inner, "name") ?? "", { for: "replica identity" }, scene)
        : undefined;
    case "AT_AttachPartition":
      return attachRefusal(table, inner, scene);
    case "AT_DetachPartition":
    case "AT_DetachPartitionFinalize":
      return detachRefusal(table, inner, scene);
    default:
      return alterColumnRefusal(table, command, around);
  }
}

/** A column by its number. */
function count(command: Tree): number | undefined {
  return typeof command.num === "number" ? command.num : undefined;
}

function relOptions(
  { kind, name, table, index }: NamedRelation,
  command: Tree,
): string | undefined {
  if (kind === "partitioned table") return `${name} is partitioned, and has no storage itself`;
  const list = (part(command, "def")?.List ?? {}) as Tree;
  const method = index?.method;
  if (table !== undefined && table.accessMethod !== "heap") return undefined;
  return optionRefusal(children(list, "items"), { kind, method });
}

function indexStatistics({ index, name }: NamedRelation, command: Tree): string | undefined {
  const at = count(command);
  if (index === undefined) return "only the columns of an index go by a number";
  if (at === undefined) return undefined;
  if (at > index.columnCount) return `${name} has no column ${at}`;
  const key = index.keys[at - 1];
  return key !== undefined && key !== ""
    ? `column ${at} of ${name} is no expression, and has the statistics of its table`
    : undefined;
}

function attachedIndex(
  { index, name }: NamedRelation,
  command: Tree,
  scene: Scene,
): string | undefined {
  const relation = part(command, "name");
  const child = relationNamed(relation, scene);
  if (child === "missing") return `there is no index ${word(relation, "relname")}`;
  if (child?.index === undefined || index === undefined) return undefined;
  return child.index.table.known && child.index.table.parent !== index.table
    ? `${child.name} is no index of a partition that ${name} is about`
    : undefined;
}

function ofConstraint(
  table: Table,
  subtype: string,
  { command, inner }: { readonly command: Tree; readonly inner: Tree },
  { scene }: Around,
): string | undefined {
  const name =
    word(subtype === "AT_AlterConstraint" ? inner : command, "name") ??
    word(inner, "conname") ??
    "";
  const constraint = table.constraints.get(name);
  if (subtype === "AT_DropConstraint" && isOfParent(table, name))
    return `${name} of ${table.name} is inherited`;
  if (constraint === undefined) {
    if (subtype === "AT_DropConstraint" || !table.known || !tellsAll(scene.catalog))
      return undefined;
    return mayHaveConstraint(table, name, scene)
      ? undefined
      : `${table.name} has no constraint ${name}`;
  }
  if (subtype === "AT_ValidateConstraint")
    return /^(unique|primary key|exclude)$/.test(constraint.kind)
      ? `${name} is a ${constraint.kind}, which is always valid`
      : undefined;
  if (subtype === "AT_AlterConstraint")
    return flag(inner, "alterInheritability") && constraint.kind !== "not null"
      ? `${name} is no NOT NULL constraint`
      : undefined;
  const isFromParent =
    constraint.kind === "check" && isInherited(table, (parent) => parent.constraints.has(name));
  return isFromParent ? `${name} of ${table.name} is inherited` : undefined;
}

/** Whether it is what a partition has for a key of the table above it, by the name that the server gives. */
function isOfParent({ parent, name: own, constraints }: Table, name: string): boolean {
  return [...(parent?.constraints.values() ?? [])].some(({ kind, columns, name: above }) => {
    if (kind === "foreign key") return name === above && constraints.has(name);
    if (kind === "primary key") return name === `${own}_pkey`;
    return kind === "unique" && name === `${own}_${columns.join("_")}_key`;
  });
}

function named(
  table: Table,
  name: string | undefined,
  {
    what,
    known,
    scene,
  }: {
    readonly what: string;
    readonly known: { has(name: string): boolean };
    readonly scene: Scene;
  },
): string | undefined {
  if (name === undefined || known.has(name) || !table.known || !tellsAll(scene.catalog))
    return undefined;
  // The server adds triggers for foreign keys, and for a partition those of its table.
  return name.startsWith("RI_ConstraintTrigger") || table.parent !== undefined
    ? undefined
    : `${table.name} has no ${what} ${name}`;
}

function clusterOn(table: Table, command: Tree, scene: Scene): string | undefined {
  if (table.partitionBy !== undefined)
    return `${table.name} is partitioned, and has no rows to order`;
  const name = word(command, "name");
  return name === undefined ? undefined : indexOfTable(table, name, { for: "cluster" }, scene);
}

function inherits(table: Table, relation: Tree, scene: Scene): string | undefined {
  const parent = relationNamed(relation, scene);
  if (parent === "missing") return `there is no relation ${word(relation, "relname")}`;
  if (table.parent !== undefined || table.partitionBy !== undefined)
    return `${table.name} is ${table.parent === undefined ? "partitioned" : "a partition"}, and inherits from nothing else`;
  if (table.ofType !== undefined) return `${table.name} is a table OF a type`;
  if (parent === undefined) return undefined;
  if (!/^(table|partitioned table|foreign table)$/.test(parent.kind))
    return `${parent.name} is ${article(parent.kind)}`;
  if (parent.table === undefined) return undefined;
  if (parent.table === table || isBelow(table, parent.table))
    return `${parent.name} inherits from ${table.name}`;
  return table.inherits.includes(parent.table)
    ? `${table.name} inherits from ${parent.name} already`
    : undefined;
}

/** Whether one table inherits from the other, at any depth. */
function isBelow(parent: Table, child: Table): boolean {
  return child.inherits.some((one) => one === parent || isBelow(parent, one));
}

function disinherits(table: Table, relation: Tree, scene: Scene): string | undefined {
  const parent = relationNamed(relation, scene);
  if (parent === "missing") return `there is no relation ${word(relation, "relname")}`;
  if (table.parent !== undefined) return `${table.name} is a partition: detach it`;
  if (parent?.table === undefined || !table.known) return undefined;
  return table.inherits.includes(parent.table)
    ? undefined
    : `${table.name} does not inherit from ${parent.name}`;
}

function becomesTyped(table: Table, definition: Tree, scene: Scene): string | undefined {
  const refused = typeRefusal(definition, scene);
  if (refused !== undefined) return refused;
  if (table.inherits.length > 0) return `${table.name} inherits, and a table OF a type does not`;
  const [name = "", schema] = pathOf(definition);
  const attributes = scene.catalog.find(scene.catalog.composites, name, schema);
  if (attributes === undefined)
    return scene.catalog.find(scene.catalog.enums, name, schema) ? `${name} is an enum` : undefined;
  if (!table.known) return undefined;
  const wanted = attributes.map(({ attribute }) => attribute);
  const own = [...table.columns.keys()];
  return wanted.join() === own.join()
    ? undefined
    : `${table.name} has not the columns of ${name}: ${wanted.join(", ")}`;
}

function pathOf(definition: Tree): readonly string[] {
  const list = Array.isArray(definition.names) ? definition.names : [];
  return list.map((one) => String((one as { String?: { sval?: string } }).String?.sval)).reverse();
}
