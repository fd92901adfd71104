/**
 * Work of SQLite that takes longer with more rows, while nobody else can write to the database.
 */
import type { SqliteDatabase } from "../../adapters/sqlite/driver.ts";
import { wordOf } from "../../core/sql/token.ts";
import { codeOf, type DdlTarget, namesIn, plainName, targetOf } from "./names.ts";
import type { SeenTable } from "./trial-database.ts";

export type LongWork = {
  readonly way: "reads" | "writes";
  readonly table: string;
  readonly what: string;
};

type Before = {
  readonly db: SqliteDatabase;
  readonly tables: ReadonlyMap<string, SeenTable>;
  readonly isOlder: (table: string) => boolean;
};

/** By its words and by the plan of the engine, before it runs. */
export function longWorkOf(sql: string, before: Before): LongWork | undefined {
  const [first, second] = codeOf(sql);
  switch (wordOf(first)) {
    case "CREATE":
    case "ALTER":
    case "DROP": {
      const target = targetOf(sql);
      if (target === undefined) return undefined;
      return target.type === "TABLE" && wordOf(first) === "CREATE"
        ? ofPlan(sql, "writes", before)
        : ofTarget(target, before);
    }
    case "VACUUM":
      return ofDatabase("VACUUM", before);
    case "REINDEX": {
      const name = plainName(second);
      const table = second && (tableOfIndex(name, before) ?? name);
      if (table === undefined || !before.tables.has(table)) return ofDatabase("REINDEX", before);
      return before.isOlder(table)
        ? { way: "writes", table, what: `the rebuilt indexes of ${table}` }
        : undefined;
    }
    case "ANALYZE":
      return ofDatabase("ANALYZE", before, "reads");
    case "UPDATE":
    case "DELETE":
    case "INSERT":
    case "REPLACE":
    case "WITH":
      return ofRows(sql, before);
    default:
      return undefined;
  }
}

function ofTarget(target: DdlTarget, before: Before): LongWork | undefined {
  const { verb, type, name, on, rest, isIf } = target;
  const { isOlder } = before;
  if (type === "INDEX" && verb === "CREATE" && isIf && tableOfIndex(name, before) !== undefined)
    return undefined;
  if (type === "INDEX" && verb === "CREATE" && on !== undefined && isOlder(on))
    return { way: "writes", table: on, what: `the index on ${on}` };
  if (type !== "TABLE" || !isOlder(name)) return undefined;
  if (verb === "DROP") return { way: "reads", table: name, what: `the drop of ${name}` };
  const [word, ...more] = rest;
  if (wordOf(word) === "DROP" && wordOf(more[0]) !== "CONSTRAINT") return ofDrop(target, before);
  if (wordOf(word) === "ADD") return ofAdd(target, before);
  if (wordOf(word) === "ALTER" && more.some((token) => wordOf(token) === "SET"))
    return { way: "reads", table: name, what: `the NOT NULL of ${name}` };
  return undefined;
}

/** A column that is not stored is not in the rows. */
function ofDrop({ name, rest }: DdlTarget, { db }: Before): LongWork | undefined {
  const column = plainName(rest.at(-1));
  const row = db
    .prepare("SELECT hidden FROM pragma_table_xinfo(?) WHERE lower(name) = ?")
    .get(name, column);
  return row === undefined || row.hidden === 2
    ? undefined
    : { way: "writes", table: name, what: `the dropped column of ${name}` };
}

/** A column with a check, or of a STRICT table, is looked at in every row. https://www.sqlite.org/lang_altertable.html#altertabaddcol */
function ofAdd({ name, rest }: DdlTarget, { tables }: Before): LongWork | undefined {
  const words = rest.map(wordOf);
  const sql = codeOf(tables.get(name)?.sql ?? "").map(wordOf);
  const isComputed = words.includes("AS") && words.includes("NULL") && words.includes("NOT");
  return words.includes("CHECK") || isComputed || sql.slice(-4).includes("STRICT")
    ? { way: "reads", table: name, what: `the checks of ${name}` }
    : undefined;
}

function ofRows(sql: string, before: Before): LongWork | undefined {
  const tokens = codeOf(sql);
  const words = tokens.map(wordOf);
  const all = ofPlan(sql, "writes", before);
  if (all !== undefined || words.includes("WHERE")) return all;
  const at = words.indexOf("FROM");
  const table = words[0] === "DELETE" && at !== -1 ? plainName(tokens[at + 1]) : undefined;
  return table !== undefined && before.isOlder(table)
    ? { way: "writes", table, what: `the deleted rows of ${table}` }
    : undefined;
}

/** Tables that the engine reads from one end to the other. */
function ofPlan(sql: string, way: LongWork["way"], { db, isOlder }: Before): LongWork | undefined {
  const names = [...namesIn(sql)].filter(isOlder);
  if (names.length === 0) return undefined;
  const scanned = planOf(db, sql).flatMap((detail) => {
    const name = /^SCAN (\S+)/.exec(detail)?.[1]?.toLowerCase() ?? "";
    if (isOlder(name)) return [name];
    // An alias; it is only sure for which table when there is one table.
    return name !== "" && name !== "constant" && names.length === 1 ? names : [];
  });
  const [table] = scanned;
  return table === undefined
    ? undefined
    : { way, table, what: `the change of all rows of ${table}` };
}

function planOf(db: SqliteDatabase, sql: string): readonly string[] {
  try {
    return db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail));
  } catch {
    return [];
  }
}

function tableOfIndex(index: string, { db }: Before): string | undefined {
  const row = db
    .prepare("SELECT tbl_name FROM main.sqlite_schema WHERE type = 'index' AND lower(name) = ?")
    .get(index);
  return row === undefined ? undefined : String(row.tbl_name).toLowerCase();
}

function ofDatabase(
  what: string,
  { tables, isOlder }: Before,
  way: LongWork["way"] = "writes",
): LongWork | undefined {
  const table = [...tables.keys()].find(isOlder);
  return table === undefined ? undefined : { way, table, what: `${what} of the whole database` };
}
