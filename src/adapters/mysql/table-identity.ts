/** Tells a table of MySQL or MariaDB from another one of its name. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Named } from "../../core/model/named.ts";
import type { ErrorKind, Row } from "../adapter.ts";
import { inTable } from "./in-table.ts";
import { literal } from "./literal.ts";
import { errorKind } from "./messages.ts";
import type { MysqlServer } from "./server.ts";

/**
 * The time when it was made, and InnoDB's number of it where the user may see that (PROCESS).
 * MariaDB changes the time with each ALTER TABLE and RENAME TABLE; then the number says whether the
 * table is still the same. Slipway asks for it only then, because the server looks through all
 * tables for it. A time whose second is not over says nothing about a table that takes the name
 * within it: then the number stands alone, or Slipway waits until the second is over.
 * https://dev.mysql.com/doc/refman/8.4/en/information-schema-innodb-tables-table.html
 */
export async function tableIdentity(
  query: (sql: string) => Promise<readonly Row[]>,
  { flavor }: MysqlServer,
  { table, known }: { readonly table: Named; readonly known: string | undefined },
): Promise<string | undefined> {
  const made = await readMade(query, table);
  if (made === undefined) return undefined;
  const [knownAt, knownNumber] = known?.split(" #") ?? [];
  if (made.at === knownAt) return known;
  const number = await readNumber(query, numbers[flavor], table);
  if (number !== undefined && number === knownNumber) return known;
  if (number !== undefined) return made.isOver ? `${made.at} #${number}` : ` #${number}`;
  if (made.isOver) return made.at;
  await sleep(1_100);
  return (await readMade(query, table))?.at;
}

type Made = { readonly at: string; readonly isOver: boolean };

/** The time has whole seconds, and the clock of the file system may be late by some milliseconds. */
async function readMade(
  query: (sql: string) => Promise<readonly Row[]>,
  table: Named,
): Promise<Made | undefined> {
  const isOver = "create_time < SYSDATE(6) - INTERVAL 1100000 MICROSECOND";
  const [row] = await query(
    `SELECT create_time AS at, ${isOver} AS is_over FROM information_schema.tables WHERE ${inTable(table)}`,
  );
  if (row === undefined || row.at === null) return undefined;
  return { at: String(row.at), isOver: Number(row.is_over) === 1 };
}

const passing: ReadonlySet<ErrorKind> = new Set([
  "connection_lost",
  "lock_timeout",
  "deadlock",
  "timeout",
]);

const numbers = { mysql: "innodb_tables", mariadb: "innodb_sys_tables" } as const;

/**
 * The number of a table in InnoDB's catalog, whose names are those of files. A table in partitions
 * has no number.
 */
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
  } catch (error) {
    // A user who may not see the number has the time alone. A passing error says nothing about the
    // table: it is thrown, so that Slipway asks again.
    if (passing.has(errorKind(error))) throw error;
    return undefined;
  }
}
