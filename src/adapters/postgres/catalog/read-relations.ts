/** Tables, sequences, indexes, constraints and views of a PostgreSQL catalog, one set query for each. */

/** `public.posts` as JSON. */
const named = (space: string, name: string) =>
  `json_build_object('prefix', ${space}.nspname, 'name', ${name})`;

/** The name of another relation, or NULL. */
const relation = (oid: string) =>
  `(SELECT ${named("n_", "r_.relname")} FROM pg_class r_ JOIN pg_namespace n_ ON n_.oid = r_.relnamespace WHERE r_.oid = ${oid})`;

/** The index of a partitioned table that this one is a part of. */
const partOf = (oid: string) =>
  relation(`(SELECT inhparent FROM pg_inherits WHERE inhrelid = ${oid})`);

/** Asked in place: the server's own function for it takes five times as long, and there are many columns. */
export const comment = (oid: string, classOf: string, part = "0") =>
  `(SELECT description FROM pg_description WHERE objoid = ${oid} AND classoid = '${classOf}'::regclass${
    // Only objects with columns have parts.
    classOf === "pg_class" ? ` AND objsubid = ${part}` : ""
  })`;

const isOfAuthors = (space: string) =>
  `${space}.nspname !~ '^pg_' AND ${space}.nspname <> 'information_schema'`;

/** The same query of this folder for the objects of one schema, given as a literal. */
export const onlyIn = (sql: string, schema: string) =>
  sql.replaceAll(ofAuthors, (_, space: string) => `${space}.nspname = ${schema}`);

const ofAuthors = /(\w+)\.nspname !~ '\^pg_' AND \1\.nspname <> 'information_schema'/g;

/** Matches the objects of the author: neither the system's nor an extension's. */
export const isOwn = (classOf: string, oid: string, space: string) =>
  `${isOfAuthors(space)}
   AND NOT EXISTS (SELECT FROM pg_depend e_ WHERE e_.classid = '${classOf}'::regclass AND e_.objid = ${oid} AND e_.deptype = 'e')`;

/** https://www.postgresql.org/docs/current/catalog-pg-class.html */
export const tablesSql = `
SELECT 'pg_class' AS class, c.oid::text AS oid, json_build_object('named', ${named("n", "c.relname")},
  'persistence', c.relpersistence, 'partitionBy', pg_get_partkeydef(c.oid),
  'bound', pg_get_expr(c.relpartbound, c.oid), 'inherits', (
    SELECT json_agg(${named("pn", "p.relname")} ORDER BY i.inhseqno) FROM pg_inherits i
    JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid),
  'ofType', (SELECT ${named("tn", "t.typname")} FROM pg_type t JOIN pg_namespace tn ON tn.oid = t.typnamespace
    WHERE t.oid = c.reloftype),
  'options', c.reloptions, 'toast', (SELECT t.reloptions FROM pg_class t WHERE t.oid = c.reltoastrelid),
  'accessMethod', (SELECT amname FROM pg_am WHERE pg_am.oid = c.relam AND amname <> 'heap'),
  'security', c.relrowsecurity, 'forced', c.relforcerowsecurity, 'replica', c.relreplident,
  'replicaIndex', (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisreplident),
  'clusteredOn', (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisclustered),
  'comment', ${comment("c.oid", "pg_class")})::text AS facts
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND ${isOwn("pg_class", "c.oid", "n")}`;

/** https://www.postgresql.org/docs/current/catalog-pg-sequence.html */
const sequenceFacts = `'named', ${named("sn", "sc.relname")}, 'type', format_type(s.seqtypid, NULL),
  'start', s.seqstart::text, 'increment', s.seqincrement::text, 'min', s.seqmin::text, 'max', s.seqmax::text,
  'cache', s.seqcache::text, 'cycle', s.seqcycle, 'persistence', sc.relpersistence`;

const sequences = `pg_sequence s JOIN pg_class sc ON sc.oid = s.seqrelid JOIN pg_namespace sn ON sn.oid = sc.relnamespace`;

/**
 * The columns of tables, views and composite types. PGlite 0.5.17 adds an option `pg_attver` to
 * each, which no server takes; `n_distinct` and `n_distinct_inherited` are all that there are.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-ATTRIBUTE
 * Not-null constraints have names since PostgreSQL 18.
 * https://www.postgresql.org/docs/18/catalog-pg-constraint.html
 */
export const columnsSql = (major: number) => `
SELECT 'pg_class' AS class, a.attrelid::text AS oid, json_agg(json_build_object(
  'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'collation', CASE WHEN a.attcollation <> t.typcollation THEN
    (SELECT format('%I.%I', cn.nspname, co.collname) FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
      WHERE co.oid = a.attcollation) END,
  'expression', pg_get_expr(d.adbin, d.adrelid), 'expressionOid', d.oid::text, 'generated', a.attgenerated,
  'identity', a.attidentity, 'sequence', CASE WHEN a.attidentity <> '' THEN (
    SELECT json_build_object(${sequenceFacts}) FROM ${sequences} JOIN pg_depend i ON i.objid = s.seqrelid
      AND i.classid = 'pg_class'::regclass AND i.refclassid = 'pg_class'::regclass AND i.deptype = 'i'
    WHERE i.refobjid = a.attrelid AND i.refobjsubid = a.attnum) END,
  ${
    major >= 18
      ? `'notNull', CASE WHEN a.attnotnull THEN (SELECT json_build_object('name', o.conname, 'noInherit', o.connoinherit, 'isLocal', o.conislocal,
      'comment', ${comment("o.oid", "pg_constraint")}, 'table', r.relname) FROM pg_constraint o
    WHERE o.conrelid = a.attrelid AND o.contype = 'n' AND o.conkey[1] = a.attnum AND o.convalidated) END,`
      : `'notNull', CASE WHEN a.attnotnull THEN json_build_object('isLocal', NOT EXISTS (SELECT FROM pg_inherits i
      JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = a.attname AND p.attnotnull
      WHERE i.inhrelid = a.attrelid)) END,`
  }
  'isLocal', a.attislocal, 'storage', CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END,
  ${major >= 14 ? "'compression', a.attcompression," : ""}
  'statistics', a.attstattarget, 'options', CASE WHEN a.attoptions IS NOT NULL THEN (
    SELECT json_agg(o) FROM unnest(a.attoptions) o WHERE o LIKE 'n\\_distinct%') END,
  'comment', ${comment("a.attrelid", "pg_class", "a.attnum")}) ORDER BY a.attnum)::text AS facts
FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid JOIN pg_namespace n ON n.oid = r.relnamespace
JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p', 'v', 'm', 'c')
  AND ${isOwn("pg_class", "r.oid", "n")}
GROUP BY a.attrelid`;

export const sequencesSql = `
SELECT 'pg_class' AS class, s.seqrelid::text AS oid, json_build_object(${sequenceFacts}, 'ownedBy', (
    SELECT json_build_object('table', ${named("on_", "o.relname")}, 'column', oa.attname) FROM pg_depend d
    JOIN pg_class o ON o.oid = d.refobjid JOIN pg_namespace on_ ON on_.oid = o.relnamespace
    JOIN pg_attribute oa ON oa.attrelid = d.refobjid AND oa.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.refclassid = 'pg_class'::regclass
      AND d.deptype = 'a'),
  'comment', ${comment("s.seqrelid", "pg_class")})::text AS facts
FROM ${sequences}
WHERE ${isOwn("pg_class", "s.seqrelid", "sn")} AND sc.relpersistence <> 't' AND NOT EXISTS (SELECT FROM pg_depend d
  WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype = 'i')`;

export const indexesSql = (major: number) => `
SELECT 'pg_class' AS class, i.indexrelid::text AS oid, json_build_object('named', ${named("n", "c.relname")},
  'table', ${named("n", "t.relname")}, 'definition', pg_get_indexdef(i.indexrelid),
  'valid', i.indisvalid OR c.relkind = 'I', 'partOf', CASE WHEN c.relispartition THEN ${partOf("i.indexrelid")} END, 'statistics', (
    SELECT json_agg(json_build_array(a.attnum, a.attstattarget) ORDER BY a.attnum) FROM pg_attribute a
    WHERE a.attrelid = i.indexrelid AND ${major >= 17 ? "a.attstattarget IS NOT NULL" : "a.attstattarget >= 0"}),
  'comment', ${comment("i.indexrelid", "pg_class")})::text AS facts
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND ${isOwn("pg_class", "c.oid", "n")} AND ${isOwn("pg_class", "t.oid", "n")}
  AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x'))`;

/**
 * Constraints of tables. Those that a partition only has from its parent come with the parent's, but for checks, which
 * a table that is attached must have already.
 */
export const constraintsSql = (major: number) => `
SELECT 'pg_constraint' AS class, o.oid::text AS oid, o.conindid::text AS index, json_build_object('name', o.conname,
  'table', ${named("n", "r.relname")}, 'of', o.contype, 'definition', pg_get_constraintdef(o.oid),
  'validated', o.convalidated, 'options', CASE WHEN o.contype IN ('p', 'u') THEN
    (SELECT x.reloptions FROM pg_class x WHERE x.oid = o.conindid) END,
  'partOf', CASE WHEN r.relispartition AND o.contype IN ('p', 'u', 'x') THEN ${partOf("o.conindid")} END,
  'comment', ${comment("o.oid", "pg_constraint")})::text AS facts
FROM pg_constraint o JOIN pg_class r ON r.oid = o.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE ${isOwn("pg_class", "r.oid", "n")} AND (o.contype IN ('p', 'u', 'x')
  OR o.contype = 'c' AND (o.conislocal OR r.relispartition)
  OR o.contype = 'f' AND o.conparentid = 0${major >= 18 ? "\n  OR o.contype = 'n' AND NOT o.convalidated AND o.conislocal" : ""})`;

export const viewsSql = `
SELECT 'pg_class' AS class, c.oid::text AS oid, json_build_object('named', ${named("n", "c.relname")},
  'definition', pg_get_viewdef(c.oid), 'materialized', c.relkind = 'm', 'populated', c.relispopulated,
  'options', c.reloptions, 'accessMethod', (SELECT amname FROM pg_am WHERE pg_am.oid = c.relam AND amname <> 'heap'),
  'clusteredOn', (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisclustered),
  'comment', ${comment("c.oid", "pg_class")})::text AS facts
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND ${isOwn("pg_class", "c.oid", "n")}`;
