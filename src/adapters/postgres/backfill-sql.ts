/** The SQL of backfills for PostgreSQL. */
import type {
  BackfillSql,
  ColumnFacts,
  RowSecurity,
  RowUpdates,
} from "../../core/language/backfill-sql.ts";
import { literal, stringLiteral } from "./literal.ts";
import { builtin, catalogOnly, operator } from "./own-names.ts";
import { signals } from "./signals.ts";
import { quote, quoteNamed } from "./sql-text.ts";
import { statistics } from "./statistics.ts";
import { tableFacts } from "./table-facts.ts";
import { valueSettings } from "./value-settings.ts";

/**
 * Of a connection that a user may not see there is hardly more than its number and its user.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW
 */
const ofOthers =
  "count(*) FILTER (WHERE backend_type IS NULL) AS hidden FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name NOT LIKE 'slipway%' AND usesysid > 0 AND datid > 0 AND coalesce(backend_type, 'client backend') = 'client backend'";

/** A function, so that a built release without backfills has none of it. */
export const backfillSql = (): BackfillSql => ({
  nowMs: `(extract(epoch FROM pg_catalog.clock_timestamp()) ${operator("*")} 1000)::bigint`,
  inexact: /^_?(int8|numeric|money|date|timestamp(tz)?|time(tz)?|interval)$/,
  // The text of money is that of a language, and "char" is a byte, which may be half of a character.
  withoutText: /^(money|char)$/,
  locking: " FOR NO KEY UPDATE",
  lockOwn: { wait: " FOR UPDATE", skip: " FOR UPDATE SKIP LOCKED" },
  limits: ({ lockTimeoutMs, timeoutMs, silenceMs }) => [
    `SET LOCAL lock_timeout = ${lockTimeoutMs}`,
    `SET LOCAL statement_timeout = ${timeoutMs}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${silenceMs}`,
  ],
  log: {
    place: "pg_catalog.pg_current_wal_insert_lsn()::pg_catalog.text",
    since: (place) =>
      `pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '${place}')::bigint`,
  },
  statistics: statistics(),
  // Not the identifier of the system: a server that was made of a copy of another has the same one.
  server: `${catalogOnly}SELECT concat_ws('/', extract(epoch FROM pg_postmaster_start_time()), current_setting('port')) AS value`,
  signals: signals(),
  tableFacts,
  activity: {
    active: `${catalogOnly}SELECT count(*) FILTER (WHERE state ~ '^(active|fastpath)') AS value, ${ofOthers}`,
    oldestMs: `${catalogOnly}SELECT greatest(0, extract(epoch FROM clock_timestamp() - least(min(xact_start), (SELECT min(prepared) FROM pg_prepared_xacts))) * 1000)::bigint AS value, ${ofOthers}`,
  },
  settings,
  keyText: text,
  exactly: text,
  compare,
  keyLiteral: (value, { cast }) => `CAST(${stringLiteral(value)} AS ${cast})`,
  updateRows: (updates) => ({ sqls: [unnested(updates)], single: [] }),
});

/**
 * Off makes the server refuse a statement whose rows a policy would filter, instead of filtering
 * them.
 * https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-ROW-SECURITY
 */
export function rowSecurity(meant: RowSecurity): string {
  return `SET LOCAL row_security = ${meant === "as-role" ? "on" : "off"}`;
}

/** READ COMMITTED, because a stricter isolation fails where rows are changed meanwhile. */
function settings(meant: RowSecurity): readonly string[] {
  const values = Object.entries(valueSettings);
  return [
    "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
    rowSecurity(meant),
    ...values.map(([name, value]) => `SET LOCAL ${name} = ${literal(value)}`),
  ];
}

/** A moment is written in UTC, whatever the zone of the session is. */
function text(expression: string, { base }: Pick<ColumnFacts, "base">): string {
  return base === "timestamptz"
    ? `pg_catalog.regexp_replace(CAST(${expression} AT TIME ZONE 'UTC' AS pg_catalog.text), '([0-9])( BC)?$', E'\\\\1+00\\\\2')`
    : `CAST(${expression} AS pg_catalog.text)`;
}

function compare(sign: string, { operators = "pg_catalog" }: Pick<ColumnFacts, "operators">) {
  return `OPERATOR(${quote(operators)}.${sign})`;
}

/** One array of text a column: the server reads each value as it reads its text. */
function unnested({ table, keys, columns, rows }: RowUpdates): string {
  const target = quoteNamed(table);
  const parts = [
    ...keys.map((column, i) => ({
      name: `slipway_k${i}`,
      type: isLarge(column) ? builtin("text") : column.cast,
      values: rows.map(({ key }) => key[i] ?? null),
    })),
    ...columns.map((column, i) => ({
      name: `slipway_v${i}`,
      type: looseType(column),
      values: rows.map(({ values }) => textOf(values[i], column.base)),
    })),
  ];
  const arrays = parts.map(
    ({ values, type }) => `pg_catalog.unnest(${arrayLiteral(values)}::${type}[])`,
  );
  const fresh = (name: string, column: Type) =>
    `slipway_fresh.${name}${isLarge(column) ? `::${column.cast}` : ""}`;
  const set = columns.map(
    (column, i) => `${quote(column.name)} = ${fresh(`slipway_v${i}`, column)}`,
  );
  const same = keys.map(
    (column, i) =>
      `${target}.${quote(column.name)} ${compare("=", column)} ${fresh(`slipway_k${i}`, column)}`,
  );
  return `UPDATE ${target} SET ${set.join(", ")} FROM ROWS FROM (${arrays.join(", ")}) AS slipway_fresh(${parts.map(({ name }) => name).join(", ")}) WHERE ${same.join(" AND ")}`;
}

type Type = Pick<ColumnFacts, "type" | "base" | "cast">;

/** Whether `unnest` would take values apart: arrays of arrays, and arrays of rows. */
function isLarge({ base, cast }: Type): boolean {
  return base === "record" || cast.endsWith("[]");
}

/** The type without a length: a cast would cut a value that an assignment refuses. */
function looseType(column: Type): string {
  const { type, base } = column;
  if (isLarge(column) || base === "varchar" || base === "bpchar") return builtin("text");
  return base === "bit" ? "bit varying" : type.replace(/\(\d+(,-?\d+)?\)/, "");
}

/** A value as the text that its type reads. Lists are arrays of PostgreSQL's unless the column is JSON. */
function textOf(value: unknown, base = ""): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string" && base.startsWith("json")) return JSON.stringify(value);
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return `{${value.map(element).join(",")}}`;
  if (Object.is(value, -0)) return "-0";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function arrayLiteral(values: readonly (string | null)[]): string {
  return literal(`{${values.map(quotedElement).join(",")}}`);
}

function element(value: unknown): string {
  return Array.isArray(value) ? `{${value.map(element).join(",")}}` : quotedElement(textOf(value));
}

/** https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function quotedElement(text: string | null): string {
  return text === null ? "NULL" : `"${text.replaceAll(/[\\"]/g, "\\$&")}"`;
}
