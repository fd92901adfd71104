/** Asks the catalog what became of a statement that was interrupted. */
import type { CatalogProbe } from "../../core/model/probe.ts";
import { literal } from "./quote.ts";

/** One row with `state`. https://www.sqlite.org/schematab.html and https://www.sqlite.org/pragma.html#pragfunc */
export function probeSql({ kind, name, part }: CatalogProbe): string {
  if (kind === "column") {
    return presentWhen(
      `SELECT 1 FROM pragma_table_xinfo(${literal(name.name)}) WHERE name = ${literal(part)}`,
    );
  }
  return presentWhen(
    `SELECT 1 FROM sqlite_master WHERE type = ${literal(kind)} AND name = ${literal(name.name)}`,
  );
}

function presentWhen(query: string): string {
  return `SELECT CASE WHEN EXISTS (${query}) THEN 'present' ELSE 'absent' END AS state`;
}
