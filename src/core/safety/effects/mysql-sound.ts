/**
 * Refuses tables that MySQL and MariaDB both refuse: keys without columns, counters without keys.
 */
import { isTextual, isWide, sameKind } from "./mysql-kinds.ts";
import { type DefinedKey, type DefinedTable, MysqlRefusal } from "./mysql-schema.ts";

export type KnownTables = {
  /** The table; `undefined` where it is not known. */
  find(table: string): DefinedTable | undefined;
  /** Whether it is certain that there is no such table. */
  isMissing(table: string): boolean;
  /** Names of foreign keys are those of the database. */
  tableOfKey(key: string): string | undefined;
  /** The foreign keys that refer to it, as far as they are known. */
  keysTo(table: string): readonly KeyTo[];
};

export type KeyTo = { readonly child: string; readonly name: string; readonly key: DefinedKey };

/** Only of what the change has made: `before` is the table before it. */
export function refuseUnsound(
  name: string,
  table: DefinedTable,
  {
    others,
    checksKeys,
    before,
  }: {
    readonly others: KnownTables;
    readonly checksKeys: boolean;
    readonly before?: DefinedTable | undefined;
  },
): void {
  for (const [index, { kind, columns, cut = [] }] of table.indexes) {
    if (before?.indexes.has(index)) continue;
    const missing = columns.find((column) => !table.columns.has(column));
    if (missing !== undefined)
      throw new MysqlRefusal(
        `index ${index} needs column ${missing}: table ${name} has no column ${missing}`,
      );
    // Of other keys MariaDB takes the beginning by itself.
    const wide = columns.find(
      (column) => isWide(table.columns.get(column)?.type) && !cut.includes(column),
    );
    if (kind === "primary" && wide !== undefined)
      throw new MysqlRefusal(
        `column ${wide} of ${name} is a long text, and is in a key without a length`,
      );
    const odd = columns.find((column) => !isTextual(table.columns.get(column)!.type));
    if (kind === "fulltext" && odd !== undefined)
      throw new MysqlRefusal(
        `column ${odd} of ${name} is no text, and cannot be in a fulltext index`,
      );
    const spatial = columns.find((column) => !table.columns.get(column)!.isRequired);
    if (kind === "spatial" && spatial !== undefined)
      throw new MysqlRefusal(
        `column ${spatial} of ${name} may be NULL, and cannot be in a spatial index`,
      );
  }
  refuseCounters(name, table);
  for (const [column, { from }] of table.columns) {
    if (before?.columns.has(column)) continue;
    const missing = from.find((one) => !table.columns.has(one));
    if (missing !== undefined)
      throw new MysqlRefusal(
        `generated column ${column} needs column ${missing}: table ${name} has no column ${missing}`,
      );
    const self = from.includes(column);
    if (self) throw new MysqlRefusal(`generated column ${column} of ${name} refers to itself`);
  }
  for (const [check, names] of table.checks) {
    if (before?.checks.has(check)) continue;
    const missing = names.find((one) => !table.columns.has(one));
    if (missing !== undefined && !check.startsWith("column "))
      throw new MysqlRefusal(
        `check ${check} needs column ${missing}: table ${name} has no column ${missing}`,
      );
  }
  for (const [key, one] of table.keys)
    if (!before?.keys.has(key)) refuseKey(name, table, { key, one, others, checksKeys });
}

function refuseCounters(name: string, { columns, indexes }: DefinedTable): void {
  const counting = [...columns].filter(([, { countsUp }]) => countsUp).map(([column]) => column);
  if (counting.length > 1)
    throw new MysqlRefusal(
      `${name} has two columns that count by themselves: ${counting.join(", ")}`,
    );
  const [counter] = counting;
  if (counter === undefined || columns.get(counter)?.type === "serial") return;
  if (![...indexes.values()].some((index) => index.columns[0] === counter))
    throw new MysqlRefusal(
      `column ${counter} of ${name} counts by itself, and must be the first column of a key`,
    );
}

function refuseKey(
  name: string,
  table: DefinedTable,
  {
    key,
    one,
    others,
    checksKeys,
  }: {
    readonly key: string;
    readonly one: DefinedKey;
    readonly others: KnownTables;
    readonly checksKeys: boolean;
  },
): void {
  const missing = one.columns.find((column) => !table.columns.has(column));
  if (missing !== undefined)
    throw new MysqlRefusal(
      `foreign key ${key} needs column ${missing}: table ${name} has no column ${missing}`,
    );
  if (one.referred.length > 0 && one.referred.length !== one.columns.length)
    throw new MysqlRefusal(`foreign key ${key} of ${name} refers to another number of columns`);
  const required = one.columns.find((column) => table.columns.get(column)!.isRequired);
  if (one.setsNull && required !== undefined)
    throw new MysqlRefusal(
      `foreign key ${key} sets column ${required} of ${name} to NULL, and that is NOT NULL`,
    );
  const twin = others.tableOfKey(key);
  if (twin !== undefined && twin !== name)
    throw new MysqlRefusal(`foreign key ${key} exists already, on ${twin}`);
  if (!checksKeys) return;
  const parent = one.table === name ? table : others.find(one.table);
  if (parent === undefined) {
    if (others.isMissing(one.table))
      throw new MysqlRefusal(
        `foreign key ${key} of ${name} refers to ${one.table}: there is no table ${one.table}`,
      );
    return;
  }
  for (const [i, column] of one.referred.entries()) {
    const to = parent.columns.get(column);
    const own = table.columns.get(one.columns[i] ?? "");
    if (to === undefined)
      throw new MysqlRefusal(
        `foreign key ${key} refers to column ${column}: table ${one.table} has no column ${column}`,
      );
    if (own !== undefined && !sameKind(own, to))
      throw new MysqlRefusal(
        `foreign key ${key}: ${name}.${one.columns[i]} and ${one.table}.${column} are of different types`,
      );
  }
  const isIndexed = [...parent.indexes.values()].some(
    ({ kind, columns }) =>
      kind !== "fulltext" &&
      kind !== "spatial" &&
      one.referred.every(
        (column) => columns.indexOf(column) !== -1 && columns.indexOf(column) < one.referred.length,
      ),
  );
  if (one.referred.length > 0 && !isIndexed)
    throw new MysqlRefusal(
      `foreign key ${key}: no index of ${one.table} begins with ${one.referred.join(", ")}`,
    );
}
