/** All that the catalog of PostgreSQL says of a schema, read by ourselves and not by the code that is judged. */

/** A query for one row with one text; names are as they are in the schema on the search path. */
export function catalogSql(major: number): string {
  const [since15, since18] = [major >= 15, major >= 18];
  const parts = {
    relations: `SELECT c.relname, c.relkind, c.relpersistence, c.reloptions, a.amname, c.reltablespace, c.relispartition, c.relhassubclass, c.relchecks, c.relhastriggers, c.relreplident, pg_get_expr(c.relpartbound, c.oid) AS bound
      FROM pg_class c LEFT JOIN pg_am a ON a.oid = c.relam WHERE c.relnamespace = n.oid`,
    columns: `SELECT c.relname, a.attnum, a.attname, a.atttypid::regtype::text, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, a.attislocal, a.attinhcount, a.attcollation::regcollation::text, a.attoptions, pg_get_expr(d.adbin, d.adrelid) AS value
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE c.relnamespace = n.oid AND a.attnum > 0 AND NOT a.attisdropped`,
    indexes: `SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text, i.indnatts, i.indnkeyatts, i.indisunique, ${since15 ? "i.indnullsnotdistinct," : ""} i.indisprimary, i.indisexclusion, i.indimmediate, i.indisclustered, i.indisvalid, i.indisready, i.indislive, i.indisreplident, i.indkey::text, i.indoption::text,
        (SELECT array_agg(x::oid::regcollation::text ORDER BY o) FROM unnest(i.indcollation) WITH ORDINALITY u (x, o)) AS collations,
        (SELECT array_agg(k.opcname ORDER BY o) FROM unnest(i.indclass) WITH ORDINALITY u (x, o) JOIN pg_opclass k ON k.oid = x) AS operators,
        pg_get_indexdef(i.indexrelid) AS definition
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = n.oid`,
    constraints: `SELECT k.conname, k.contype, k.condeferrable, k.condeferred, k.convalidated, ${since18 ? "k.conenforced, k.conperiod," : ""} k.conrelid::regclass::text, k.conindid::regclass::text, k.confrelid::regclass::text, k.confupdtype, k.confdeltype, k.confmatchtype, k.conislocal, k.coninhcount, k.connoinherit, k.conkey, k.confkey, ${since15 ? "k.confdelsetcols," : ""} pg_get_constraintdef(k.oid) AS definition
      FROM pg_constraint k WHERE k.connamespace = n.oid`,
    triggers: `SELECT g.tgrelid::regclass::text, regexp_replace(g.tgname, '_\\d+$', '') AS name, g.tgfoid::regproc::text, g.tgtype, g.tgenabled, g.tgdeferrable, g.tginitdeferred, k.conname
      FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid LEFT JOIN pg_constraint k ON k.oid = g.tgconstraint WHERE c.relnamespace = n.oid`,
    inheritance: `SELECT i.inhrelid::regclass::text, i.inhparent::regclass::text, i.inhseqno FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relnamespace = n.oid`,
    dependencies: `SELECT regexp_replace(pg_describe_object(d.classid, d.objid, d.objsubid), '_\\d{4,}', '') AS what, pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) AS needs, d.deptype
      FROM pg_depend d WHERE d.classid = 'pg_constraint'::regclass AND d.objid IN (SELECT oid FROM pg_constraint k WHERE k.connamespace = n.oid)
        OR d.classid = 'pg_class'::regclass AND d.objid IN (SELECT oid FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('i', 'I'))`,
  };
  const fields = Object.entries(parts).map(
    ([name, sql]) =>
      `'${name}', (SELECT json_agg(to_json(r) ORDER BY to_json(r)::text) FROM (${sql}) r)`,
  );
  return `SELECT json_build_object(${fields.join(", ")})::text AS catalog FROM pg_namespace n WHERE n.nspname = current_schema()`;
}
