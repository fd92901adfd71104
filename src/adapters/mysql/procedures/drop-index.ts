/** Dropping an index that a foreign key may need. */
import type { Named } from "../../../core/model/named.ts";
import { errorNumber } from "../messages.ts";
import { quote, quoteList } from "../sql-text.ts";
import {
  type NamedColumns,
  type Query,
  readForeignKeys,
  readIndexes,
  startsWith,
} from "./catalog.ts";
import { neededByForeignKey } from "./drop-foreign-key.ts";
import type { MysqlProcedureInputs } from "./procedure.ts";

/**
 * When an index is built that serves a foreign key, the server silently drops the one it had made for the key
 * (https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html), and then refuses to drop the new one.
 * So the old one comes back in the same statement.
 */
export async function dropIndex(
  query: Query,
  { table, name, sql }: MysqlProcedureInputs["drop_index"],
): Promise<void> {
  try {
    await query(sql);
  } catch (error) {
    if (errorNumber(error) !== neededByForeignKey) throw error;
    const left = await leftWithoutIndex(query, table, name);
    // The foreign key of another table refers to these columns: no other index can replace this
    // one.
    if (left.length === 0) throw error;
    const added = left.map((key) => `, ADD INDEX ${quote(key.name)} ${quoteList(key.columns)}`);
    await query(sql + added.join(""));
  }
}

/** The foreign keys that only this index serves. */
async function leftWithoutIndex(
  query: Query,
  table: Named,
  name: string,
): Promise<readonly NamedColumns[]> {
  const keys = await readForeignKeys(query, table);
  const others = (await readIndexes(query, table)).filter((index) => index.name !== name);
  return keys.filter(({ columns }) => !others.some((index) => startsWith(index, columns)));
}
