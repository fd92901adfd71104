/** Fills empty tables with generated rows, parents first, so that scans and rewrites have something to do. */

import type { Session } from "../../adapters/adapter.ts";
import { messageOf } from "../../core/model/message-of.ts";
import { type FillTable, readEmptyTables } from "./read-tables.ts";
import { generatedValue } from "./value.ts";

export type Filled = {
  readonly table: string;
  /** How many rows it has now. */
  readonly rows: number;
  /** The reason why it has no rows. */
  readonly reason?: string | undefined;
};

/** Tables that have rows are left alone, and so are those that are `ours`. */
export async function fillTables(
  session: Session,
  options: { readonly rows: number; readonly ours: ReadonlySet<string> },
): Promise<readonly Filled[]> {
  const filled: Filled[] = [];
  for (const table of parentsFirst(await readEmptyTables(session, options.ours)))
    filled.push(await fillTable(session, table, options.rows));
  return filled;
}

/** With every column, then with those only that must have a value. */
async function fillTable(session: Session, table: FillTable, rows: number): Promise<Filled> {
  let reason = "";
  for (const sql of [
    insertInto(table, rows, "every column"),
    insertInto(table, rows, "required columns"),
  ]) {
    try {
      if ("reason" in sql) throw new Error(sql.reason);
      await session.query(sql.text);
      const [count] = await session.query(`SELECT count(*)::int AS rows FROM ${table.name}`);
      return { table: table.name, rows: Number(count?.rows) };
    } catch (error) {
      reason = messageOf(error);
    }
  }
  return { table: table.name, rows: 0, reason };
}

type Insert = { readonly text: string } | { readonly reason: string };

/** Rows that are unique already are left out, rather than to fail. */
function insertInto(
  table: FillTable,
  rows: number,
  which: "every column" | "required columns",
): Insert {
  const keys = table.keys.filter((key) => key.table !== table.name);
  const own = new Set(
    table.keys.filter((key) => key.table === table.name).flatMap(({ columns }) => columns),
  );
  const joins = keys.map((key, i) => {
    const parent = `(SELECT row_number() OVER () AS place, count(*) OVER () AS places, ${key.referred.join(", ")} FROM (SELECT * FROM ${key.table} LIMIT ${rows}) AS filled) AS parent${i}`;
    return ` LEFT JOIN ${parent} ON parent${i}.place = 1 + (n - 1) % parent${i}.places`;
  });
  const referring = new Map(
    keys.flatMap((key, i) =>
      key.columns.map((column, at) => [column, `parent${i}.${key.referred[at]}`] as const),
    ),
  );
  const names: string[] = [];
  const values: string[] = [];
  for (const column of table.columns) {
    const parent = referring.get(column.name);
    if (column.numbered && parent === undefined) continue;
    if (!column.required && (own.has(column.name) || which === "required columns")) continue;
    const value = parent ?? generatedValue(column);
    if (value === undefined) {
      if (!column.required) continue;
      return { reason: `no value is known for ${column.name} of type ${column.type}` };
    }
    names.push(column.name);
    values.push(value);
  }
  // If every column has a value from the database, INSERT needs no column.
  const into = names.length === 0 ? "" : ` (${names.join(", ")})`;
  const from = `generate_series(1, ${rows}) AS n${joins.join("")}`;
  return {
    text: `INSERT INTO ${table.name}${into} SELECT ${values.join(", ")} FROM ${from} ON CONFLICT DO NOTHING`,
  };
}

/** In a circle of keys no order is right: a row without a parent yet gets null, or fails. */
function parentsFirst(tables: readonly FillTable[]): readonly FillTable[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const sorted = new Set<FillTable>();
  const visiting = new Set<FillTable>();
  const visit = (table: FillTable) => {
    if (sorted.has(table) || visiting.has(table)) return;
    visiting.add(table);
    for (const key of table.keys) {
      const parent = byName.get(key.table);
      if (parent !== undefined) visit(parent);
    }
    sorted.add(table);
  };
  tables.forEach(visit);
  return [...sorted];
}
