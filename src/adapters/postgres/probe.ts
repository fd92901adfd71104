/** Asks the catalog what became of a statement that was interrupted. */

import type { CatalogProbe } from "../../core/model/probe.ts";
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
