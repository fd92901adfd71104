/** Finds the statement that the server still runs for a connection of ours. */
import type { Row } from "../adapter.ts";
import { asLogin } from "./earlier-holder.ts";
import { stringLiteral } from "./literal.ts";
import { codeOf } from "./messages.ts";
import { catalogOnly } from "./own-names.ts";

/**
 * The statement of this process, or this statement wherever it runs: the server keeps only the beginning of a long one.
 * Without the right to look at statements, a process that is in a transaction counts as one that runs something.
 */
export async function runningOn(
  query: (sql: string) => Promise<readonly Row[]>,
  pid: number,
  sql: string,
): Promise<string | undefined> {
  try {
    const [row] = await query(
      `${asLogin}${catalogOnly}SELECT left(query, 200) AS query FROM pg_stat_activity WHERE (pid = ${pid} OR starts_with(${stringLiteral(sql)}, query)) AND query <> '' AND pid <> pg_backend_pid() AND datname = current_database() AND state = 'active' AND application_name LIKE 'slipway%'`,
    );
    return row === undefined ? undefined : String(row.query);
  } catch (error) {
    if (codeOf(error) !== "42501") throw error;
    const [row] = await query(
      `${catalogOnly}SELECT 1 FROM pg_locks WHERE pid = ${pid} AND locktype = 'virtualxid' AND pid <> pg_backend_pid()`,
    );
    return row && "a statement that this user may not see";
  }
}
