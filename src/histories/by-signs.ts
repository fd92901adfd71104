/** Finds tables of other tools in a database by their signs. Plain data is enough for that. */
import type { ForeignLock, TableSign } from "./foreign-history.ts";

/** The signs of a tool. */
export type HistorySign = {
  /** For people. */
  readonly label: string;
  readonly table: TableSign;
  readonly lock?: ForeignLock | undefined;
};

/** An existing table, as the catalog has it. */
export type PresentTable = {
  readonly schema: string | undefined;
  readonly name: string;
  readonly columns: readonly string[];
};

/** Every table by which a tool could be known, so that one query to the catalog will do. */
export function tablesOf(signs: readonly HistorySign[]): readonly string[] {
  const names = signs.flatMap(({ table, lock }) => [
    table.name,
    ...(table.beside === undefined ? [] : [table.beside]),
    ...(lock === undefined ? [] : [lock.table]),
  ]);
  return [...new Set(names)].toSorted();
}

/**
 * If several tools use one table name, Slipway distinguishes them by the columns.
 * `named` may be any tool's table, under a name that the user chose.
 */
export function findBySigns<History extends HistorySign>(
  signs: readonly History[],
  present: readonly PresentTable[],
  named?: string | undefined,
): readonly { readonly history: History; readonly table: PresentTable }[] {
  return signs.flatMap((history) =>
    present
      .filter((table) => {
        const sign = table.name === named ? { ...history.table, name: named } : history.table;
        return isIt(sign, table, present);
      })
      .map((table) => ({ history, table })),
  );
}

function isIt(sign: TableSign, table: PresentTable, present: readonly PresentTable[]): boolean {
  const beside = (name: string) =>
    present.some((other) => other.name === name && other.schema === table.schema);
  const has = (column: string) => table.columns.includes(column);
  return (
    table.name.toLowerCase() === sign.name.toLowerCase() &&
    (sign.schema === undefined || sign.schema === table.schema) &&
    sign.has.every(has) &&
    !sign.lacks?.some(has) &&
    (sign.beside === undefined || beside(sign.beside)) &&
    (sign.notBeside === undefined || !beside(sign.notBeside))
  );
}
