/** A schema for each tenant. */
import type { TenantClaim, TenantRefusal, TenantSql } from "../../core/language/tenant-sql.ts";
import { stringLiteral } from "./literal.ts";
import { builtin, catalogOnly, operator } from "./own-names.ts";
import { quote, quoteNamed } from "./sql-text.ts";

/** What is no list of names, so the server refuses it as a search path, and says it in its message. */
const refusals: Readonly<Record<TenantRefusal, string>> = {
  not_free: "another process has this tenant, or had it",
  schema_missing: "the schema of this tenant is not there",
};

const longestSilenceMs = 60_000;

export const tenantSql: TenantSql = {
  here: `SELECT ${builtin("current_schema")}() AS schema`,
  claim,
  enter: (tenant, searchPath) => `SELECT ${setPath(stringLiteral(pathOf(tenant, searchPath)))}`,
  refusalOf: (message) =>
    (Object.keys(refusals) as TenantRefusal[]).find((one) => message.includes(refusals[one])),
  create: (tenant) => `CREATE SCHEMA IF NOT EXISTS ${quote(tenant)}`,
  drop: (tenant) => `DROP SCHEMA IF EXISTS ${quote(tenant)} CASCADE`,
  isThere: (tenant) =>
    `SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname ${operator("=")} ${stringLiteral(tenant)}) AS there`,
  ifNew: " ON CONFLICT DO NOTHING",
  room: `${catalogOnly}SELECT current_setting('max_connections')::int - count(*) AS free FROM pg_stat_activity`,
};

/**
 * The row lock ends with the transaction, so behind a pooler too, and with the connection of a process that was killed.
 * What the row says is looked at again once it is locked, so nothing is done that another has just done.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS
 */
function claim({ tenants, tenant, versions, quarantined, searchPath }: TenantClaim): string {
  const is = operator("=");
  const state = quarantined ? "" : ` AND state ${is} 'ready'`;
  const free = `SELECT FROM ${quoteNamed(tenants)} WHERE tenant ${is} ${stringLiteral(tenant)} AND versions ${is} ${stringLiteral(versions)}${state} FOR UPDATE SKIP LOCKED`;
  const there = `SELECT FROM pg_catalog.pg_namespace WHERE nspname ${is} ${stringLiteral(tenant)}`;
  const path = [
    `WHEN NOT EXISTS (${free}) THEN ${stringLiteral(refusals.not_free)}`,
    `WHEN NOT EXISTS (${there}) THEN ${stringLiteral(refusals.schema_missing)}`,
    `ELSE ${stringLiteral(pathOf(tenant, searchPath))}`,
  ];
  // A process that freezes in the middle of its code does not keep the tenant from others for ever.
  const silence = `${builtin("set_config")}('idle_in_transaction_session_timeout', '${longestSilenceMs}', true)`;
  return `SELECT ${setPath(`CASE ${path.join(" ")} END`)}, ${silence}`;
}

function setPath(value: string): string {
  return `${builtin("set_config")}('search_path', ${value}, true)`;
}

function pathOf(tenant: string, searchPath: readonly string[]): string {
  return [tenant, ...searchPath].map(quote).join(", ");
}
