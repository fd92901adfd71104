/** The statements that write another tool's rows, and take them away. */
import type { Session } from "../adapters/adapter.ts";
import type { Dialect } from "../core/language/dialect.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import type { BackRow, BackValue } from "../histories/back.ts";
import type { ForeignHistory, ForeignRow } from "../histories/foreign-history.ts";

/** Deletes by the keys in the rows, which may differ from the present names of the files. */
export function deletesOf(
  rows: readonly ForeignRow[],
  {
    dialect,
    into,
    by,
    also = [],
  }: {
    readonly dialect: Dialect;
    readonly into: string;
    readonly by: readonly string[];
    readonly also?: readonly string[];
  },
): readonly Statement[] {
  const all = rows.flatMap(({ text = {} }) => {
    const column = by.find((name) => text[name] !== undefined);
    if (column === undefined) return [];
    const is = [column, ...also.filter((name) => text[name] !== undefined)].map(
      (name) => `${dialect.castToText(dialect.quote(name))} = ${dialect.literal(text[name])}`,
    );
    return [`DELETE FROM ${into} WHERE ${is.join(" AND ")}`];
  });
  return [...new Set(all)].map((sql) => plain(sql));
}

/** The number behind the largest one in a column. */
export async function nextOf(session: Session, from: string, column: string): Promise<number> {
  const { dialect } = session;
  const largest = dialect.castToText(`MAX(${dialect.quote(column)})`);
  const sql = `SELECT ${largest} AS ${dialect.quote("largest")} FROM ${from}`;
  const [row] = await session.query(sql);
  return Number(row?.largest ?? 0) + 1;
}

/** Writes one row, with times as the tool itself writes them. */
export function insertInto(
  into: string,
  row: BackRow,
  { dialect, history }: { readonly dialect: Dialect; readonly history: ForeignHistory },
): Statement {
  const names = Object.keys(row).map((name) => dialect.quote(name));
  const values = Object.entries(row).map(([name, value]) =>
    value instanceof Date && history.wallClock?.includes(name)
      ? (dialect.wallClock ?? dialect).literal(value)
      : textOf(dialect, value),
  );
  return plain(`INSERT INTO ${into} (${names.join(", ")}) VALUES (${values.join(", ")})`);
}

function textOf({ literal }: Dialect, value: BackValue): string {
  return value === null ? "NULL" : literal(value);
}
