/** Routines, triggers, rules, policies and types of a PostgreSQL catalog, one set query for each. */
import { comment, isOwn } from "./read-relations.ts";

const named = (space: string, name: string) =>
  `json_build_object('prefix', ${space}.nspname, 'name', ${name})`;

const tableOf = (column: string) =>
  `JOIN pg_class r ON r.oid = ${column} JOIN pg_namespace n ON n.oid = r.relnamespace`;

/** https://www.postgresql.org/docs/current/sql-createaggregate.html */
const aggregate = `(SELECT format('CREATE AGGREGATE %I.%I(%s) (%s)', n.nspname, p.proname,
    CASE WHEN g.aggkind = 'n' AND p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END,
    concat_ws(', ', 'SFUNC = ' || g.aggtransfn, 'STYPE = ' || format_type(g.aggtranstype, NULL),
      CASE WHEN g.aggtransspace <> 0 THEN 'SSPACE = ' || g.aggtransspace END,
      CASE WHEN g.aggfinalfn <> 0 THEN 'FINALFUNC = ' || g.aggfinalfn END,
      CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
      CASE WHEN g.aggcombinefn <> 0 THEN 'COMBINEFUNC = ' || g.aggcombinefn END,
      CASE WHEN g.aggserialfn <> 0 THEN 'SERIALFUNC = ' || g.aggserialfn END,
      CASE WHEN g.aggdeserialfn <> 0 THEN 'DESERIALFUNC = ' || g.aggdeserialfn END,
      'INITCOND = ' || quote_literal(g.agginitval),
      CASE WHEN g.aggmtransfn <> 0 THEN 'MSFUNC = ' || g.aggmtransfn END,
      CASE WHEN g.aggminvtransfn <> 0 THEN 'MINVFUNC = ' || g.aggminvtransfn END,
      CASE WHEN g.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(g.aggmtranstype, NULL) END,
      CASE WHEN g.aggmfinalfn <> 0 THEN 'MFINALFUNC = ' || g.aggmfinalfn END,
      'MINITCOND = ' || quote_literal(g.aggminitval),
      CASE WHEN g.aggsortop <> 0 THEN 'SORTOP = OPERATOR(' || g.aggsortop::regoper || ')' END,
      CASE g.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END,
      CASE p.proparallel WHEN 's' THEN 'PARALLEL = safe' WHEN 'r' THEN 'PARALLEL = restricted' END))
  FROM pg_aggregate g WHERE g.aggfnoid = p.oid)`;

export const routinesSql = `
SELECT 'pg_proc' AS class, p.oid::text AS oid, json_build_object('named', ${named("n", "p.proname")},
  'of', CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
  'arguments', pg_get_function_identity_arguments(p.oid),
  'definition', CASE WHEN p.prokind = 'a' THEN ${aggregate} ELSE pg_get_functiondef(p.oid) END,
  'comment', ${comment("p.oid", "pg_proc")})::text AS facts
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE ${isOwn("pg_proc", "p.oid", "n")} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
  AND d.objid = p.oid AND d.deptype = 'i')`;

export const triggersSql = `
SELECT 'pg_trigger' AS class, t.oid::text AS oid, json_build_object('kind', 'trigger', 'name', t.tgname,
  'table', ${named("n", "r.relname")}, 'definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled,
  'comment', ${comment("t.oid", "pg_trigger")})::text AS facts
FROM pg_trigger t ${tableOf("t.tgrelid")}
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND ${isOwn("pg_class", "r.oid", "n")}
UNION ALL
SELECT 'pg_rewrite', w.oid::text, json_build_object('kind', 'rule', 'name', w.rulename,
  'table', ${named("n", "r.relname")}, 'definition', pg_get_ruledef(w.oid), 'enabled', w.ev_enabled,
  'comment', ${comment("w.oid", "pg_rewrite")})::text
FROM pg_rewrite w ${tableOf("w.ev_class")} WHERE w.rulename <> '_RETURN' AND ${isOwn("pg_class", "r.oid", "n")}`;

/** https://www.postgresql.org/docs/current/sql-createpolicy.html */
export const policiesSql = `
SELECT 'pg_policy' AS class, p.oid::text AS oid, json_build_object('name', p.polname, 'table', ${named("n", "r.relname")},
  'definition', concat_ws(' ', format('CREATE POLICY %I ON %I.%I', p.polname, n.nspname, r.relname),
    CASE WHEN NOT p.polpermissive THEN 'AS RESTRICTIVE' END,
    CASE p.polcmd WHEN 'r' THEN 'FOR SELECT' WHEN 'a' THEN 'FOR INSERT' WHEN 'w' THEN 'FOR UPDATE' WHEN 'd' THEN 'FOR DELETE' END,
    CASE WHEN p.polroles <> '{0}' THEN 'TO ' || (SELECT string_agg(quote_ident(rolname), ', ' ORDER BY rolname)
      FROM pg_roles WHERE pg_roles.oid = ANY (p.polroles)) END,
    'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
    'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'),
  'comment', ${comment("p.oid", "pg_policy")})::text AS facts
FROM pg_policy p ${tableOf("p.polrelid")} WHERE ${isOwn("pg_class", "r.oid", "n")}`;

const collationOf = (
  column: string,
  type: string,
) => `CASE WHEN ${column} <> 0 AND ${column} <> ${type} THEN
  (SELECT format('%I.%I', cn.nspname, co.collname) FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
    WHERE co.oid = ${column}) END`;

/** https://www.postgresql.org/docs/current/sql-createtype.html */
const rangeOptions = (major: number) => `(SELECT json_agg(o) FROM (
  SELECT unnest(ARRAY['SUBTYPE = ' || format_type(g.rngsubtype, NULL),
    ${major >= 14 ? "'MULTIRANGE_TYPE_NAME = ' || g.rngmultitypid::regtype," : ""}
    CASE WHEN NOT oc.opcdefault THEN format('SUBTYPE_OPCLASS = %I.%I', ocn.nspname, oc.opcname) END,
    'COLLATION = ' || ${collationOf("g.rngcollation", "st.typcollation")},
    CASE WHEN g.rngcanonical <> 0 THEN 'CANONICAL = ' || g.rngcanonical END,
    CASE WHEN g.rngsubdiff <> 0 THEN 'SUBTYPE_DIFF = ' || g.rngsubdiff END]) AS o
  FROM pg_range g JOIN pg_opclass oc ON oc.oid = g.rngsubopc JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace
  JOIN pg_type st ON st.oid = g.rngsubtype WHERE g.rngtypid = t.oid) options WHERE o IS NOT NULL)`;

export const typesSql = (major: number) => `
SELECT 'pg_type' AS class, t.oid::text AS oid, t.typrelid::text AS relation, json_build_object(
  'kind', t.typtype, 'named', ${named("n", "t.typname")},
  'values', (SELECT json_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
  'type', CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
  'collation', CASE t.typtype WHEN 'd' THEN ${collationOf("t.typcollation", "(SELECT typcollation FROM pg_type b WHERE b.oid = t.typbasetype)")} END,
  'default', CASE t.typtype WHEN 'd' THEN coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) END,
  'notNull', t.typnotnull, 'notNullName', ${major >= 17 ? "(SELECT conname FROM pg_constraint WHERE contypid = t.oid AND contype = 'n')" : "NULL"},
  'checks', (SELECT json_agg(json_build_object('name', conname, 'definition', pg_get_constraintdef(oid),
    'validated', convalidated, 'comment', ${comment("oid", "pg_constraint")}) ORDER BY conname)
    FROM pg_constraint WHERE contypid = t.oid AND contype = 'c'),
  'range', CASE t.typtype WHEN 'r' THEN ${rangeOptions(major)} END,
  'comment', ${comment("t.oid", "pg_type")})::text AS facts
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c') AND ${isOwn("pg_type", "t.oid", "n")}`;
