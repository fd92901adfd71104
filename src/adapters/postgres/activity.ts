/**
 * Reads the server's activity at this moment. Five small queries on its catalog and its statistics,
 * and no row of a table.
 */
import {
  type Activity,
  type InvalidIndex,
  longOpenMs,
  type QueuedConnection,
  type ReplicaLag,
  type WorkAtHand,
} from "../../core/model/activity.ts";
import { type NamedLock, shownQuery } from "../../core/model/blocker.ts";
import type { Row } from "../adapter.ts";
import { blockerOf } from "./lock-wait.ts";
import { catalogOnly } from "./own-names.ts";

export async function readActivity(
  query: (sql: string) => Promise<readonly Row[]>,
): Promise<Activity> {
  const ask = (sql: string) => query(catalogOnly + sql);
  return {
    waits: (await ask(waitsSql)).map(waitingOf),
    work: (await ask(workSql)).map(workOf),
    replicas: (await ask(replicasSql)).map(replicaOf),
    invalidIndexes: (await ask(invalidSql)).map(invalidOf),
    open: (await ask(openSql)).map(blockerOf),
  };
}

function age(since: string): string {
  return `greatest(0, round(extract(epoch FROM clock_timestamp() - ${since}) * 1000))::float8`;
}

/** https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SESSION (pg_blocking_pids) */
const waitsSql = `WITH waiting AS MATERIALIZED (
  SELECT pid, pg_blocking_pids(pid) AS by FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid() LIMIT 100
), involved AS (SELECT pid FROM waiting UNION SELECT unnest(by) FROM waiting)
SELECT a.pid, a.usename AS user, a.application_name AS application, host(a.client_addr) AS host, a.state,
  ${age("a.xact_start")} AS "transactionMs", ${age("a.state_change")} AS "stateMs", left(a.query, 2000) AS query,
  w.by::text AS by, (SELECT l.mode || ' ' || coalesce(c.relname, l.locktype) FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation
    WHERE l.pid = a.pid AND NOT l.granted LIMIT 1) AS wanted
FROM involved i JOIN pg_stat_activity a ON a.pid = i.pid LEFT JOIN waiting w ON w.pid = a.pid ORDER BY a.xact_start NULLS LAST`;

function waitingOf({ by, wanted, ...row }: Row): QueuedConnection {
  const [, mode, on] = /^(\S+) (.*)$/s.exec(String(wanted ?? "")) ?? [];
  const lock: NamedLock | undefined =
    mode === undefined || on === undefined ? undefined : { mode, on };
  return {
    ...blockerOf(row),
    waitsFor: String(by ?? "").match(/\d+/g) ?? [],
    ...(lock === undefined ? {} : { wanted: lock }),
  };
}

/**
 * Builds and other work that the server counts, and each statement that changes a schema.
 * https://www.postgresql.org/docs/current/progress-reporting.html (VALIDATE CONSTRAINT is not among them)
 */
const workSql = `WITH told AS (
  SELECT pid, phase, coalesce(nullif(index_relid, 0), relid)::regclass::text AS name,
    CASE WHEN blocks_total > 0 THEN blocks_done::float8 / blocks_total WHEN tuples_total > 0 THEN tuples_done::float8 / tuples_total END AS share
  FROM pg_stat_progress_create_index WHERE datname = current_database()
  UNION ALL SELECT pid, phase, relid::regclass::text, CASE WHEN heap_blks_total > 0 THEN heap_blks_scanned::float8 / heap_blks_total END
  FROM pg_stat_progress_cluster WHERE datname = current_database()
)
SELECT a.pid, a.application_name AS application, left(a.query, 2000) AS query, ${age("a.query_start")} AS for_ms,
  t.phase, t.name, CASE WHEN t.share > 1 THEN 1 ELSE t.share END AS share
FROM pg_stat_activity a LEFT JOIN told t ON t.pid = a.pid
WHERE a.datname = current_database() AND a.state = 'active' AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
  AND (t.pid IS NOT NULL OR a.query ~* '^\\s*(alter|create|drop|reindex|cluster|truncate|refresh|vacuum|analyze)\\M')
ORDER BY a.query_start LIMIT 20`;

function workOf(row: Row): WorkAtHand {
  const text = (name: string) => (typeof row[name] === "string" ? row[name] : undefined);
  return {
    pid: String(row.pid),
    ...(text("application") ? { application: text("application") } : {}),
    query: shownQuery(text("query") ?? ""),
    forMs: Number(row.for_ms),
    ...(text("phase") === undefined ? {} : { phase: text("phase") }),
    ...(text("name") === undefined ? {} : { on: text("name")?.replace(/^public\./, "") }),
    ...(typeof row.share === "number" ? { share: row.share } : {}),
  };
}

/** Of a whole database: one that only reads holds locks too, until it ends. */
const openSql = `SELECT pid, usename AS user, application_name AS application, host(client_addr) AS host, state,
  ${age("xact_start")} AS "transactionMs", ${age("state_change")} AS "stateMs", left(query, 2000) AS query
FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
  AND application_name NOT LIKE 'slipway%' AND clock_timestamp() - xact_start > ${longOpenMs} * interval '1 millisecond'
ORDER BY xact_start LIMIT 10`;

const replicasSql = `SELECT coalesce(nullif(application_name, ''), host(client_addr), pid::text) AS name,
  (extract(epoch FROM replay_lag) * 1000)::float8 AS lag_ms FROM pg_stat_replication ORDER BY 1 LIMIT 20`;

function replicaOf(row: Row): ReplicaLag {
  return {
    name: String(row.name),
    ...(typeof row.lag_ms === "number" ? { lagMs: row.lag_ms } : {}),
  };
}

const invalidSql = `SELECT i.relname AS name, c.relname AS on_table,
  EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.oid) AS building
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE NOT x.indisvalid AND i.relkind = 'i' AND n.nspname !~ '^pg_' ORDER BY 1 LIMIT 50`;

function invalidOf(row: Row): InvalidIndex {
  return {
    name: String(row.name),
    table: String(row.on_table),
    isBuilding: row.building === true,
  };
}
