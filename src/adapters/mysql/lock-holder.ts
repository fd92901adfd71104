/** Who holds a named lock, as far as the server tells this user. */
import type { LockHolder } from "../../core/errors.ts";
import type { Row } from "../adapter.ts";
import { literal } from "./literal.ts";

/**
 * The holder of a lock, or nothing when it was just released. Since when is not known to any table of the server.
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 */
export async function findHolder(
  query: (sql: string) => Promise<readonly Row[]>,
  name: string,
): Promise<LockHolder | undefined> {
  try {
    const [used] = await query(`SELECT IS_USED_LOCK(${literal(name)}) AS pid`);
    if (used?.pid === null || used?.pid === undefined) return undefined;
    const pid = String(used.pid);
    const [row] = await query(holderQuery(pid));
    return { pid, ...known(row) };
  } catch {
    // Only for a message: without the right to look, the holder stays unknown.
    return undefined;
  }
}

/**
 * The holder's own connection is idle, so what it runs is looked up at its sibling: the longest running statement
 * of the same user, host and database.
 */
function holderQuery(pid: string): string {
  return `
SELECT SUBSTRING_INDEX(p.host, ':', 1) AS host,
  (SELECT LEFT(w.info, 200) FROM information_schema.processlist w
    WHERE w.command IN ('Query', 'Execute') AND w.user = p.user AND w.db <=> p.db
      AND SUBSTRING_INDEX(w.host, ':', 1) = SUBSTRING_INDEX(p.host, ':', 1)
      AND w.id NOT IN (p.id, CONNECTION_ID()) AND w.info NOT LIKE '%\\_LOCK(%'
    ORDER BY w.time DESC LIMIT 1) AS running
FROM information_schema.processlist p WHERE p.id = ${pid}`;
}

function known(row: Row | undefined): LockHolder {
  const words = Object.entries(row ?? {}).filter(
    ([, value]) => typeof value === "string" && value !== "",
  );
  return Object.fromEntries(words);
}
