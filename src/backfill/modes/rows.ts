/** Rows as code sees them, and their way back. */
import type { Row, Session } from "../../adapters/adapter.ts";
import type { Key, KeyText } from "../../core/backfill/key.ts";
import type { RowChange } from "../../core/language/backfill-definition.ts";
import type { ColumnFacts } from "../../core/language/backfill-sql.ts";
import type { Dialect } from "../../core/language/dialect.ts";
import type { BackfillTarget } from "../target.ts";
import { writeBackSql } from "./write-back.ts";

/** A row with its key as text. */
export type KeyedRow = { readonly key: KeyText; readonly row: Row };

/** The rows of these keys that are to be changed, in the order of their keys, locked until the transaction ends. */
export async function readRows(
  session: Session,
  target: BackfillTarget,
  { rows, lock }: { readonly rows: string; readonly lock: boolean },
): Promise<readonly KeyedRow[]> {
  const { dialect } = session;
  const { backfill, key, columns, condition } = target;
  const keyNames = key.columns.map(({ name }) => name);
  const seen = columns.map(({ name }) => name);
  // Where the dialect spells keys as text, code does not see that text.
  const hasKey =
    dialect.backfill.keyText === undefined && keyNames.every((name) => seen.includes(name));
  const list = columns.map((column) => seenBy(dialect, column, keyNames.includes(column.name)));
  const all = [...list, ...(hasKey ? [] : [key.texts])].join(", ");
  // Without its table a name in ORDER BY would be that of the text in the list, which has another order.
  const order = keyNames.map(
    (name) => `${dialect.quote(backfill.table.name)}.${dialect.quote(name)}`,
  );
  const found = await session.query(
    `SELECT ${all} FROM ${dialect.quoteNamed(backfill.table)} WHERE ${rows}${condition} ORDER BY ${order.join(", ")}${lock ? (dialect.backfill.locking ?? "") : ""}`,
  );
  return hasKey
    ? found.map((row) => ({ key: keyNames.map((name) => String(row[name])), row }))
    : found.map((row) => keyed(row, key));
}

/** Writes new values into their rows: one statement for all rows that get the same columns, where that can be. */
export async function writeBack(
  session: Session,
  target: BackfillTarget,
  changes: readonly { readonly key: KeyText; readonly change: RowChange }[],
): Promise<number> {
  const groups = Map.groupBy(changes, ({ change }) => Object.keys(change).join("\0"));
  let changed = 0;
  for (const group of groups.values()) {
    const columns = columnsOf(target, Object.keys(group[0]?.change ?? {}));
    if (columns.length === 0) continue;
    for (const sql of writeBackSql(session.dialect, target, { columns, changes: group }))
      changed += await session.change(sql);
  }
  return changed;
}

/** The change that code gave back for a row, if it may give that back. */
export function changeOf(given: unknown): RowChange | undefined {
  if (given === undefined || given === null) return undefined;
  if (given instanceof Promise) {
    given.catch(() => undefined);
    throw new Error(
      "each must not be asynchronous: use effect for what waits, or batch for queries",
    );
  }
  if (typeof given !== "object" || Array.isArray(given))
    throw new Error(`a row cannot become ${typeof given}: give an object of columns, or nothing`);
  const missing = Object.entries(given).find(([, value]) => value === undefined);
  if (missing !== undefined)
    throw new Error(`${missing[0]} is undefined: give null for NULL, or leave the column out`);
  return given as RowChange;
}

function columnsOf(
  { facts, backfill }: BackfillTarget,
  names: readonly string[],
): readonly ColumnFacts[] {
  return names.map((name) => {
    const column = facts.columns.find((known) => known.name === name);
    if (column === undefined) throw new Error(`${backfill.table.name} has no column ${name}`);
    return column;
  });
}

function keyed(row: Row, key: Key): KeyedRow {
  const names = key.columns.map((_, i) => `slipway_k${i}`);
  const own = Object.entries(row).filter(([name]) => !names.includes(name));
  return { key: key.read(row), row: Object.fromEntries(own) };
}

function seenBy(dialect: Dialect, facts: ColumnFacts, isKey: boolean): string {
  const column = dialect.quote(facts.name);
  const { inexact, exactly } = dialect.backfill;
  if (!isKey && !inexact.test(facts.base)) return column;
  return `${exactly?.(column, facts) ?? dialect.castToText(column)} AS ${column}`;
}
