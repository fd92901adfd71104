/** The schema of an SQLite database, which keeps the text of each of its objects. */
import type { SchemaCatalog, WrittenObject } from "../../core/catalog/catalog.ts";
import type { CatalogAccess, CatalogQuery } from "../../core/catalog/catalog-access.ts";
import { compareIds } from "../../core/catalog/order.ts";

/** A trigger has the name of its table as it was written there. https://www.sqlite.org/schematab.html and https://www.sqlite.org/pragma.html#pragma_table_list */
const objectsSql = `SELECT s.type, s.name, coalesce(t.name, s.tbl_name) AS tbl_name, s.sql FROM sqlite_schema s
  LEFT JOIN sqlite_schema t ON s.type = 'trigger' AND t.type IN ('table', 'view') AND t.name = s.tbl_name COLLATE NOCASE
  WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND s.tbl_name NOT IN (
    SELECT l.name FROM pragma_table_list l WHERE l.schema = 'main' AND l.type = 'shadow')`;

async function read(query: CatalogQuery): Promise<SchemaCatalog> {
  const rows = await query(objectsSql);
  const objects = rows.map(({ type, name, tbl_name: table, sql }): WrittenObject => {
    const of = String(type) as WrittenObject["of"];
    const isPart = of === "index" || of === "trigger";
    return {
      kind: "written",
      of,
      id: `${of} ${name}`,
      table: { name: String(table) },
      definition: String(sql),
      needs: isPart ? [`table ${table}`] : [],
    };
  });
  return { objects: objects.sort((a, b) => compareIds(a.id, b.id)), leftOut: [] };
}

/** Views are not looked into when they are made, and triggers neither. */
const ranks = ["table", "index", "view", "trigger"];

export const sqliteCatalogAccess: CatalogAccess = {
  read,
  // It is one query on a file.
  facts: read,
  settings: [],
  write: ({ objects, leftOut }) => {
    const written = objects.filter((object) => object.kind === "written");
    const sorted = written.sort(
      (a, b) => ranks.indexOf(a.of) - ranks.indexOf(b.of) || compareIds(a.id, b.id),
    );
    return { statements: sorted.map(({ definition }) => definition), leftOut };
  },
};

/** The parts of it that a built release has. */
export const sqliteReader: Pick<CatalogAccess, "facts"> = { facts: read };
