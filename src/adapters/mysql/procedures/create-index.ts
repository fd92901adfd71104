/** Building an index that may serve a foreign key. */
import { quote, quoteNamed } from "../sql-text.ts";
import {
  type Query,
  readForeignKeys,
  readIndexes,
  readPlainIndexes,
  startsWith,
} from "./catalog.ts";
import type { MysqlProcedureInputs } from "./procedure.ts";

/**
 * The server silently drops the index that it made for a foreign key when this one can serve it
 * (https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html), but not when the same index came back
 * by `dropIndex`. So that both ways end alike, it goes here.
 */
export async function createIndex(
  query: Query,
  { table, name, sql }: MysqlProcedureInputs["create_index"],
): Promise<void> {
  await query(sql);
  const built = (await readIndexes(query, table)).find((index) => index.name === name);
  const plain = await readPlainIndexes(query, table);
  for (const key of await readForeignKeys(query, table)) {
    const own = plain.find((index) => index.name === key.name);
    const isServed = built !== undefined && startsWith(built, key.columns);
    if (!isServed || own?.columns.join() !== key.columns.join() || own.name === name) continue;
    await query(`ALTER TABLE ${quoteNamed(table)} DROP INDEX ${quote(own.name)}`);
  }
}
