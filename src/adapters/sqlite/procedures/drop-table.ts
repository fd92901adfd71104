/** A drop that does not reach into other tables. */
import type { SqliteDatabase } from "../driver.ts";
import { quote } from "../quote.ts";
import { sameName } from "../table-sql/table-sql.ts";
import { referringTables } from "./catalog.ts";
import type { SqliteProcedureInputs } from "./procedure.ts";

/** Throws when another table refers to it, whether it has rows or not. */
export function dropTable(
  db: SqliteDatabase,
  { table, ifExists }: SqliteProcedureInputs["drop_table"],
): void {
  const others = referringTables(db, table).filter(({ name }) => !sameName(name, table));
  if (others.length > 0) {
    const names = others.map(({ name }) => name).join(", ");
    throw new Error(`cannot drop table ${table}: foreign keys of ${names} refer to it`);
  }
  db.exec(`DROP TABLE ${ifExists ? "IF EXISTS " : ""}${quote(table)}`);
}
