/** Keeps the rights on an object that is made anew. Meanwhile its session remembers them. */
import type { SchemaObject } from "../../../core/catalog/catalog.ts";
import type { KeptRights } from "../../../core/catalog/catalog-access.ts";
import { stringLiteral } from "../literal.ts";
import { quoteNamed } from "../sql-text.ts";

/**
 * Looks when it runs, so that it finds rights that somebody granted by hand too: to whom and by
 * which column, and who owns the object. `number` tells it from others of the same session. Nothing
 * where no rights go with the object.
 */
export function keptRights(object: SchemaObject, number: number): KeptRights | undefined {
  const rights = rightsSql(object);
  if (rights === undefined) return undefined;
  const setting = stringLiteral(`slipway.granted_${number}`);
  return {
    keep: `DO $slipway$
DECLARE
  path text := current_setting('search_path');
BEGIN
  PERFORM set_config('search_path', 'pg_catalog', true);
  PERFORM set_config(${setting}, coalesce((SELECT string_agg(command, '; ' ORDER BY place, command) FROM (
${rights}
  ) AS commands), ''), false);
  PERFORM set_config('search_path', path, true);
END
$slipway$`,
    giveBack: `DO $slipway$
BEGIN
  IF current_setting(${setting}, true) <> '' THEN
    EXECUTE current_setting(${setting});
  END IF;
END
$slipway$`,
  };
}

function rightsSql(object: SchemaObject): string | undefined {
  if (object.kind === "view") {
    const { named, materialized } = object;
    const of = `${stringLiteral(quoteNamed(named))}::regclass`;
    return commands({
      from: `pg_class WHERE oid = ${of}`,
      ...{ owner: "relowner", acl: "relacl" },
      grant: `TABLE ${quoteNamed(named)}`,
      alter: `${materialized ? "MATERIALIZED VIEW" : "VIEW"} ${quoteNamed(named)}`,
      parts: `
      UNION ALL
      SELECT format(' (%I)', attname), attacl, (SELECT relowner FROM pg_class WHERE oid = attrelid) FROM pg_attribute
      WHERE attrelid = ${of} AND attnum > 0 AND NOT attisdropped`,
    });
  }
  if (object.kind !== "routine") return undefined;
  const { named, arguments: given, of } = object;
  const what = `ROUTINE ${quoteNamed(named)}(${of === "aggregate" && given === "" ? "*" : given})`;
  return commands({
    from: `pg_proc WHERE proname = ${stringLiteral(named.name)} AND pronamespace = ${stringLiteral(quoteNamed({ name: named.prefix ?? "public" }))}::regnamespace
      AND pg_get_function_identity_arguments(oid) = ${stringLiteral(given)}`,
    ...{ owner: "proowner", acl: "proacl", grant: what, alter: what, parts: "" },
  });
}

type Rights = {
  readonly from: string;
  readonly owner: string;
  readonly acl: string;
  /** As GRANT names it. */
  readonly grant: string;
  /** As ALTER names it. */
  readonly alter: string;
  /** Rights of its columns, in the form of the whole. */
  readonly parts: string;
};

/** https://www.postgresql.org/docs/current/ddl-priv.html An ACL that is NULL is what every new object has. */
function commands({ from, owner, acl, grant, alter, parts }: Rights): string {
  const text = stringLiteral(` ON ${grant} `);
  return `    SELECT 1 AS place, ${stringLiteral(`ALTER ${alter} OWNER TO `)} || quote_ident(pg_get_userbyid(${owner})) AS command
    FROM ${from} AND pg_get_userbyid(${owner}) <> current_user
    UNION ALL
    SELECT 2, 'REVOKE ALL' || ${text} || 'FROM PUBLIC' FROM ${from} AND ${acl} IS NOT NULL
    UNION ALL
    SELECT 3, 'GRANT ' || privilege_type || part || ${text} || 'TO '
      || CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
      || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    FROM (
      SELECT '' AS part, ${acl} AS acl, ${owner} AS owner FROM ${from}${parts}
    ) AS granted, aclexplode(acl) WHERE grantee <> owner`;
}
