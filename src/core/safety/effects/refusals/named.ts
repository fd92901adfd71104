/** Why the server refuses RENAME, SET SCHEMA and statements about types and domains: names are missing, or taken. */
import {
  children,
  flag,
  listOf,
  names,
  part,
  stringsOf,
  type Tree,
  type TreeNode,
  word,
} from "../../../sql/tree.ts";
import { isBuiltIn } from "../built-in-types.ts";
import { shown, type Table } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { isSystemColumn } from "./column.ts";
import { domainCheckRefusal, valueRefusalOfDefault } from "./domain.ts";
import { hasBelow, isInherited } from "./inherited.ts";
import {
  isSchemaMissing,
  mayHaveConstraint,
  relationNamed,
  takenBy,
  tellsAll,
} from "./relation.ts";
import { article, wrongKind } from "./relation-kinds.ts";
import { isTypeMissing } from "./type.ts";

const relations = /^OBJECT_(TABLE|VIEW|MATVIEW|FOREIGN_TABLE|INDEX|SEQUENCE)$/;
const types = /^OBJECT_(TYPE|DOMAIN)$/;

export function renameRefusal(statement: Tree, scene: Scene): string | undefined {
  const type = word(statement, "renameType") ?? "";
  const to = word(statement, "newname") ?? "";
  if (types.test(type)) return typeNamed(statement, type, scene) ?? typeTaken(statement, to, scene);
  if (type === "OBJECT_DOMCONSTRAINT") return domainConstraint(statement, scene);
  const relation = part(statement, "relation");
  if (relation === undefined) return undefined;
  const found = relationNamed(relation, scene);
  if (found === "missing")
    return flag(statement, "missing_ok")
      ? undefined
      : `there is no relation ${word(relation, "relname")}`;
  if (found === undefined) return undefined;
  const from = word(statement, "subname") ?? "";
  if (type === "OBJECT_ATTRIBUTE") return attribute(relation, { from, to }, scene);
  const { table } = found;
  const schema = table?.schema ?? found.index?.schema;
  if (type === "OBJECT_COLUMN" && table !== undefined)
    return column(table, { from, to, isOnly: relation.inh !== true }, scene);
  if (type === "OBJECT_TABCONSTRAINT" && table !== undefined)
    return constraint(table, { from, to }, scene);
  if (!relations.test(type) || schema === undefined) return undefined;
  // ALTER INDEX and ALTER TABLE rename what the other is for.
  const wrong = /^OBJECT_(TABLE|INDEX)$/.test(type)
    ? undefined
    : wrongKind(type, found.kind, found.name);
  return wrong ?? nameTaken(to, schema, { isIndex: found.index !== undefined, scene });
}

function nameTaken(
  to: string,
  schema: string,
  { isIndex, scene }: { readonly isIndex: boolean; readonly scene: Scene },
): string | undefined {
  const taken = takenBy(to, schema, scene);
  if (taken !== undefined) return `there is ${taken} ${to} already`;
  const { catalog } = scene;
  // A table brings a type of its name, with its schema; an index does not.
  const isType = catalog.enums.has(`${schema}.${to}`) || catalog.domains.has(`${schema}.${to}`);
  return isType && !isIndex ? `there is a type ${to} already` : undefined;
}

function column(
  table: Table,
  { from, to, isOnly }: { readonly from: string; readonly to: string; readonly isOnly: boolean },
  scene: Scene,
): string | undefined {
  if (isSystemColumn(to)) return `${to} is the name of a column of the system`;
  if (isSystemColumn(from)) return `${from} is a column of the system`;
  if (table.ofType !== undefined)
    return `${shown(table)} is a table OF the type ${table.ofType}, which says its columns`;
  if (isInherited(table, (parent) => parent.columns.has(from)))
    return `${from} of ${shown(table)} is inherited`;
  return isOnly && table.columns.has(from) && hasBelow(table, scene)
    ? `${shown(table)} has tables below it, whose ${from} must be renamed too`
    : undefined;
}

function constraint(
  table: Table,
  { from, to }: { readonly from: string; readonly to: string },
  scene: Scene,
): string | undefined {
  if (table.kind === "view" || table.kind === "materialized view")
    return `${shown(table)} has no constraints`;
  const own = table.constraints.get(from);
  if (own === undefined) {
    return table.known && tellsAll(scene.catalog) && !mayHaveConstraint(table, from, scene)
      ? `${shown(table)} has no constraint ${from}`
      : undefined;
  }
  if (table.constraints.has(to)) return `${shown(table)} has a constraint ${to} already`;
  if (isInherited(table, (parent) => parent.constraints.has(from) && own.kind === "check"))
    return `${from} of ${shown(table)} is inherited`;
  const hasIndex = /^(unique|primary key|exclude)$/.test(own.kind);
  const taken = hasIndex ? takenBy(to, table.schema, scene) : undefined;
  return taken === undefined ? undefined : `there is ${taken} ${to} already`;
}

function attribute(
  relation: Tree,
  { from, to }: { readonly from: string; readonly to: string },
  { catalog }: Scene,
): string | undefined {
  const type = word(relation, "relname") ?? "";
  const attributes = catalog.find(catalog.composites, type, word(relation, "schemaname"));
  if (attributes === undefined) return undefined;
  if (!attributes.some((one) => one.attribute === from)) return `${type} has no attribute ${from}`;
  return attributes.some((one) => one.attribute === to)
    ? `${type} has an attribute ${to} already`
    : undefined;
}

export function setSchemaRefusal(statement: Tree, scene: Scene): string | undefined {
  const type = word(statement, "objectType") ?? "";
  const to = word(statement, "newschema");
  if (types.test(type)) {
    const missing = typeNamed(statement, type, scene);
    if (missing !== undefined) return missing;
  } else if (relations.test(type)) {
    const relation = part(statement, "relation");
    const found = relationNamed(relation, scene);
    if (found === "missing")
      return flag(statement, "missing_ok")
        ? undefined
        : `there is no relation ${word(relation, "relname")}`;
    const wrong = found === undefined ? undefined : wrongKind(type, found.kind, found.name);
    if (wrong !== undefined) return wrong;
    if (found?.table?.parent === undefined && found?.index !== undefined)
      return `${found.name} is ${article(found.kind)}: it moves with its table`;
  } else return undefined;
  return isSchemaMissing(to, scene) ? `there is no schema ${to}` : undefined;
}

/** ALTER … OWNER TO. Who owns it next the schema does not tell. */
export function ownerRefusal(statement: Tree, scene: Scene): string | undefined {
  const type = word(statement, "objectType") ?? "";
  return types.test(type) ? typeNamed(statement, type, scene) : undefined;
}

/** A type or a domain that is not there, or the one for the other. */
function typeNamed(statement: Tree, objectType: string, scene: Scene): string | undefined {
  const [name = "", schema] = [...stringsOf(statement.object)].reverse();
  return typeRefusalByName({ name, schema }, { isDomain: objectType === "OBJECT_DOMAIN", scene });
}

function typeRefusalByName(
  { name, schema }: { readonly name: string; readonly schema: string | undefined },
  { isDomain, scene }: { readonly isDomain: boolean; readonly scene: Scene },
): string | undefined {
  const { catalog } = scene;
  if (isDomain && catalog.find(catalog.domains, name, schema) === undefined) {
    if (catalog.find(catalog.enums, name, schema) !== undefined)
      return `${name} is an enum, and no domain`;
    return isTypeMissing({ name, schema }, scene) ? `there is no domain ${name}` : undefined;
  }
  const isKnown =
    catalog.find(catalog.enums, name, schema) ?? catalog.find(catalog.domains, name, schema);
  if (isKnown !== undefined) return undefined;
  const row = catalog.find(catalog.tables, name, schema);
  if (row !== undefined && row.heardOf !== true) return `${name} is the type of a table's rows`;
  return isTypeMissing({ name, schema }, scene) ? `there is no type ${name}` : undefined;
}

function typeTaken(statement: Tree, to: string, { catalog }: Scene): string | undefined {
  const [name = "", given] = [...stringsOf(statement.object)].reverse();
  const own =
    catalog.find(catalog.enums, name, given) ?? catalog.find(catalog.domains, name, given);
  const [place = "public"] = catalog.keyIn(catalog.composites, name, given).split(".");
  const schema = own?.schema ?? place;
  const key = `${schema}.${to}`;
  const isTaken =
    catalog.enums.has(key) ||
    catalog.domains.has(key) ||
    catalog.composites.has(key) ||
    (catalog.tables.has(key) && catalog.tables.get(key)?.heardOf !== true);
  return isTaken ? `there is a type ${to} already` : undefined;
}

/** ALTER TYPE … SET (…). */
export function alterTypeRefusal(statement: Tree, scene: Scene): string | undefined {
  const [name = "", schema] = [...names(statement, "typeName")].reverse();
  if (isBuiltIn(name)) return undefined;
  return typeRefusalByName({ name, schema }, { isDomain: false, scene });
}

export function alterEnumRefusal(statement: Tree, scene: Scene): string | undefined {
  const { catalog } = scene;
  const [name = "", schema] = [...names(statement, "typeName")].reverse();
  const own = catalog.find(catalog.enums, name, schema);
  if (own === undefined) {
    if (catalog.find(catalog.domains, name, schema) !== undefined)
      return `${name} is a domain, and no enum`;
    if (catalog.find(catalog.composites, name, schema) !== undefined)
      return `${name} is a composite type, and no enum`;
    return isTypeMissing({ name, schema }, scene) ? `there is no type ${name}` : undefined;
  }
  if (own.transaction === -1) return undefined;
  const beside = word(statement, "newValNeighbor");
  if (beside !== undefined && !own.values.has(beside)) return `${name} has no value ${beside}`;
  const isRename = word(statement, "oldVal") !== undefined;
  const value = word(statement, "newVal") ?? "";
  return isRename && own.values.has(value) ? `${name} has a value ${value} already` : undefined;
}

/** ALTER TYPE … ATTRIBUTE. */
export function compositeRefusal(statement: Tree, scene: Scene): string | undefined {
  const relation = part(statement, "relation");
  const name = word(relation, "relname") ?? "";
  const { catalog } = scene;
  const attributes = catalog.find(catalog.composites, name, word(relation, "schemaname"));
  if (attributes === undefined) {
    const found = relationNamed(relation, scene);
    if (found === "missing") return `there is no type ${name}`;
    return found === undefined ? undefined : wrongKind("OBJECT_TYPE", found.kind, name);
  }
  for (const { tree } of children(statement, "cmds")) {
    const subtype = word(tree, "subtype");
    const added = part(part(tree, "def"), "ColumnDef");
    const wanted = word(
      subtype === "AT_AddColumn" ? added : tree,
      subtype === "AT_AddColumn" ? "colname" : "name",
    );
    const has = attributes.some(({ attribute: one }) => one === wanted);
    if (subtype === "AT_AddColumn" && has) return `${name} has an attribute ${wanted} already`;
    if (subtype === "AT_AddColumn") {
      const missing = attributeType(added, scene);
      if (missing !== undefined) return missing;
    } else if (!has && !flag(tree, "missing_ok")) return `${name} has no attribute ${wanted}`;
  }
  return undefined;
}

function attributeType(definition: Tree | undefined, scene: Scene): string | undefined {
  const path = names(part(definition, "typeName"), "names");
  const [name = "", schema] = [...path].reverse();
  if (schema === "pg_catalog" || scene.catalog.extensions.size > 0) return undefined;
  return isBuiltIn(name) || !isTypeMissing({ name, schema }, scene)
    ? undefined
    : `there is no type ${name}`;
}

function domainConstraint(statement: Tree, scene: Scene): string | undefined {
  const [name = "", schema] = [...stringsOf(statement.object)].reverse();
  return domainCheckNamed({ name, schema }, word(statement, "subname") ?? "", scene);
}

function domainCheckNamed(
  { name, schema }: { readonly name: string; readonly schema: string | undefined },
  check: string,
  scene: Scene,
): string | undefined {
  const missing = typeRefusalByName({ name, schema }, { isDomain: true, scene });
  const domain = scene.catalog.find(scene.catalog.domains, name, schema);
  if (missing !== undefined || domain === undefined) return missing;
  const isNotNull = domain.notNull && /not_null$/.test(check);
  return domain.checks.has(check) || isNotNull || !tellsAll(scene.catalog)
    ? undefined
    : `${name} has no constraint ${check}`;
}

export function alterDomainRefusal(statement: Tree, scene: Scene): string | undefined {
  const [name = "", schema] = [...stringsOf(statement.typeName)].reverse();
  const missing = typeRefusalByName({ name, schema }, { isDomain: true, scene });
  if (missing !== undefined) return missing;
  const domain = scene.catalog.find(scene.catalog.domains, name, schema);
  if (domain === undefined) return undefined;
  const check = word(statement, "name") ?? "";
  switch (word(statement, "subtype")) {
    case "V":
      return domainCheckNamed({ name, schema }, check, scene);
    case "X":
      return flag(statement, "missing_ok")
        ? undefined
        : domainCheckNamed({ name, schema }, check, scene);
    case "C":
      return domainCheckRefusal(domain, part(part(statement, "def"), "Constraint") ?? {}, scene);
    case "T":
      return valueRefusalOfDefault(domain, nodeIn(statement.def), scene);
    default:
      return undefined;
  }
}

function nodeIn(value: unknown): TreeNode | undefined {
  return listOf([value])[0];
}
