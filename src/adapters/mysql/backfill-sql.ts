/** The SQL of backfills for MySQL and MariaDB. */

import { chunksOf, mostText } from "../../core/backfill/chunks.ts";
import type {
  BackfillSql,
  RowUpdate,
  RowUpdates,
  UpdateSqls,
} from "../../core/language/backfill-sql.ts";
import type { Named } from "../../core/model/named.ts";
import { literal } from "./literal.ts";
import { quote, quoteNamed } from "./sql-text.ts";

export const backfillSql: BackfillSql = {
  nowMs: "CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)",
  inexact: /^(bigint|decimal|numeric|date|time|year)/i,
  withoutText: /^(float|double|.*(binary|blob)|enum|set|bit|json)/i,
  locking: " FOR UPDATE",
  lockOwn: { wait: " FOR UPDATE", skip: " FOR UPDATE SKIP LOCKED" },
  locksSorted: true,
  // https://dev.mysql.com/doc/refman/8.4/en/row-constructor-optimization.html
  rowValues: false,
  // INSERT IGNORE would leave out much else. https://dev.mysql.com/doc/refman/8.4/en/insert.html
  skipConflict: (column) => `ON DUPLICATE KEY UPDATE ${column} = ${column}`,
  tableFacts,
  server: "SELECT CONCAT_WS('/', @@hostname, @@port, @@datadir) AS value",
  cluster: {
    pausedNs: "SHOW GLOBAL STATUS LIKE 'wsrep_flow_control_paused_ns'",
    queue: "SHOW GLOBAL STATUS LIKE 'wsrep_local_recv_queue'",
  },
  activity: {
    // Without the right PROCESS a user has only its own in the first of these lists, and is refused the other.
    active:
      "SELECT count(*) AS value, (SELECT count(*) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = 0) AS hidden FROM information_schema.processlist WHERE command NOT IN ('Sleep', 'Daemon', 'Binlog Dump') AND id <> CONNECTION_ID()",
    oldestMs:
      "SELECT coalesce(max(timestampdiff(MICROSECOND, trx_started, convert_tz(now(), @@time_zone, 'SYSTEM'))) div 1000, 0) AS value, 0 AS hidden FROM information_schema.innodb_trx WHERE trx_mysql_thread_id <> CONNECTION_ID()",
  },
  updateRows,
};

function tableFacts(table: Named) {
  const schema = table.prefix === undefined ? "DATABASE()" : literal(table.prefix);
  const here = `table_schema = ${schema} AND table_name = ${literal(table.name)}`;
  return {
    columns: `SELECT column_name AS name, column_type AS type, collation_name AS collation, is_nullable = 'NO' AS not_null, (column_default IS NOT NULL AND column_default <> 'NULL' OR extra <> '') AS has_default, extra LIKE '%on update%' AS moves FROM information_schema.columns WHERE ${here} ORDER BY ordinal_position`,
    unique: `SELECT index_name AS index_name, column_name AS name FROM information_schema.statistics WHERE ${here} AND non_unique = 0 AND sub_part IS NULL AND column_name IS NOT NULL AND index_type = 'BTREE' ORDER BY index_name, seq_in_index`,
    about: `SELECT table_rows AS estimate, (SELECT count(*) FROM information_schema.triggers WHERE event_object_schema = ${schema} AND event_object_table = ${literal(table.name)}) AS triggers, (SELECT engine FROM information_schema.engines AS e WHERE e.engine = t.engine AND e.transactions <> 'YES') AS lasting FROM information_schema.tables AS t WHERE ${here}`,
  };
}

/**
 * A list of lists of text, which the server reads as a table: it turns each text into the column's type, as it does
 * with a literal.
 * https://dev.mysql.com/doc/refman/8.4/en/json-table-functions.html, https://mariadb.com/kb/en/json_table/
 */
function updateRows({ rows, ...updates }: RowUpdates): UpdateSqls {
  const { keys, columns } = updates;
  if (!keys.every(({ type }) => plainKey.test(type))) return { sqls: [], single: rows };
  const single: RowUpdate[] = [];
  const texts: string[] = [];
  for (const row of rows) {
    const values = row.values.map((value, i) => textOf(value, columns[i]?.type ?? ""));
    const text = JSON.stringify([...row.key, ...values]);
    // A server takes a packet of four megabytes at least, and text may become six times as long in it.
    if (values.includes(undefined) || text.length > mostText) single.push(row);
    else texts.push(text);
  }
  return { sqls: chunksOf(texts).map((chunk) => joined(updates, `[${chunk}]`)), single };
}

/** First the table of texts, then each row by its key: with the type and the collation of the key an index finds it. */
function joined({ table, keys, columns }: Omit<RowUpdates, "rows">, json: string): string {
  const target = quoteNamed(table);
  const parts = [
    ...keys.map(({ type, collation }, i) => `k${i} ${keyType(type, collation)}`),
    ...columns.map((_, i) => `v${i} LONGTEXT CHARACTER SET utf8mb4`),
  ].map((part, i) => `${part} PATH '$[${i}]' ERROR ON ERROR`);
  const same = keys.map(({ name }, i) => `${target}.${quote(name)} = slipway_fresh.k${i}`);
  const set = columns.map(({ name, type }, i) => {
    const value = binary.test(type) ? `UNHEX(slipway_fresh.v${i})` : `slipway_fresh.v${i}`;
    return `${target}.${quote(name)} = ${value}`;
  });
  return `UPDATE JSON_TABLE(${literal(json)}, '$[*]' COLUMNS (${parts.join(", ")})) AS slipway_fresh STRAIGHT_JOIN ${target} ON ${same.join(" AND ")} SET ${set.join(", ")}`;
}

function keyType(type: string, collation: string | undefined): string {
  const kind = type.replace(/^timestamp/, "datetime").replace(/^uuid$/, "char(36)");
  return collation === undefined ? kind : `${kind} COLLATE ${collation}`;
}

const plainKey = /^((tiny|small|medium|big)?int|decimal|(var)?char|date|time|uuid)/;
const plainValue =
  /^((tiny|small|medium|big)?int|decimal|float|double|(var)?char|(tiny|medium|long)?text|date|time|year|json|uuid|inet)/;
const binary = /^(var)?binary|^(tiny|medium|long)?blob/;

/** A value as text, in hexadecimal where it is binary; `undefined` for what only its literal says right. */
function textOf(value: unknown, type: string): string | null | undefined {
  if (value === null || value === undefined) return null;
  if (binary.test(type)) return hexOf(value);
  if (!plainValue.test(type)) return undefined;
  switch (typeof value) {
    case "string":
      return value.isWellFormed() ? value : undefined;
    case "number":
      return Number.isFinite(value) ? String(value) : undefined;
    case "bigint":
      return String(value);
    case "boolean":
      return type === "json" ? undefined : String(Number(value));
    case "object":
      return objectText(value);
    default:
      return undefined;
  }
}

function objectText(value: object): string | undefined {
  if (value instanceof Uint8Array) return undefined;
  return value instanceof Date ? literal(value).slice(1, -1) : JSON.stringify(value);
}

function hexOf(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return typeof value === "string" && value.isWellFormed()
    ? Buffer.from(value).toString("hex")
    : undefined;
}
