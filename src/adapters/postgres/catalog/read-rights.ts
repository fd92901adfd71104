/** Reads who may do what with the objects, as statements that grant it. */
import type { CatalogQuery, RightStatement } from "../../../core/catalog/catalog-access.ts";

/**
 * All grants but those that a new object has by itself, and but its owner's own; and the rights that are given to what
 * is made later. Where the connection finds names by `search_path` does not matter.
 */
export async function readPostgresRights(query: CatalogQuery): Promise<readonly RightStatement[]> {
  await query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    await query("SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)");
    const rows = await query(rightsSql);
    return rows.map(({ object, sql }) =>
      object === null ? { sql: String(sql) } : { object: String(object), sql: String(sql) },
    );
  } finally {
    await query("ROLLBACK");
  }
}

/** The rights that the server itself has granted on it, and the letter of its kind. */
const first = (classOf: string, oid: string, kind: string) =>
  `(SELECT initprivs FROM pg_init_privs WHERE objoid = ${oid} AND classoid = '${classOf}'::regclass AND objsubid = 0) AS initial, ${kind}::"char" AS kind`;

/** Each object with its ACL. https://www.postgresql.org/docs/current/ddl-priv.html */
const acls = `
  SELECT CASE c.relkind WHEN 'S' THEN coalesce((SELECT 'table ' || tn.nspname || '.' || t.relname FROM pg_depend d
      JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'), 'sequence ' || n.nspname || '.' || c.relname)
    WHEN 'f' THEN 'foreign table ' || format('%I.%I', n.nspname, c.relname)
    ELSE CASE WHEN c.relkind IN ('v', 'm') THEN 'view ' ELSE 'table ' END || n.nspname || '.' || c.relname END AS object, '' AS begin,
    CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || format('%I.%I', n.nspname, c.relname) AS target, '' AS part,
    c.relacl AS acl, ${first("pg_class", "c.oid", "CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END")}, c.relowner AS owner
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT CASE WHEN c.relkind IN ('v', 'm') THEN 'view ' WHEN c.relkind = 'f' THEN 'foreign table ' ELSE 'table ' END || n.nspname || '.' || c.relname, '',
    'TABLE ' || format('%I.%I', n.nspname, c.relname), format(' (%I)', a.attname), a.attacl, NULL::aclitem[], NULL::"char", c.relowner
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT 'schema ' || quote_ident(n.nspname), '', 'SCHEMA ' || quote_ident(n.nspname), '', n.nspacl, ${first("pg_namespace", "n.oid", "'n'")}, n.nspowner
  FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END || n.nspname || '.' || p.proname
      || '(' || pg_get_function_identity_arguments(p.oid) || ')', '',
    'ROUTINE ' || format('%I.%I(%s)', n.nspname, p.proname, CASE WHEN p.prokind = 'a' AND p.pronargs = 0 THEN '*' ELSE pg_get_function_identity_arguments(p.oid) END),
    '', p.proacl, ${first("pg_proc", "p.oid", "'f'")}, p.proowner
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT 'type ' || n.nspname || '.' || t.typname, '', 'TYPE ' || format('%I.%I', n.nspname, t.typname), '', t.typacl, ${first("pg_type", "t.oid", "'T'")}, t.typowner
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND (SELECT relkind FROM pg_class r WHERE r.oid = t.typrelid) = 'c') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT 'language ' || quote_ident(lanname), '', 'LANGUAGE ' || quote_ident(lanname), '', lanacl, ${first("pg_language", "l.oid", "'l'")}, lanowner
  FROM pg_language l WHERE lanispl
  UNION ALL
  SELECT 'foreign data wrapper ' || quote_ident(fdwname), '', 'FOREIGN DATA WRAPPER ' || quote_ident(fdwname), '', fdwacl, ${first("pg_foreign_data_wrapper", "w.oid", "'F'")}, fdwowner
  FROM pg_foreign_data_wrapper w
  UNION ALL
  SELECT 'server ' || quote_ident(srvname), '', 'FOREIGN SERVER ' || quote_ident(srvname), '', srvacl, ${first("pg_foreign_server", "s.oid", "'S'")}, srvowner
  FROM pg_foreign_server s`;

/**
 * The rights on objects that are made later.
 * https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html
 */
const defaults = `
  SELECT NULL AS object, concat_ws(' ', 'ALTER DEFAULT PRIVILEGES', CASE WHEN pg_get_userbyid(defaclrole) <> current_user THEN 'FOR ROLE ' || quote_ident(pg_get_userbyid(defaclrole)) END,
      'IN SCHEMA ' || quote_ident(n.nspname)) || ' ' AS begin,
    CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'ROUTINES' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END AS target, '' AS part,
    defaclacl AS acl, CASE WHEN defaclnamespace = 0 THEN acldefault(CASE defaclobjtype WHEN 'S' THEN 's' ELSE defaclobjtype END, defaclrole) END, NULL::"char", defaclrole
  FROM pg_default_acl LEFT JOIN pg_namespace n ON n.oid = defaclnamespace`;

const grantee = "CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END";

/**
 * Compares with the rights that the one who looks would have by making the object: the owner is
 * left out, and whoever makes the object anew has all rights on it. Rights that only `usual` has
 * are revoked, and rights that only `acl` has are granted.
 */
const rightsSql = `WITH acls AS (${acls}
  UNION ALL${defaults}), me AS (SELECT oid AS me FROM pg_roles WHERE rolname = current_user), granted AS (
  SELECT object, begin, target, part, coalesce(acl, acldefault(kind, owner)) AS acl, coalesce(initial, acldefault(kind, me)) AS usual, me FROM acls, me
  WHERE acl IS NOT NULL OR owner <> me), changes AS (
  SELECT 1 AS place, object, begin || 'REVOKE ' || string_agg(privilege_type || part, ', ' ORDER BY privilege_type, part) || ' ON ' || target || ' FROM ' || ${grantee} AS sql
  FROM granted, LATERAL (SELECT grantee, privilege_type FROM aclexplode(usual) EXCEPT SELECT grantee, privilege_type FROM aclexplode(acl)) e
  WHERE grantee <> me GROUP BY object, begin, target, grantee
  UNION ALL
  SELECT 2, object, begin || 'GRANT ' || string_agg(privilege_type || part, ', ' ORDER BY privilege_type, part) || ' ON ' || target || ' TO ' || ${grantee}
    || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
  FROM granted, LATERAL (SELECT grantee, privilege_type, is_grantable FROM aclexplode(acl) EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(usual)) e
  WHERE grantee <> me GROUP BY object, begin, target, grantee, is_grantable)
SELECT object, sql FROM changes ORDER BY object IS NULL, object COLLATE "C", place, sql COLLATE "C"`;
