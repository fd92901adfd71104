/** The names that PostgreSQL chooses for what is not named. */
import type { Catalog, Table } from "./catalog.ts";

/** `users_email_key`, cut to 63 bytes as the server does, with a number when it is taken. */
export function chooseName(
  parts: { readonly table: string; readonly columns: readonly string[]; readonly label: string },
  taken: (name: string) => boolean,
): string {
  const { table, columns, label } = parts;
  for (let number = 0; ; number++) {
    const ending = number === 0 ? label : `${label}${number}`;
    const name = fitted(table, columns.join("_"), ending);
    if (!taken(name)) return name;
  }
}

/** The longer of the two halves is cut until the whole fits. */
function fitted(table: string, columns: string, ending: string): string {
  const available = 63 - bytes(ending) - 1 - (columns === "" ? 0 : 1);
  let [left, right] = [bytes(table), bytes(columns)];
  while (left + right > available) {
    if (left > right) left--;
    else right--;
  }
  const halves = [clip(table, left), clip(columns, right)];
  return [...halves.filter((half) => half !== ""), ending].join("_");
}

/** The first bytes of a name, without half a character. */
function clip(name: string, length: number): string {
  let clipped = name;
  while (bytes(clipped) > length) clipped = [...clipped].slice(0, -1).join("");
  return clipped;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Whether a constraint of the table, or a relation of its schema, has the name. */
export function isTaken(name: string, table: Table, catalog: Catalog): boolean {
  const key = `${table.schema}.${name}`;
  return table.constraints.has(name) || catalog.indexes.has(key) || catalog.tables.has(key);
}
