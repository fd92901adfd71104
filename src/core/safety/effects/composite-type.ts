/** ALTER TYPE … ATTRIBUTE: composite types, and the tables that are made OF one. */
import { children, part, type Tree, word } from "../../sql/tree.ts";
import { addColumn, dropColumn } from "./alter-column.ts";
import { changeColumnTypes } from "./alter-type.ts";
import { shown, type Table, type TypeName } from "./catalog.ts";
import type { Scene } from "./scene.ts";
import { typeNameOf } from "./types.ts";

/** CREATE TYPE … AS (…). */
export function createComposite(statement: Tree, { catalog }: Scene): undefined {
  const type = part(statement, "typevar");
  const key = `${catalog.schemaForNew(word(type, "schemaname"))}.${word(type, "relname")}`;
  const attributes = children(statement, "coldeflist").map(({ tree }) => ({
    ...typeNameOf(part(tree, "typeName")),
    attribute: word(tree, "colname") ?? "",
  }));
  catalog.composites.set(key, attributes);
}

/** Changes attributes of a type. They are also the columns of its typed tables. */
export function alterComposite(statement: Tree, scene: Scene): undefined {
  const name = keyOf(part(statement, "relation"), scene);
  for (const { tree } of children(statement, "cmds")) alterAttribute(name, tree, scene);
}

function keyOf(relation: Tree | undefined, { catalog }: Scene): string {
  const [name, schema] = [word(relation, "relname") ?? "", word(relation, "schemaname")];
  return catalog.keyIn(catalog.composites, name, schema);
}

/** The name as a reader writes it. */
function shownKey(key: string): string {
  const [schema = "", name = ""] = key.split(".");
  return shown({ schema, name });
}

function alterAttribute(name: string, command: Tree, scene: Scene): undefined {
  const subtype = word(command, "subtype") ?? "";
  const typed = tablesOfType(name, scene);
  if (subtype === "AT_AlterColumnType") {
    const user = usersOf(name, scene)[0];
    if (user !== undefined)
      return scene.emit({ kind: "fails", why: `${user} is of the type ${shownKey(name)}` });
  }
  const [first] = typed;
  if (first !== undefined && command.behavior !== "DROP_CASCADE")
    return scene.emit({ kind: "fails", why: refusal(first, name) });
  const alone = { ...command, behavior: "DROP_RESTRICT" };
  for (const table of typed) {
    scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
    if (subtype === "AT_AlterColumnType") changeColumnTypes(table, [alone], scene);
    if (subtype === "AT_AddColumn") addColumn(table, alone, { commands: [], later: [], scene });
    if (subtype === "AT_DropColumn") dropColumn(table, alone, scene);
  }
}

/** RENAME ATTRIBUTE. */
export function renameAttribute(statement: Tree, scene: Scene): readonly Table[] {
  const name = keyOf(part(statement, "relation"), scene);
  const typed = tablesOfType(name, scene);
  const [first] = typed;
  if (first === undefined || statement.behavior === "DROP_CASCADE") return typed;
  scene.emit({ kind: "fails", why: refusal(first, name) });
  return [];
}

function refusal(table: Table, name: string): string {
  return `the table ${shown(table)} is OF the type ${shownKey(name)}, which needs CASCADE`;
}

function tablesOfType(name: string, { catalog }: Scene): readonly Table[] {
  return [...catalog.tables.values()].filter((table) => table.ofType === shownKey(name));
}

/** The columns that hold a value of the type, given with its schema, also in an array or in another composite type. */
export function usersOf(name: string, { catalog }: Scene): readonly string[] {
  const family = new Set([name]);
  const holds = ({ name: type, schema }: TypeName) =>
    family.has(catalog.keyIn(catalog.composites, type, schema)) ||
    family.has(catalog.keyIn(catalog.domains, type, schema));
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const [other, attributes] of catalog.composites)
      if (attributes.some(holds)) family.add(other);
    for (const domain of catalog.domains.values())
      if (holds(domain.base)) family.add(`${domain.schema}.${domain.name}`);
  }
  return [...catalog.tables.values()]
    .filter(({ kind }) => kind === "table")
    .flatMap((table) =>
      [...table.columns.values()]
        .filter(({ type }) => holds(type))
        .map((column) => `the column ${column.name} of ${shown(table)}`),
    );
}
