/** Asks the catalog what became of a statement that was interrupted. */

import type { CatalogProbe, Rebuilt } from "../../core/model/probe.ts";
import type { Statement } from "../../core/model/statement.ts";
import { stringLiteral } from "./literal.ts";
import { operator } from "./own-names.ts";
import { quoteNamed } from "./sql-text.ts";
import { alone } from "./statement.ts";

const is = operator("=");

/**
 * One row with `state`. An index is broken when it is not valid or not ready, which an interrupted
 * CREATE INDEX CONCURRENTLY leaves. https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export function probeSql(probe: CatalogProbe): string {
  const name = stringLiteral(quoteNamed(probe.name));
  const part = stringLiteral(probe.part ?? "");
  switch (probe.kind) {
    case "table":
    case "view":
    case "sequence":
      return presentWhen(`pg_catalog.to_regclass(${name}) IS NOT NULL`);
    case "type":
      return presentWhen(`pg_catalog.to_regtype(${name}) IS NOT NULL`);
    case "schema":
      return presentWhen(`pg_catalog.to_regnamespace(${name}) IS NOT NULL`);
    case "extension":
      return presentWhen(
        `EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname ${is} ${stringLiteral(probe.name.name)})`,
      );
    case "index":
      return `SELECT coalesce((SELECT CASE WHEN indisvalid AND indisready THEN 'present' ELSE 'broken' END FROM pg_catalog.pg_index WHERE ${indexIs(probe)}), 'absent') AS state`;
    case "column":
      return presentWhen(
        `EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid ${is} pg_catalog.to_regclass(${name}) AND attname ${is} ${part} AND NOT attisdropped)`,
      );
    case "constraint":
      return `SELECT coalesce((SELECT CASE WHEN convalidated THEN 'validated' ELSE 'present' END FROM pg_catalog.pg_constraint WHERE conrelid ${is} pg_catalog.to_regclass(${name}) AND conname ${is} ${part}), 'absent') AS state`;
    case "enum_value":
      return presentWhen(
        `EXISTS (SELECT FROM pg_catalog.pg_enum WHERE enumtypid ${is} pg_catalog.to_regtype(${name}) AND enumlabel ${is} ${part})`,
      );
  }
}

/** Only an index can be left half made. */
export function repair(probe: CatalogProbe): readonly Statement[] {
  return probe.kind === "index"
    ? [alone("DROP INDEX CONCURRENTLY IF EXISTS", quoteNamed(probe.name))]
    : [];
}

/**
 * Finds what tries of REINDEX CONCURRENTLY have left: indexes that are INVALID, of the same table,
 * and of the name of the index that is there with `_ccnew` or `_ccold` behind it, cut off at 63
 * bytes. A valid index of such a name is somebody's own.
 * https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY
 */
export function leftoversSql({ what, name }: Rebuilt): string {
  const given = name === undefined ? "" : stringLiteral(quoteNamed(name));
  const root = `pg_catalog.to_regclass(${given})`;
  const within = `SELECT ${root} UNION SELECT relid FROM pg_catalog.pg_partition_tree(${root})`;
  const toast = `SELECT reltoastrelid FROM pg_catalog.pg_class WHERE oid ${is} ANY (${within})`;
  const schema = `pg_catalog.to_regnamespace(${given})`;
  const tableIs = `old.indrelid ${is} ANY (${within} UNION ${toast})`;
  const wanted = {
    index: `old.indexrelid ${is} ANY (${within})`,
    table: tableIs,
    schema: `old.indrelid ${is} ANY (SELECT oid FROM pg_catalog.pg_class WHERE relnamespace ${is} ${schema} UNION SELECT reltoastrelid FROM pg_catalog.pg_class WHERE relnamespace ${is} ${schema})`,
    database: "true",
  }[what];
  const suffix = `'_cc(new|old)[0-9]*$'`;
  const stem = `pg_catalog.regexp_replace(c.relname::pg_catalog.text, ${suffix}, '')`;
  const isCut = `pg_catalog.octet_length(o.relname::pg_catalog.text) OPERATOR(pg_catalog.>) 50`;
  return `SELECT DISTINCT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_index old JOIN pg_catalog.pg_class o ON o.oid ${is} old.indexrelid JOIN pg_catalog.pg_index i ON i.indrelid ${is} old.indrelid AND NOT i.indisvalid AND NOT i.indexrelid ${is} old.indexrelid JOIN pg_catalog.pg_class c ON c.oid ${is} i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid ${is} c.relnamespace WHERE ${wanted} AND c.relname::pg_catalog.text ${operator("~")} ${suffix} AND (o.relname::pg_catalog.text ${is} ${stem} OR (${isCut} AND pg_catalog.starts_with(o.relname::pg_catalog.text, ${stem}))) ORDER BY 1, 2`;
}

/** By its table where that is known: another schema of the search path may have an index of the same name. */
function indexIs({ name, table }: CatalogProbe): string {
  if (table === undefined)
    return `indexrelid ${is} pg_catalog.to_regclass(${stringLiteral(quoteNamed(name))})`;
  const named = `SELECT oid FROM pg_catalog.pg_class WHERE relname ${is} ${stringLiteral(name.name)}`;
  return `indrelid ${is} pg_catalog.to_regclass(${stringLiteral(quoteNamed(table))}) AND indexrelid ${is} ANY (${named})`;
}

function presentWhen(condition: string): string {
  return `SELECT CASE WHEN ${condition} THEN 'present' ELSE 'absent' END AS state`;
}
