/**
 * Reads the objects with a name and a separate statement, their needs, and those that cannot be
 * written: one set query for each.
 */
import { firstOwn } from "./first-own.ts";
import { plain } from "./plain-sql.ts";
import { comment, isOwn } from "./read-relations.ts";
import type { SomeKind } from "./there.ts";

type PlainKind = Extract<
  SomeKind,
  "extension" | "collation" | "statistics" | "event_trigger" | "publication" | "cast"
>;

const publication = (major: number) => `concat_ws(' ', format('CREATE PUBLICATION %I', p.pubname),
    CASE WHEN p.puballtables THEN 'FOR ALL TABLES' ELSE 'FOR ' || nullif(concat_ws(', ', (
      SELECT string_agg(format('TABLE ONLY %I.%I', n.nspname, r.relname)${
        major >= 15
          ? ` || coalesce((SELECT ' (' || string_agg(quote_ident(attname), ', ' ORDER BY k.ord) || ')' FROM unnest(x.prattrs) WITH ORDINALITY k(num, ord)
        JOIN pg_attribute ON attrelid = x.prrelid AND attnum = k.num), '') || coalesce(' WHERE (' || pg_get_expr(x.prqual, x.prrelid) || ')', '')`
          : ""
      }, ', ' ORDER BY n.nspname, r.relname) FROM pg_publication_rel x JOIN pg_class r ON r.oid = x.prrelid
        JOIN pg_namespace n ON n.oid = r.relnamespace WHERE x.prpubid = p.oid)${
          major >= 15
            ? `, (SELECT string_agg('TABLES IN SCHEMA ' || quote_ident(nspname), ', ' ORDER BY nspname) FROM pg_publication_namespace x
      JOIN pg_namespace n ON n.oid = x.pnnspid WHERE x.pnpubid = p.oid)`
            : ""
        }), '') END,
    format('WITH (publish = %L, publish_via_partition_root = %s${major >= 18 ? "%s" : ""})', concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END,
      CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END,
      CASE WHEN p.pubtruncate THEN 'truncate' END), p.pubviaroot::text${major >= 18 ? ", CASE p.pubgencols WHEN 's' THEN ', publish_generated_columns = stored' ELSE '' END" : ""}))`;

const collation = (major: number) => {
  const locale = major >= 17 ? "c.colllocale" : major >= 15 ? "c.colliculocale" : "NULL";
  return `format('CREATE COLLATION %I.%I (%s)', n.nspname, c.collname, concat_ws(', ',
    'provider = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
    'locale = ' || quote_literal(coalesce(${locale}, c.collcollate)),
    ${major >= 16 ? "'rules = ' || quote_literal(c.collicurules)," : ""}
    CASE WHEN NOT c.collisdeterministic THEN 'deterministic = false' END))`;
};

const eventTriggerState = `(SELECT json_build_array(format('ALTER EVENT TRIGGER %I ', t.evtname) || word)
    FROM (VALUES ('D', 'DISABLE'), ('R', 'ENABLE REPLICA'), ('A', 'ENABLE ALWAYS')) states(state, word) WHERE state = t.evtenabled)`;

/** Each kind with what reads it. */
export const plainSqls = (major: number): Readonly<Record<"schema" | PlainKind, string>> => ({
  schema: `SELECT 'pg_namespace' AS class, n.oid::text AS oid, ${plain("schema", {
    label: "format('SCHEMA %I', n.nspname)",
    definition: "format('CREATE SCHEMA %I', n.nspname)",
  })}, 'comment', ${comment("n.oid", "pg_namespace")})::text AS facts
FROM pg_namespace n WHERE ${isOwn("pg_namespace", "n.oid", "n")}`,
  extension: `SELECT 'pg_extension' AS class, e.oid::text AS oid, ${plain("extension", {
    label: "format('EXTENSION %I', e.extname)",
    definition: "format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', e.extname, n.nspname)",
  })}, 'newest', a.default_version, 'version', CASE WHEN a.default_version <> e.extversion AND EXISTS (
    SELECT FROM pg_available_extension_versions() v WHERE v.name = e.extname AND v.version = e.extversion) THEN e.extversion END,
  'comment', ${comment("e.oid", "pg_extension")})::text AS facts
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
  LEFT JOIN pg_available_extensions() a ON a.name = e.extname WHERE e.oid >= ${firstOwn}`,
  collation: `SELECT 'pg_collation' AS class, c.oid::text AS oid, ${plain("collation", {
    label: "format('COLLATION %I.%I', n.nspname, c.collname)",
    definition: collation(major),
  })}, 'comment', ${comment("c.oid", "pg_collation")})::text AS facts
FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE ${isOwn("pg_collation", "c.oid", "n")}`,
  statistics: `SELECT 'pg_statistic_ext' AS class, s.oid::text AS oid, ${plain("statistics", {
    label: "format('STATISTICS %I.%I', n.nspname, s.stxname)",
    definition: "pg_get_statisticsobjdef(s.oid)",
    after: `CASE WHEN s.stxstattarget >= 0 THEN json_build_array(format('ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget)) END`,
  })}, 'comment', ${comment("s.oid", "pg_statistic_ext")})::text AS facts
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${isOwn("pg_statistic_ext", "s.oid", "n")}`,
  event_trigger: `SELECT 'pg_event_trigger' AS class, t.oid::text AS oid, ${plain("event trigger", {
    label: "format('EVENT TRIGGER %I', t.evtname)",
    definition: `concat_ws(' ', format('CREATE EVENT TRIGGER %I ON %s', t.evtname, t.evtevent),
    'WHEN TAG IN (' || (SELECT string_agg(quote_literal(g), ', ') FROM unnest(t.evttags) g) || ')',
    'EXECUTE FUNCTION ' || t.evtfoid::regproc || '()')`,
    after: eventTriggerState,
  })}, 'comment', ${comment("t.oid", "pg_event_trigger")})::text AS facts
FROM pg_event_trigger t WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_event_trigger'::regclass
  AND d.objid = t.oid AND d.deptype = 'e')`,
  publication: `SELECT 'pg_publication' AS class, p.oid::text AS oid, ${plain("publication", {
    label: "format('PUBLICATION %I', p.pubname)",
    definition: publication(major),
  })}, 'comment', ${comment("p.oid", "pg_publication")})::text AS facts
FROM pg_publication p`,
  cast: `SELECT 'pg_cast' AS class, c.oid::text AS oid, ${plain("cast", {
    label:
      "format('CAST (%s AS %s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL))",
    definition: `concat_ws(' ', format('CREATE CAST (%s AS %s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)),
    CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
    CASE c.castcontext WHEN 'a' THEN 'AS ASSIGNMENT' WHEN 'i' THEN 'AS IMPLICIT' END)`,
  })}, 'comment', ${comment("c.oid", "pg_cast")})::text AS facts
FROM pg_cast c WHERE c.oid >= ${firstOwn} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass
  AND d.objid = c.oid AND d.deptype IN ('e', 'i'))`,
});

/**
 * The needs of each object, by their numbers: a line for each object that needs something. Before
 * 15 a generated column itself needs the columns that it is computed of, and its expression does
 * not. https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
export const needsSql = (major: number) => {
  const [key, joined] =
    major >= 15
      ? ["d.classid, d.objid", ""]
      : [
          "CASE WHEN g.oid IS NULL THEN d.classid ELSE 'pg_attrdef'::regclass::oid END AS classid, coalesce(g.oid, d.objid) AS objid",
          `LEFT JOIN (SELECT e.oid, e.adrelid, e.adnum FROM pg_attrdef e JOIN pg_attribute a ON a.attrelid = e.adrelid AND a.attnum = e.adnum
    WHERE a.attgenerated <> '') g ON d.classid = 'pg_class'::regclass AND g.adrelid = d.objid AND g.adnum = d.objsubid
    AND d.refclassid NOT IN ('pg_type'::regclass, 'pg_collation'::regclass)`,
        ];
  return `
SELECT d.classid::regclass || ' ' || d.objid AS key, string_agg(d.refclassid::regclass || ' ' || d.refobjid, ',') AS needs
FROM (SELECT DISTINCT ${key}, d.refclassid, d.refobjid FROM pg_depend d ${joined}
  WHERE d.objid >= ${firstOwn} AND d.refobjid >= ${firstOwn} AND d.deptype <> 'i') d
GROUP BY d.classid, d.objid`;
};

/**
 * By which number an object is known that others name by another: a view by its rule, a table by its row type, a
 * publication by each table in it.
 */
export const aliasesSql = `
SELECT 'pg_rewrite' AS class, oid::text AS oid, 'pg_class' AS of_class, ev_class::text AS of_oid
FROM pg_rewrite WHERE rulename = '_RETURN' AND oid >= ${firstOwn}
UNION ALL
SELECT 'pg_type', t.oid::text, CASE WHEN c.relkind = 'c' THEN 'pg_type' ELSE 'pg_class' END,
  CASE WHEN c.relkind = 'c' THEN t.oid ELSE t.typrelid END::text
FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE t.typtype = 'c' AND t.oid >= ${firstOwn} AND c.relkind <> 'c'
UNION ALL
SELECT 'pg_class', c.oid::text, 'pg_type', c.reltype::text FROM pg_class c WHERE c.relkind = 'c' AND c.oid >= ${firstOwn}
UNION ALL
SELECT 'pg_type', t.oid::text, 'pg_type', t.typelem::text FROM pg_type t WHERE t.typelem >= ${firstOwn} AND t.typcategory = 'A'
UNION ALL
SELECT 'pg_class', conindid::text, 'pg_constraint', oid::text FROM pg_constraint WHERE contype IN ('p', 'u', 'x') AND oid >= ${firstOwn}
UNION ALL
SELECT 'pg_publication_rel', oid::text, 'pg_publication', prpubid::text FROM pg_publication_rel
UNION ALL
SELECT classid::regclass::text, objid::text, refclassid::regclass::text, refobjid::text FROM pg_depend
WHERE classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass) AND objid >= ${firstOwn} AND deptype IN ('i', 'a')
  AND refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)`;

/** Multiranges are known by their range since PostgreSQL 14. */
export const multirangesSql = `
SELECT 'pg_type' AS class, rngmultitypid::text AS oid, 'pg_type' AS of_class, rngtypid::text AS of_oid
FROM pg_range WHERE rngtypid >= ${firstOwn}`;

/** The objects that an extension has brought along. */
export const membersSql = `
SELECT classid::regclass::text AS class, objid::text AS oid, refobjid::text AS extension FROM pg_depend WHERE deptype = 'e'`;

/** Types with functions in C, and what holds passwords. Rights are read on request. */
export const leftOutSql = `
SELECT 'type ' || s.nspname || '.' || o.typname AS name FROM pg_type o JOIN pg_namespace s ON s.oid = o.typnamespace
WHERE (o.typtype = 'b' AND o.typelem = 0 OR o.typtype = 'p') AND o.oid >= ${firstOwn} AND ${isOwn("pg_type", "o.oid", "s")}
UNION ALL
SELECT 'operator ' || s.nspname || '.' || o.oprname FROM pg_operator o JOIN pg_namespace s ON s.oid = o.oprnamespace
WHERE o.oprcode = 0 AND o.oid >= ${firstOwn} AND ${isOwn("pg_operator", "o.oid", "s")}
UNION ALL
SELECT concat('user mapping of ', usename, ' for ', srvname) FROM pg_user_mappings
UNION ALL
SELECT 'subscription ' || subname FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL
SELECT concat_ws(' ', 'default privileges of', pg_get_userbyid(d.defaclrole), 'in ' || s.nspname, 'on', CASE d.defaclobjtype
  WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'others' END)
FROM pg_default_acl d LEFT JOIN pg_namespace s ON s.oid = d.defaclnamespace`;
