/**
 * Refuses an ALTER TABLE that takes away a column or an index which a table of MySQL or MariaDB
 * still needs.
 */
import { type DefinedTable, MysqlRefusal } from "./mysql-schema.ts";
import type { KnownTables } from "./mysql-sound.ts";

type Losses = {
  readonly others: KnownTables;
  readonly checksKeys: boolean;
  readonly lost: readonly string[];
  /** Columns of indexes that are gone. */
  readonly unindexed: readonly (readonly string[])[];
  /** Columns of the primary key that is gone: MariaDB makes another index for the table's own foreign keys. */
  readonly keyless: readonly string[] | undefined;
};

/** An index over a lost column alone goes with it. @throws {MysqlRefusal} */
export function refuseLost(
  name: string,
  table: DefinedTable,
  { others, checksKeys, lost, unindexed, keyless }: Losses,
): void {
  const { columns, indexes, keys, checks } = table;
  if (checksKeys) for (const one of unindexed) refuseUnindexed(name, table, { others, lost: one });
  if (checksKeys && keyless !== undefined)
    refuseUnindexed(name, { ...table, keys: new Map() }, { others, lost: keyless });
  for (const column of lost) {
    if (columns.has(column)) continue;
    const key = [...keys].find(([, one]) => one.columns.includes(column));
    if (key !== undefined)
      throw new MysqlRefusal(`foreign key ${key[0]} of ${name} needs column ${column}`);
    const other = others.keysTo(name).find((one) => one.key.referred.includes(column));
    if (other !== undefined && checksKeys)
      throw new MysqlRefusal(
        `foreign key ${other.name} of ${other.child} needs column ${column} of ${name}`,
      );
    const generated = [...columns].find(([, { from }]) => from.includes(column));
    if (generated !== undefined)
      throw new MysqlRefusal(`generated column ${generated[0]} of ${name} needs column ${column}`);
    const check = [...checks].find(
      ([, names]) => names.includes(column) && names.some((other) => columns.has(other)),
    );
    if (check !== undefined)
      throw new MysqlRefusal(`check ${check[0]} of ${name} needs column ${column}`);
    for (const [index, one] of indexes) {
      const left = one.columns.filter((other) => other !== column);
      if (left.length === 0) indexes.delete(index);
      else if (left.length < one.columns.length) indexes.set(index, { ...one, columns: left });
    }
  }
}

/** A foreign key needs an index that begins with its columns, on both sides. */
function refuseUnindexed(
  name: string,
  { indexes, keys }: DefinedTable,
  { others, lost }: { readonly others: KnownTables; readonly lost: readonly string[] },
): void {
  const isServed = (columns: readonly string[]) =>
    [...indexes.values()].some((one) => columns.every((column, i) => one.columns[i] === column));
  const began = (columns: readonly string[]) => columns.every((column, i) => lost[i] === column);
  const own = [...keys].map(([key, { columns }]) => ({ key, columns }));
  const theirs = others.keysTo(name).map((one) => ({ key: one.name, columns: one.key.referred }));
  const broken = [...own, ...theirs].find(
    ({ columns }) => columns.length > 0 && began(columns) && !isServed(columns),
  );
  if (broken !== undefined)
    throw new MysqlRefusal(
      `foreign key ${broken.key} needs an index of ${name} that begins with ${broken.columns.join(", ")}`,
    );
}
