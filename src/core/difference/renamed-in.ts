/** Renames something inside a catalog of PostgreSQL, as the server would. */
import type { SchemaCatalog, SchemaObject, TableColumn } from "../catalog/catalog.ts";
import type { Named } from "../model/named.ts";
import { asServerQuotes } from "./server-quotes.ts";

/** A table, or a column of one, and its new name. */
export type Renamed = { readonly table: Named; readonly column?: string; readonly to: string };

export function pathOf({ prefix, name }: Named): string {
  return `${prefix}.${name}`;
}

/** The catalog as the server has it after the rename. */
export function renamedIn(catalog: SchemaCatalog, rename: Renamed): SchemaCatalog {
  const change =
    rename.column === undefined
      ? (object: SchemaObject) => withTable(object, rename, "") as SchemaObject
      : (object: SchemaObject) => withColumn(object, rename);
  return { ...catalog, objects: catalog.objects.map(change) };
}

/**
 * Ids have names as they are, and SQL has them as the server quotes them. A comment stays
 * unchanged.
 */
function withTable(value: unknown, rename: Renamed, key: string): unknown {
  const { table, to } = rename;
  const fresh = { ...table, name: to };
  if (typeof value === "string") {
    if (key === "comment") return value;
    return key === "id" || key === "needs"
      ? value.replace(endOf(pathOf(table)), () => pathOf(fresh))
      : value.replace(wordOf(sqlPath(table)), () => sqlPath(fresh));
  }
  if (Array.isArray(value)) return value.map((one) => withTable(one, rename, key));
  if (typeof value !== "object" || value === null) return value;
  if (isNamed(value) && pathOf(value) === pathOf(table)) return { ...value, name: to };
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, withTable(one, rename, name)]),
  );
}

function isNamed(value: unknown): value is Named {
  return typeof value === "object" && value !== null && "name" in value && "prefix" in value;
}

function sqlPath({ prefix = "public", name }: Named): string {
  return `${asServerQuotes(prefix)}.${asServerQuotes(name)}`;
}

/** An id ends with the table that it is of. */
function endOf(text: string): RegExp {
  return new RegExp(`(?<= )${escaped(text)}$`);
}

function wordOf(text: string): RegExp {
  return new RegExp(`(?<![\\w$"])${escaped(text)}(?![\\w$])`, "g");
}

function withColumn(object: SchemaObject, { table, column = "", to }: Renamed): SchemaObject {
  const written = asServerQuotes(column);
  const word = new RegExp(`(?<![\\w$'"])${escaped(written)}(?![\\w$'])`, "g");
  const said = (text: string) => text.replace(word, () => asServerQuotes(to));
  if (object.kind === "table" && pathOf(object.named) === pathOf(table)) {
    const columns = object.columns.map(
      (one): TableColumn => ({
        ...one,
        name: one.name === column ? to : one.name,
        ...(one.generated === undefined
          ? {}
          : { generated: { ...one.generated, expression: said(one.generated.expression) } }),
      }),
    );
    return { ...object, columns };
  }
  if (object.kind === "sequence" && object.ownedBy?.column === column)
    return pathOf(object.ownedBy.table) === pathOf(table)
      ? { ...object, ownedBy: { ...object.ownedBy, column: to } }
      : object;
  if (object.kind !== "index" && object.kind !== "constraint") return object;
  const isOn = pathOf(object.table) === pathOf(table);
  if (object.kind === "constraint" && object.of === "foreign key") {
    const [own = "", others = ""] = object.definition.split(/(?= REFERENCES )/);
    const isTo = others.startsWith(` REFERENCES ${sqlPath(table)}(`);
    return { ...object, definition: `${isOn ? said(own) : own}${isTo ? said(others) : others}` };
  }
  if (!isOn) return object;
  // The name of an index stands in its definition and stays.
  const name = String.raw`(?:"(?:[^"]|"")*"|[^\s"])+`;
  const [, head = "", rest = object.definition] =
    new RegExp(`^(CREATE .*?INDEX ${name} ON (?:ONLY )?${name} )([\\s\\S]*)$`).exec(
      object.definition,
    ) ?? [];
  return { ...object, definition: `${head}${said(rest)}` };
}

function escaped(text: string): string {
  return text.replace(/[^\w]/g, "\\$&");
}
