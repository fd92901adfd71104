/** Which findings of the safety rules hold on this server, with the rows that are there now. */
import type { FoundOnTables } from "../adapter.ts";
import type { Query } from "./procedures/catalog.ts";
import { quoteNamed } from "./sql-text.ts";

/** Whether the change stops nobody: its tables are empty or not there yet, or the server copies beside writers. */
export async function isHarmless(query: Query, { rule, tables }: FoundOnTables): Promise<boolean> {
  if (rule.endsWith("copy-blocks-writes") && (await copiesBesideWriters(query))) return true;
  if (rule === "mariadb-copy-blocks-writes" && !(await isMariadb(query))) return true;
  for (const table of tables) if (await hasRows(query, table)) return false;
  return true;
}

async function isMariadb(query: Query): Promise<boolean> {
  const [row] = await query("SELECT VERSION() AS version");
  return /mariadb/i.test(String(row?.version));
}

/** MariaDB since 11.2. https://mariadb.com/kb/en/innodb-online-ddl-overview/ */
async function copiesBesideWriters(query: Query): Promise<boolean> {
  const [row] = await query("SELECT VERSION() AS version");
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+).*mariadb/i.exec(String(row?.version)) ?? [];
  return Number(major) > 11 || (Number(major) === 11 && Number(minor) >= 2);
}

async function hasRows(query: Query, table: string): Promise<boolean> {
  const [name = table, prefix] = table.split(".").reverse();
  try {
    return (await query(`SELECT 1 FROM ${quoteNamed({ name, prefix })} LIMIT 1`)).length > 0;
  } catch {
    // It is not there yet, or cannot be read: the server is asked again when the change runs.
    return false;
  }
}
