/** What tells a table of MySQL or MariaDB from another one of its name. */
import type { Named } from "../../core/model/named.ts";
import type { Row } from "../adapter.ts";
import { inTable } from "./in-table.ts";
import { literal } from "./literal.ts";
import type { MysqlServer } from "./server.ts";

/**
 * When it was made, and InnoDB's number of it where the user may see that (PROCESS). MariaDB changes the time with each
 * ALTER TABLE and RENAME TABLE; then the number says whether the table is still the same. It is asked for only then,
 * because the server looks through all tables for it.
 * https://dev.mysql.com/doc/refman/8.4/en/information-schema-innodb-tables-table.html
 */
export async function tableIdentity(
  query: (sql: string) => Promise<readonly Row[]>,
  { flavor }: MysqlServer,
  { table, known }: { readonly table: Named; readonly known: string | undefined },
): Promise<string | undefined> {
  const [made] = await query(
    `SELECT create_time AS at FROM information_schema.tables WHERE ${inTable(table)}`,
  );
  if (made === undefined || made.at === null) return undefined;
  const [knownAt, knownNumber] = known?.split(" #") ?? [];
  if (made.at === knownAt) return known;
  const number = await readNumber(query, numbers[flavor], table);
  if (number !== undefined && number === knownNumber) return known;
  return number === undefined ? String(made.at) : `${made.at} #${number}`;
}

const numbers = { mysql: "innodb_tables", mariadb: "innodb_sys_tables" } as const;

/** InnoDB's catalog has names as those of files. A table in partitions has no number of its own. */
async function readNumber(
  query: (sql: string) => Promise<readonly Row[]>,
  catalog: string,
  { name, prefix }: Named,
): Promise<string | undefined> {
  const schema = prefix === undefined ? "DATABASE()" : literal(prefix);
  const file = [schema, literal(name)].map(
    (part) => `CAST(CONVERT(${part} USING filename) AS BINARY)`,
  );
  try {
    const [row] = await query(
      `SELECT table_id AS number FROM information_schema.${catalog} WHERE name = CONVERT(CONCAT(${file.join(", '/', ")}) USING utf8mb4)`,
    );
    return row === undefined ? undefined : String(row.number);
  } catch {
    // Who may not see it is told by the time alone; a connection that is lost fails the next statement too.
    return undefined;
  }
}
