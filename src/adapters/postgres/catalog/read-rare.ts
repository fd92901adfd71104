/** Kinds that few databases have, one set query for each: read only where there are any. */

import { firstOwn } from "./first-own.ts";
import { plain, unlessMember } from "./plain-sql.ts";
import { comment, isOwn } from "./read-relations.ts";

/** All of them, as one statement. */
export const rareSql = (major: number) =>
  [
    operators,
    families,
    classes,
    conversions,
    parsers,
    templates,
    dictionaries,
    configurations,
    languages,
    accessMethods,
    wrappers,
    servers,
    foreignTables(major),
    transforms,
  ]
    .join("\nUNION ALL")
    .replace(/\n\s+/g, "\n");

type Rare = {
  readonly kind: string;
  /** As a comment on it names it, without the kind. */
  readonly name: string;
  readonly definition: string;
  readonly after?: string;
  /** Beside the table of the catalog, which is `o`. The schema is `n`. */
  readonly joins?: string;
  readonly where: string;
};

function rare(classOf: string, { kind, name, definition, after, joins = "", where }: Rare): string {
  const facts = plain(kind, {
    label: `'${kind.toUpperCase()} ' || ${name}`,
    definition,
    ...(after === undefined ? {} : { after }),
  });
  return `
SELECT '${classOf}' AS class, o.oid::text AS oid, ${facts}, 'comment', ${comment("o.oid", classOf)})::text AS facts
FROM ${classOf} o ${joins} WHERE o.oid >= ${firstOwn} AND ${where}`;
}

/** One that is in a schema. */
const inSchema = (classOf: string, column: string, given: Omit<Rare, "where">) =>
  rare(classOf, {
    ...given,
    joins: `JOIN pg_namespace n ON n.oid = o.${column} ${given.joins ?? ""}`,
    where: isOwn(classOf, "o.oid", "n"),
  });

const unlessNone = (oid: string, text: string) => `CASE WHEN ${oid} <> 0 THEN ${text} END`;
const operatorName = (oid: string) =>
  `(SELECT format('OPERATOR(%I.%s)', n_.nspname, x_.oprname) FROM pg_operator x_ JOIN pg_namespace n_ ON n_.oid = x_.oprnamespace WHERE x_.oid = ${oid})`;
const typeName = (oid: string) => `format_type(${oid}, NULL)`;
const options = (array: string) =>
  `' OPTIONS (' || (SELECT string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ') FROM pg_options_to_table(${array})) || ')'`;

/** https://www.postgresql.org/docs/current/sql-createoperator.html One that is only named by another has no function yet. */
const operators = rare("pg_operator", {
  kind: "operator",
  name: `format('%I.%s (%s, %s)', n.nspname, o.oprname, coalesce(${typeName("nullif(o.oprleft, 0)")}, 'NONE'), coalesce(${typeName("nullif(o.oprright, 0)")}, 'NONE'))`,
  definition: `format('CREATE OPERATOR %I.%s (', n.nspname, o.oprname) || concat_ws(', ', 'FUNCTION = ' || o.oprcode,
    ${unlessNone("o.oprleft", `'LEFTARG = ' || ${typeName("o.oprleft")}`)}, ${unlessNone("o.oprright", `'RIGHTARG = ' || ${typeName("o.oprright")}`)},
    ${unlessNone("o.oprcom", `'COMMUTATOR = ' || ${operatorName("o.oprcom")}`)}, ${unlessNone("o.oprnegate", `'NEGATOR = ' || ${operatorName("o.oprnegate")}`)},
    ${unlessNone("o.oprrest", "'RESTRICT = ' || o.oprrest")}, ${unlessNone("o.oprjoin", "'JOIN = ' || o.oprjoin")},
    CASE WHEN o.oprcanmerge THEN 'MERGES' END, CASE WHEN o.oprcanhash THEN 'HASHES' END) || ')'`,
  joins: "JOIN pg_namespace n ON n.oid = o.oprnamespace",
  where: `o.oprcode <> 0 AND ${isOwn("pg_operator", "o.oid", "n")}`,
});

/** The operators and functions of a class, or of a family alone. https://www.postgresql.org/docs/current/sql-createopclass.html */
const members = (
  classOf: string,
) => `(SELECT string_agg(member, ', ' ORDER BY what, number, member) FROM (
    SELECT 1 AS what, m.amopstrategy AS number, format('OPERATOR %s %s', m.amopstrategy, m.amopopr::regoperator)
      || coalesce(' FOR ORDER BY ' || (SELECT format('%I.%I', s_.nspname, f_.opfname) FROM pg_opfamily f_
        JOIN pg_namespace s_ ON s_.oid = f_.opfnamespace WHERE f_.oid = m.amopsortfamily), '') AS member
    FROM pg_amop m JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = m.oid
    WHERE d.refclassid = '${classOf}'::regclass AND d.refobjid = o.oid AND d.deptype IN ('i', 'a')
    UNION ALL
    SELECT 2, m.amprocnum, format('FUNCTION %s (%s, %s) %s', m.amprocnum, ${typeName("m.amproclefttype")}, ${typeName("m.amprocrighttype")}, m.amproc::regprocedure)
    FROM pg_amproc m JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = m.oid
    WHERE d.refclassid = '${classOf}'::regclass AND d.refobjid = o.oid AND d.deptype IN ('i', 'a')) members)`;

const families = inSchema("pg_opfamily", "opfnamespace", {
  kind: "operator family",
  name: "format('%I.%I USING %I', n.nspname, o.opfname, m.amname)",
  definition: "format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, o.opfname, m.amname)",
  after: `(SELECT json_build_array(format('ALTER OPERATOR FAMILY %I.%I USING %I ADD %s', n.nspname, o.opfname, m.amname, list))
    FROM (SELECT ${members("pg_opfamily")} AS list) all_ WHERE list IS NOT NULL)`,
  joins: "JOIN pg_am m ON m.oid = o.opfmethod",
});

const classes = inSchema("pg_opclass", "opcnamespace", {
  kind: "operator class",
  name: "format('%I.%I USING %I', n.nspname, o.opcname, m.amname)",
  definition: `format('CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS ', n.nspname, o.opcname,
    CASE WHEN o.opcdefault THEN ' DEFAULT' END, ${typeName("o.opcintype")}, m.amname, fn.nspname, f.opfname)
    || coalesce(nullif(concat_ws(', ', ${unlessNone("o.opckeytype", `'STORAGE ' || ${typeName("o.opckeytype")}`)}, ${members("pg_opclass")}), ''),
      'STORAGE ' || ${typeName("o.opcintype")})`,
  joins: `JOIN pg_am m ON m.oid = o.opcmethod JOIN pg_opfamily f ON f.oid = o.opcfamily JOIN pg_namespace fn ON fn.oid = f.opfnamespace`,
});

const conversions = inSchema("pg_conversion", "connamespace", {
  kind: "conversion",
  name: "format('%I.%I', n.nspname, o.conname)",
  definition: `format('CREATE%s CONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN o.condefault THEN ' DEFAULT' END, n.nspname, o.conname,
    pg_encoding_to_char(o.conforencoding), pg_encoding_to_char(o.contoencoding), o.conproc)`,
});

const search = (
  kind: string,
  {
    classOf,
    column,
    space,
    parts,
    after,
  }: {
    readonly classOf: string;
    readonly column: string;
    readonly space: string;
    readonly parts: string;
    readonly after?: string;
  },
) =>
  inSchema(classOf, space, {
    kind: `text search ${kind}`,
    name: `format('%I.%I', n.nspname, o.${column})`,
    definition: `format('CREATE TEXT SEARCH ${kind.toUpperCase()} %I.%I (', n.nspname, o.${column}) || concat_ws(', ', ${parts}) || ')'`,
    ...(after === undefined ? {} : { after }),
  });

const otherOf = (classOf: string, prefix: string, oid: string) =>
  `(SELECT format('%I.%I', n_.nspname, x_.${prefix}name) FROM ${classOf} x_ JOIN pg_namespace n_ ON n_.oid = x_.${prefix}namespace WHERE x_.oid = ${oid})`;

const parsers = search("parser", {
  classOf: "pg_ts_parser",
  ...{ column: "prsname", space: "prsnamespace" },
  parts: `'START = ' || o.prsstart, 'GETTOKEN = ' || o.prstoken, 'END = ' || o.prsend, ${unlessNone("o.prsheadline", "'HEADLINE = ' || o.prsheadline")}, 'LEXTYPES = ' || o.prslextype`,
});

const templates = search("template", {
  classOf: "pg_ts_template",
  ...{ column: "tmplname", space: "tmplnamespace" },
  parts: `${unlessNone("o.tmplinit", "'INIT = ' || o.tmplinit")}, 'LEXIZE = ' || o.tmpllexize`,
});

const dictionaries = search("dictionary", {
  classOf: "pg_ts_dict",
  ...{ column: "dictname", space: "dictnamespace" },
  parts: `'TEMPLATE = ' || ${otherOf("pg_ts_template", "tmpl", "o.dicttemplate")}, o.dictinitoption`,
});

const configurations = search("configuration", {
  classOf: "pg_ts_config",
  ...{ column: "cfgname", space: "cfgnamespace" },
  parts: `'PARSER = ' || ${otherOf("pg_ts_parser", "prs", "o.cfgparser")}`,
  after: `(SELECT json_agg(format('ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s', n.nspname, o.cfgname, t.alias, m.list) ORDER BY m.maptokentype)
    FROM (SELECT maptokentype, string_agg(${otherOf("pg_ts_dict", "dict", "mapdict")}, ', ' ORDER BY mapseqno) AS list
      FROM pg_ts_config_map WHERE mapcfg = o.oid GROUP BY maptokentype) m
    JOIN ts_token_type(o.cfgparser) t ON t.tokid = m.maptokentype)`,
});

const languages = rare("pg_language", {
  kind: "language",
  name: "quote_ident(o.lanname)",
  definition: `concat_ws(' ', 'CREATE', CASE WHEN o.lanpltrusted THEN 'TRUSTED' END, format('LANGUAGE %I HANDLER %s', o.lanname, o.lanplcallfoid::regproc),
    ${unlessNone("o.laninline", "'INLINE ' || o.laninline::regproc")}, ${unlessNone("o.lanvalidator", "'VALIDATOR ' || o.lanvalidator::regproc")})`,
  where: `o.lanispl AND ${unlessMember("pg_language", "o.oid")}`,
});

const accessMethods = rare("pg_am", {
  kind: "access method",
  name: "quote_ident(o.amname)",
  definition: `format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', o.amname, CASE o.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, o.amhandler)`,
  where: unlessMember("pg_am", "o.oid"),
});

const wrappers = rare("pg_foreign_data_wrapper", {
  kind: "foreign data wrapper",
  name: "quote_ident(o.fdwname)",
  definition: `concat_ws(' ', format('CREATE FOREIGN DATA WRAPPER %I', o.fdwname), ${unlessNone("o.fdwhandler", "'HANDLER ' || o.fdwhandler::regproc")},
    ${unlessNone("o.fdwvalidator", "'VALIDATOR ' || o.fdwvalidator::regproc")}) || coalesce(${options("o.fdwoptions")}, '')`,
  where: unlessMember("pg_foreign_data_wrapper", "o.oid"),
});

const servers = rare("pg_foreign_server", {
  kind: "server",
  name: "quote_ident(o.srvname)",
  definition: `concat_ws(' ', format('CREATE SERVER %I', o.srvname), 'TYPE ' || quote_literal(o.srvtype), 'VERSION ' || quote_literal(o.srvversion),
    format('FOREIGN DATA WRAPPER %I', w.fdwname)) || coalesce(${options("o.srvoptions")}, '')`,
  joins: "JOIN pg_foreign_data_wrapper w ON w.oid = o.srvfdw",
  where: unlessMember("pg_foreign_server", "o.oid"),
});

const transforms = rare("pg_transform", {
  kind: "transform",
  name: `format('FOR %s LANGUAGE %I', ${typeName("o.trftype")}, l.lanname)`,
  definition: `format('CREATE TRANSFORM FOR %s LANGUAGE %I (', ${typeName("o.trftype")}, l.lanname) || concat_ws(', ',
    ${unlessNone("o.trffromsql", "'FROM SQL WITH FUNCTION ' || o.trffromsql::regprocedure")},
    ${unlessNone("o.trftosql", "'TO SQL WITH FUNCTION ' || o.trftosql::regprocedure")}) || ')'`,
  joins: "JOIN pg_language l ON l.oid = o.trflang",
  where: unlessMember("pg_transform", "o.oid"),
});

/**
 * One that is a partition is attached. Its checks, triggers and policies are read with those of tables.
 * https://www.postgresql.org/docs/current/sql-createforeigntable.html
 */
const foreignTables = (major: number) => {
  const notNull =
    major >= 18
      ? `(SELECT ' CONSTRAINT ' || quote_ident(k.conname) || ' NOT NULL' FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum)`
      : "CASE WHEN a.attnotnull THEN ' NOT NULL' END";
  const columns = `(SELECT string_agg(concat(quote_ident(a.attname), ' ', format_type(a.atttypid, a.atttypmod), ${options("a.attfdwoptions")},
      CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || ${otherOf("pg_collation", "coll", "a.attcollation")} END,
      CASE WHEN a.attgenerated = '' THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
        ELSE ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || CASE a.attgenerated WHEN 'v' THEN ')' ELSE ') STORED' END END, ${notNull}), ', ' ORDER BY a.attnum)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (a.attislocal OR c.relispartition))`;
  const parents = `(SELECT string_agg(format('%I.%I', pn.nspname, p.relname), ', ' ORDER BY i.inhseqno) FROM pg_inherits i
    JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid)`;
  return `
SELECT 'pg_class' AS class, c.oid::text AS oid, ${plain("foreign table", {
    label: "format('FOREIGN TABLE %I.%I', n.nspname, c.relname)",
    definition: `format('CREATE FOREIGN TABLE %I.%I (%s)', n.nspname, c.relname, ${columns})
    || CASE WHEN c.relispartition THEN '' ELSE coalesce(' INHERITS (' || ${parents} || ')', '') END
    || format(' SERVER %I', s.srvname) || coalesce(${options("o.ftoptions")}, '')`,
    after: `(SELECT json_agg(statement ORDER BY place) FROM (
      SELECT 0 AS place, format('ALTER TABLE %s ATTACH PARTITION %I.%I %s', ${parents}, n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid)) AS statement
      WHERE c.relispartition
      UNION ALL
      SELECT a.attnum, format('COMMENT ON COLUMN %I.%I.%I IS %L', n.nspname, c.relname, a.attname, e.description) FROM pg_attribute a
      JOIN pg_description e ON e.objoid = c.oid AND e.classoid = 'pg_class'::regclass AND e.objsubid = a.attnum WHERE a.attrelid = c.oid) all_)`,
  })}, 'comment', ${comment("c.oid", "pg_class")})::text AS facts
FROM pg_foreign_table o JOIN pg_class c ON c.oid = o.ftrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_foreign_server s ON s.oid = o.ftserver WHERE ${isOwn("pg_class", "c.oid", "n")}`;
};
