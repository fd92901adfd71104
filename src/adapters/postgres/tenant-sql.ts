/** A schema for each tenant. */
import type {
  TenantClaim,
  TenantRecord,
  TenantRefusal,
  TenantSql,
} from "../../core/language/tenant-sql.ts";
import type { Named } from "../../core/model/named.ts";
import { stringLiteral } from "./literal.ts";
import { builtin, catalogOnly, operator } from "./own-names.ts";
import { quote, quoteNamed } from "./sql-text.ts";

/**
 * Texts that are no numbers, so the server refuses them as a time and quotes them in its message.
 */
const refusals: Readonly<Record<TenantRefusal, string>> = {
  not_free: "another process has this tenant, or had it",
  schema_missing: "the schema of this tenant is not there",
};

const longestSilenceMs = 60_000;

export const tenantSql: TenantSql = {
  here: `SELECT ${builtin("current_schema")}() AS schema`,
  claim,
  claimAndRecord,
  silence: `SET LOCAL idle_in_transaction_session_timeout = ${longestSilenceMs}`,
  enter: (tenant, searchPath) =>
    `SET LOCAL search_path = ${[tenant, ...searchPath].map(quote).join(", ")}`,
  refusalOf: (message) =>
    (Object.keys(refusals) as TenantRefusal[]).find((one) => message.includes(refusals[one])),
  create: (tenant) => `CREATE SCHEMA IF NOT EXISTS ${quote(tenant)}`,
  drop: (tenant) => `DROP SCHEMA IF EXISTS ${quote(tenant)} CASCADE`,
  isThere: (tenant) =>
    `SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname ${operator("=")} ${stringLiteral(tenant)}) AS there`,
  withRow: (update, table, values) =>
    `WITH changed AS (${update} RETURNING 1) INSERT INTO ${quoteNamed(table)} (${Object.keys(values).map(quote).join(", ")}) SELECT ${Object.values(values).join(", ")} FROM changed`,
  ifNew: " ON CONFLICT DO NOTHING",
  room: `${catalogOnly}SELECT current_setting('max_connections')::int - count(*) AS free FROM pg_stat_activity`,
  pace,
};

/** The time of a row has whole seconds, so a run that was shorter says nothing. */
function pace(history: Named): string {
  const of = quoteNamed(history);
  const newest = `SELECT run_id FROM ${of} WHERE run_id IS NOT NULL ORDER BY inserted_at DESC LIMIT 1`;
  const span = `${builtin("max")}(inserted_at) ${operator("-")} ${builtin("min")}(inserted_at)`;
  return `SELECT ${builtin("count")}(DISTINCT tenant)::int AS tenants, extract(epoch FROM ${span})::double precision AS seconds FROM ${of} WHERE run_id ${operator("=")} (${newest})`;
}

/**
 * The row lock ends with the transaction, so behind a pooler too, and with the connection of a
 * process that was killed. Slipway checks the row again once it is locked, so nothing is done that
 * another has just done. A refusal is the value of a setting that takes numbers only, because a
 * server that keeps the statement would make it anew for each tenant if it set the search path.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS
 */
function claim(name: string, at: TenantClaim): string {
  return `SELECT ${setLocal(silenceName, refusing(name, free(name, at)))}`;
}

/** The row of a tenant that nobody has, locked. */
function free(name: string, { tenants, versions, quarantined }: TenantClaim): string {
  const is = operator("=");
  const state = quarantined ? "" : ` AND state ${is} 'ready'`;
  return `SELECT FROM ${quoteNamed(tenants)} WHERE tenant ${is} ${name} AND versions ${is} ${stringLiteral(versions)}${state} FOR UPDATE SKIP LOCKED`;
}

/** How long the transaction may be silent, or why there is none: `taken` has a row where the tenant is ours. */
function refusing(name: string, taken: string): string {
  const there = `SELECT FROM pg_catalog.pg_namespace WHERE nspname ${operator("=")} ${name}`;
  const silence = [
    `WHEN NOT EXISTS (${taken}) THEN ${stringLiteral(refusals.not_free)}`,
    `WHEN NOT EXISTS (${there}) THEN ${stringLiteral(refusals.schema_missing)}`,
    // A process that freezes in the middle of its code does not keep the tenant from others for ever.
    `ELSE '${longestSilenceMs}'`,
  ];
  return `CASE ${silence.join(" ")} END`;
}

const silenceName = "idle_in_transaction_session_timeout";

function setLocal(setting: string, value: string): string {
  return `${builtin("set_config")}('${setting}', ${value}, true)`;
}

/**
 * A statement that writes takes its rows from those that were changed, so that a row of the history
 * is there with the tenant's or not at all. The same without it is dearer by a fifth for the
 * server, and by as much for who reads its answers.
 */
function claimAndRecord(
  name: string,
  at: TenantClaim,
  { settings, sets, history, columns, rows }: TenantRecord,
): string | undefined {
  const own = settings.map((sql) => /^SET LOCAL (\w+) = (\d+)$/.exec(sql));
  if (own.some((one) => one === null)) return undefined;
  const limits = own.map((one) => setLocal(one![1]!, `'${one![2]}'`));
  const set = Object.entries(sets).map(([column, value]) => `${quote(column)} = ${value}`);
  const is = operator("=");
  const names = columns.map(quote).join(", ");
  const values = rows.map((row) => `(${row.join(", ")})`).join(", ");
  const parts = [
    `claimed AS (${free(name, at)})`,
    `changed AS (UPDATE ${quoteNamed(at.tenants)} SET ${set.join(", ")} WHERE tenant ${is} ${name} AND EXISTS (SELECT FROM claimed) RETURNING tenant)`,
    `recorded AS (INSERT INTO ${quoteNamed(history)} (tenant, ${names}) SELECT changed.tenant, ran.* FROM changed, (VALUES ${values}) AS ran)`,
  ];
  const silence = setLocal(silenceName, refusing(name, "SELECT FROM changed"));
  return `WITH ${parts.join(", ")} SELECT ${[...limits, silence].join(", ")}`;
}
