/** The roles of a server, which are of no schema. */
import type { CatalogQuery } from "../../../core/catalog/catalog-access.ts";

/**
 * The statement that makes a role, or a member of one, where it is missing; and the roles that it
 * names.
 */
export type RoleStatement = { readonly roles: readonly string[]; readonly sql: string };

/** All roles but the server's own, each as the statement that makes it where it is missing, without its password. */
export async function readPostgresRoles(query: CatalogQuery): Promise<readonly RoleStatement[]> {
  const rows = await query(rolesSql);
  return rows.map(({ roles, sql }) => ({ roles: roles as readonly string[], sql: String(sql) }));
}

const own = "rolname !~ '^pg_'";

/** https://www.postgresql.org/docs/current/sql-createrole.html */
const rolesSql = `SELECT roles, sql FROM (
  SELECT 1 AS place, ARRAY[rolname::text] AS roles, format(E'DO $slipway$\\nBEGIN\\n  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = %L) THEN\\n    CREATE ROLE %I%s;\\n  END IF;\\nEND\\n$slipway$',
    rolname, rolname, concat(CASE WHEN rolsuper THEN ' SUPERUSER' END, CASE WHEN rolcreatedb THEN ' CREATEDB' END, CASE WHEN rolcreaterole THEN ' CREATEROLE' END,
      CASE WHEN NOT rolinherit THEN ' NOINHERIT' END, CASE WHEN rolcanlogin THEN ' LOGIN' END, CASE WHEN rolreplication THEN ' REPLICATION' END,
      CASE WHEN rolbypassrls THEN ' BYPASSRLS' END, CASE WHEN rolconnlimit >= 0 THEN ' CONNECTION LIMIT ' || rolconnlimit END)) AS sql
  FROM pg_catalog.pg_roles WHERE ${own}
  UNION
  SELECT 2, ARRAY[r.rolname::text, m.rolname::text], format('GRANT %I TO %I%s', r.rolname, m.rolname, CASE WHEN a.admin_option THEN ' WITH ADMIN OPTION' END)
  FROM pg_catalog.pg_auth_members a JOIN pg_catalog.pg_roles r ON r.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member WHERE m.${own}) all_
ORDER BY place, sql COLLATE "C"`;
