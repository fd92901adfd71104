/** The schema of a MariaDB or MySQL database, as the server writes each of its objects. */
import type { SchemaCatalog, WrittenObject } from "../../core/catalog/catalog.ts";
import type { CatalogAccess, CatalogQuery } from "../../core/catalog/catalog-access.ts";
import { compareIds, inOrder } from "../../core/catalog/order.ts";
import type { Row } from "../adapter.ts";
import { hiddenKinds } from "./hidden-objects.ts";
import { literal } from "./literal.ts";
import { quote } from "./sql-text.ts";

type Of = WrittenObject["of"];

/**
 * Lists the objects by name and kind.
 * https://dev.mysql.com/doc/refman/8.4/en/information-schema.html
 */
const objectsSql = `
SELECT CASE table_type WHEN 'VIEW' THEN 'view' WHEN 'SEQUENCE' THEN 'sequence' ELSE 'table' END AS kind,
  table_name AS name, table_name AS part_of, DATABASE() AS own, 0 AS begins_when_made FROM information_schema.tables WHERE table_schema = DATABASE()
UNION ALL SELECT LOWER(routine_type), routine_name, routine_name, DATABASE(), 0 FROM information_schema.routines
  WHERE routine_schema = DATABASE() AND routine_type IN ('FUNCTION', 'PROCEDURE')
UNION ALL SELECT 'trigger', trigger_name, event_object_table, DATABASE(), 0
  FROM information_schema.triggers WHERE trigger_schema = DATABASE()
UNION ALL SELECT 'event', event_name, event_name, DATABASE(), starts <=> CONVERT_TZ(created, @@time_zone, time_zone)
  FROM information_schema.events WHERE event_schema = DATABASE()`;

/** The column of `SHOW CREATE …` that has the statement. */
const columns: { readonly [of in Of]?: string } = {
  table: "Create Table",
  sequence: "Create Table",
  view: "Create View",
  function: "Create Function",
  procedure: "Create Procedure",
  trigger: "SQL Original Statement",
  event: "Create Event",
};

/** A question for each object, so that many of them are read only for who asks. */
async function facts(query: CatalogQuery, upTo: number): Promise<SchemaCatalog | undefined> {
  const rows = await query(objectsSql);
  return rows.length * 10 > upTo ? undefined : readAll(query, rows);
}

async function read(query: CatalogQuery): Promise<SchemaCatalog> {
  const catalog = await readAll(query, await query(objectsSql));
  const leftOut = [...catalog.leftOut, ...(await hiddenKinds(query))];
  return { ...catalog, leftOut: leftOut.sort(compareIds) };
}

async function readAll(query: CatalogQuery, rows: readonly Row[]): Promise<SchemaCatalog> {
  const objects: WrittenObject[] = [];
  const leftOut: string[] = [];
  for (const { kind, name, part_of: table, own, begins_when_made: begins } of rows) {
    const of = String(kind) as Of;
    const [row = {}] = await query(`SHOW CREATE ${of.toUpperCase()} ${quote(String(name))}`);
    const text = row[columns[of] ?? ""];
    // Who may not see the body of a routine is given NULL.
    if (typeof text !== "string") {
      leftOut.push(`${of} ${name}`);
      continue;
    }
    objects.push({
      kind: "written",
      of,
      id: `${of} ${name}`,
      table: { name: String(table) },
      definition: cleaned(of, text, { own: String(own), beginsWhenMade: Number(begins) === 1 }),
      ...(typeof row.sql_mode === "string" ? { mode: row.sql_mode } : {}),
      needs: [],
    });
  }
  const views = objects.filter(({ of }) => of === "view");
  const sorted = objects.map((object) => ({ ...object, needs: needsOf(object, views) }));
  return {
    objects: sorted.sort((a, b) => compareIds(a.id, b.id)),
    leftOut: leftOut.sort(compareIds),
  };
}

/** The parts of a text that belong to this database, and that nobody wrote. */
type Here = {
  readonly own: string;
  /** An event that was given no beginning has the time when it was made. */
  readonly beginsWhenMade: boolean;
};

/**
 * The text without the parts of this server alone: the next number of a count, the author, and the
 * name of the database.
 */
function cleaned(of: Of, text: string, { own, beginsWhenMade }: Here): string {
  if (of === "sequence") return text;
  if (of === "table")
    return withoutOwn(text, own).replace(/^(\) ENGINE=.*?) AUTO_INCREMENT=\d+/m, "$1");
  const bare = text.replace(/ DEFINER=(?:`(?:[^`]|``)*`@`(?:[^`]|``)*`|\S+)(?= )/, "");
  if (of === "view") return withoutOwn(bare, own);
  return of === "event" && beginsWhenMade
    ? bare.replace(/( ON SCHEDULE EVERY .*?) STARTS '[^']*'/, "$1")
    : bare;
}

/** MariaDB writes a sequence with its database in every expression that takes a value of it. */
function withoutOwn(text: string, own: string): string {
  const calls = ["nextval", "lastval", "setval"];
  return calls.reduce((all, call) => all.replaceAll(`${call}(${quote(own)}.`, `${call}(`), text);
}

/** A trigger needs its table; a view needs those that its text names. */
function needsOf(object: WrittenObject, views: readonly WrittenObject[]): readonly string[] {
  if (object.of === "trigger") return [`table ${object.table.name}`];
  if (object.of !== "view") return [];
  return views
    .filter((view) => view !== object && object.definition.includes(quote(view.table.name)))
    .map(({ id }) => id);
}

const ranks: { readonly [of in Of]: number } = {
  sequence: 0,
  table: 1,
  function: 2,
  procedure: 2,
  index: 3,
  view: 4,
  trigger: 5,
  event: 6,
};

export const mysqlCatalogAccess: CatalogAccess = {
  read,
  facts,
  // Tables are made in the order of their names, whatever their foreign keys name.
  settings: ["SET foreign_key_checks = 0"],
  write: ({ objects, leftOut }) => {
    const written = objects.filter((object) => object.kind === "written");
    const { pieces, circle } = inOrder(
      written.map(({ id, needs, of, definition, mode }) => ({
        ...{ id, needs, rank: ranks[of] },
        statements: [
          ...(mode === undefined ? [] : [`SET sql_mode = ${literal(mode)}`]),
          definition,
        ],
      })),
    );
    return {
      statements: pieces.flatMap(({ statements }) => statements),
      leftOut: [...leftOut, ...circle.map(({ id }) => `${id} (it needs what needs it)`)],
    };
  },
};

/** The parts of it that a built release has. */
export const mysqlReader: Pick<CatalogAccess, "facts"> = { facts };
