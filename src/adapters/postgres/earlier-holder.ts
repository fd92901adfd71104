/**
 * Connections of earlier holders of the lock, by their server process: its id, and when it began, as ids are used again.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW
 */
import type { Row } from "../adapter.ts";
import { stringLiteral } from "./literal.ts";
import { codeOf } from "./messages.ts";
import { builtin, operator } from "./own-names.ts";

type Query = (sql: string) => Promise<readonly Row[]>;

/** How long the server may take to end an idle connection. */
const patienceMs = 5_000;
const pauseMs = 20;

const identity = "pg_catalog.concat(a.pid, '@', extract(epoch FROM a.backend_start))";
const activity = builtin("pg_stat_activity");
const is = operator("=");
const isIdle = `a.state ${operator("~~")} 'idle%'`;

/** The role of an adapter sees nothing of other connections of its login, so the login asks. */
export const asLogin = "SELECT pg_catalog.set_config('role', 'none', true);\n";

/** This connection, and all of this database whose beginning this login may see: a fence knows no others. */
export type Connections = {
  readonly own?: string | undefined;
  readonly alive?: string | undefined;
};

/**
 * `own` is missing behind a pooler, which invents process ids for its clients, and whose server
 * processes serve many. Without the right to look `alive` is missing too: then an earlier holder is
 * only kept from committing.
 */
export async function readConnections(
  query: Query,
  processId: number | undefined,
): Promise<Connections> {
  const own = `a.pid ${is} pg_catalog.pg_backend_pid() AND a.pid ${is} ${processId ?? "NULL"}`;
  try {
    const [row] = await query(
      `${asLogin}SELECT pg_catalog.string_agg(${identity}, ',') FILTER (WHERE ${own}) AS own, pg_catalog.string_agg(${identity}, ',') AS alive FROM ${activity} a WHERE a.datname ${is} pg_catalog.current_database()`,
    );
    return { own: textOf(row?.own), alive: textOf(row?.alive) };
  } catch (error) {
    if (codeOf(error) !== "42501") throw error;
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The SQL of those of a list that are still there. */
export function livingSql(list: string, { alive = "" }: Connections): string {
  return `(SELECT pg_catalog.string_agg(one, ',') FROM pg_catalog.unnest(pg_catalog.string_to_array(${list}, ',')) AS one WHERE one ${is} ANY (pg_catalog.string_to_array(${stringLiteral(alive)}, ',')))`;
}

/**
 * Ends them; resolves when they are gone. One that works is left alone; then this gives the statement that it runs.
 * Those of another user are not ours to end.
 */
export async function endEarlier(query: Query, list: string): Promise<string | undefined> {
  const sql = `${asLogin}SELECT a.pid, pg_catalog.left(a.query, 200) AS query, ${isIdle} AS idle, CASE WHEN ${isIdle} THEN pg_catalog.pg_terminate_backend(a.pid) END AS ended FROM ${activity} a WHERE ${isIn(stringLiteral(list))} AND a.usename ${is} current_user AND a.state ${operator("<>")} 'disabled'`;
  for (const deadline = performance.now() + patienceMs; ; await sleep(pauseMs)) {
    const rows = await query(sql);
    const idle = rows.find((row) => row.idle === true);
    if (idle === undefined) return rows[0] && String(rows[0].query);
    if (performance.now() > deadline)
      throw new Error(`the server does not end the connection of an earlier run (pid ${idle.pid})`);
  }
}

function isIn(list: string): string {
  return `${identity} ${is} ANY (pg_catalog.string_to_array(${list}, ',')) AND a.pid ${operator("<>")} pg_catalog.pg_backend_pid()`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
