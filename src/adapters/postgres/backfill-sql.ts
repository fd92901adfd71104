/** What backfills ask of PostgreSQL. */
import type { BackfillSql, RowUpdates } from "../../core/backfill/backfill-sql.ts";
import type { Named } from "../../core/schema/operation.ts";
import { literal } from "./literal.ts";
import { catalogOnly, operator } from "./own-names.ts";
import { quote, quoteNamed } from "./sql-text.ts";

/**
 * Of a connection that a user may not see there is hardly more than its number and its user.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW
 */
const ofOthers =
  "count(*) FILTER (WHERE backend_type IS NULL) AS hidden FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name NOT LIKE 'slipway%' AND usesysid > 0 AND datid > 0 AND coalesce(backend_type, 'client backend') = 'client backend'";

export const backfillSql: BackfillSql = {
  nowMs: `(extract(epoch FROM pg_catalog.clock_timestamp()) ${operator("*")} 1000)::bigint`,
  inexact: /^(bigint|numeric|money|date|time|interval)/,
  withoutText: /^(json|jsonb|bit.*|.*\[\])$/,
  locking: " FOR NO KEY UPDATE",
  tableFacts,
  activity: {
    active: `${catalogOnly}SELECT count(*) FILTER (WHERE state ~ '^(active|fastpath)') AS value, ${ofOthers}`,
    oldestMs: `${catalogOnly}SELECT greatest(0, extract(epoch FROM clock_timestamp() - least(min(xact_start), (SELECT min(prepared) FROM pg_prepared_xacts))) * 1000)::bigint AS value, ${ofOthers}`,
  },
  updateRows: (updates) => ({ sqls: [unnested(updates)], single: [] }),
};

function tableFacts(table: Named) {
  const is = operator("=");
  const relation = `pg_catalog.to_regclass(${literal(quoteNamed(table))})`;
  return {
    columns: `SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull::int AS not_null, (a.atthasdef OR a.attidentity ${operator("<>")} '')::int AS has_default FROM pg_catalog.pg_attribute a WHERE a.attrelid ${is} ${relation} AND a.attnum ${operator(">")} 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    unique: `SELECT i.indexrelid::pg_catalog.text AS index_name, a.attname AS name FROM pg_catalog.pg_index i CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(attnum, place) JOIN pg_catalog.pg_attribute a ON a.attrelid ${is} i.indrelid AND a.attnum ${is} k.attnum WHERE i.indrelid ${is} ${relation} AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place ${operator("<=")} i.indnkeyatts ORDER BY i.indexrelid, k.place`,
    about: `SELECT c.reltuples::bigint::pg_catalog.text AS estimate, (SELECT pg_catalog.count(*) FROM pg_catalog.pg_trigger t WHERE t.tgrelid ${is} c.oid AND NOT t.tgisinternal)::pg_catalog.text AS triggers FROM pg_catalog.pg_class c WHERE c.oid ${is} ${relation}`,
  };
}

/** One array of text a column: the server reads each value as it reads its text. */
function unnested({ table, keys, columns, rows }: RowUpdates): string {
  const target = quoteNamed(table);
  const parts = [
    ...keys.map(({ type }, i) => ({
      name: `slipway_k${i}`,
      type,
      values: rows.map(({ key }) => key[i] ?? null),
    })),
    ...columns.map(({ type }, i) => ({
      name: `slipway_v${i}`,
      type,
      values: rows.map(({ values }) => textOf(values[i], type)),
    })),
  ];
  const arrays = parts.map(({ values, type }) => `${arrayLiteral(values)}::${looseType(type)}[]`);
  const set = columns.map(
    ({ name, type }, i) =>
      `${quote(name)} = slipway_fresh.slipway_v${i}${isArray(type) ? `::${type}` : ""}`,
  );
  const same = keys.map(({ name }, i) => `${target}.${quote(name)} = slipway_fresh.slipway_k${i}`);
  return `UPDATE ${target} SET ${set.join(", ")} FROM unnest(${arrays.join(", ")}) AS slipway_fresh(${parts.map(({ name }) => name).join(", ")}) WHERE ${same.join(" AND ")}`;
}

/** Without a length: a cast would cut what an assignment refuses. An array of arrays would come out flat. */
function looseType(type: string): string {
  if (isArray(type) || type.startsWith("character")) return "text";
  return type.replace(/\(\d+(,-?\d+)?\)/, "").replace(/^bit$/, "bit varying");
}

function isArray(type: string): boolean {
  return type.endsWith("[]");
}

/** A value as the text that its type reads. Lists are arrays of PostgreSQL's unless the column is JSON. */
function textOf(value: unknown, type = ""): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string" && type.startsWith("json")) return JSON.stringify(value);
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return `{${value.map(element).join(",")}}`;
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
