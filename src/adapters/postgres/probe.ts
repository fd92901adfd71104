/** Asks the catalog what became of a statement that was interrupted. */
import type { Statement } from "../../core/dialect.ts";
import type { CatalogProbe } from "../../core/probe.ts";
import { stringLiteral } from "./literal.ts";
import { quoteNamed } from "./sql-text.ts";
import { alone } from "./statement.ts";

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
      return presentWhen(`to_regclass(${name}) IS NOT NULL`);
    case "type":
      return presentWhen(`to_regtype(${name}) IS NOT NULL`);
    case "schema":
      return presentWhen(`to_regnamespace(${name}) IS NOT NULL`);
    case "extension":
      return presentWhen(
        `EXISTS (SELECT FROM pg_extension WHERE extname = ${stringLiteral(probe.name.name)})`,
      );
    case "index":
      return `SELECT coalesce((SELECT CASE WHEN indisvalid AND indisready THEN 'present' ELSE 'broken' END FROM pg_index WHERE ${indexIs(probe)}), 'absent') AS state`;
    case "column":
      return presentWhen(
        `EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(${name}) AND attname = ${part} AND NOT attisdropped)`,
      );
    case "constraint":
      return `SELECT coalesce((SELECT CASE WHEN convalidated THEN 'validated' ELSE 'present' END FROM pg_constraint WHERE conrelid = to_regclass(${name}) AND conname = ${part}), 'absent') AS state`;
    case "enum_value":
      return presentWhen(
        `EXISTS (SELECT FROM pg_enum WHERE enumtypid = to_regtype(${name}) AND enumlabel = ${part})`,
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
  if (table === undefined) return `indexrelid = to_regclass(${stringLiteral(quoteNamed(name))})`;
  const named = `SELECT oid FROM pg_class WHERE relname = ${stringLiteral(name.name)}`;
  return `indrelid = to_regclass(${stringLiteral(quoteNamed(table))}) AND indexrelid IN (${named})`;
}

function presentWhen(condition: string): string {
  return `SELECT CASE WHEN ${condition} THEN 'present' ELSE 'absent' END AS state`;
}
