/** Dropping a foreign key together with the index that the server made for it. */
import { errorNumber } from "../messages.ts";
import { quote, quoteNamed } from "../sql-text.ts";
import { type Query, readForeignKeys, readPlainIndexes } from "./catalog.ts";
import type { MysqlProcedureInputs } from "./procedure.ts";

/**
 * The server names the index like the key, over the same columns, and leaves it behind
 * (https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html); with it, an undone migration
 * would not be undone.
 */
export async function dropForeignKey(
  query: Query,
  { table, name }: MysqlProcedureInputs["drop_foreign_key"],
): Promise<void> {
  const alone = `ALTER TABLE ${quoteNamed(table)} DROP FOREIGN KEY ${quote(name)}`;
  const key = (await readForeignKeys(query, table)).find((known) => known.name === name);
  const index = (await readPlainIndexes(query, table)).find((known) => known.name === name);
  if (key === undefined || key.columns.join() !== index?.columns.join()) {
    await query(alone);
    return;
  }
  try {
    await query(`${alone}, DROP INDEX ${quote(name)}`);
  } catch (error) {
    // Another foreign key lives on the same index: then it stays.
    if (errorNumber(error) !== neededByForeignKey) throw error;
    await query(alone);
  }
}

/** ER_DROP_INDEX_FK. https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html */
export const neededByForeignKey = 1553;
