/** Asks the catalog what became of a statement that was interrupted. */

import type { Named } from "../../core/model/named.ts";
import type { CatalogProbe } from "../../core/model/probe.ts";
import { inTable } from "./in-table.ts";
import { literal } from "./literal.ts";
import { knows, type MysqlServer, since } from "./server.ts";

/** One row with `state`. https://dev.mysql.com/doc/refman/8.4/en/information-schema.html */
export function probeSql(probe: CatalogProbe, server: MysqlServer): string {
  const { name, table = name, part } = probe;
  switch (probe.kind) {
    case "table":
      return presentWhen("tables", `${inTable(name)} AND table_type LIKE '%TABLE'`);
    case "view":
      return presentWhen("tables", `${inTable(name)} AND table_type LIKE '%VIEW'`);
    case "sequence":
      return presentWhen("tables", `${inTable(name)} AND table_type = 'SEQUENCE'`);
    case "schema":
      return presentWhen("schemata", `schema_name = ${literal(name.name)}`);
    case "index":
      return presentWhen("statistics", `${inTable(table)} AND index_name = ${literal(name.name)}`);
    case "column":
      return presentWhen("columns", `${inTable(name)} AND column_name = ${literal(part)}`);
    case "constraint":
      return constraintState(name, part, server);
    case "type":
    case "extension":
    case "enum_value":
      // The dialect refuses what would make one.
      return "SELECT 'absent' AS state";
  }
}

/** The columns of a table's primary key in order, as `name`. */
export function primaryKeySql(table: Named): string {
  return `SELECT column_name AS name FROM information_schema.statistics WHERE ${inTable(table)} AND index_name = 'PRIMARY' ORDER BY seq_in_index`;
}

/** A check that is not enforced was not validated; only MySQL has one. */
function constraintState(table: Named, name: string | undefined, server: MysqlServer): string {
  const state = knows(server, since.unenforcedChecks)
    ? "CASE WHEN enforced = 'YES' THEN 'validated' ELSE 'present' END"
    : "'validated'";
  return `SELECT COALESCE((SELECT MAX(${state}) FROM information_schema.table_constraints WHERE ${inTable(table)} AND constraint_name = ${literal(name)}), 'absent') AS state`;
}

function presentWhen(from: string, condition: string): string {
  return `SELECT CASE WHEN EXISTS (SELECT 1 FROM information_schema.${from} WHERE ${condition}) THEN 'present' ELSE 'absent' END AS state`;
}
