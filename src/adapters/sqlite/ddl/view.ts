/** Views. https://www.sqlite.org/lang_createview.html */

import type { OperationOf } from "../../../core/language/operation.ts";
import type { Statement } from "../../../core/model/statement.ts";
import { quote, quoteNamed } from "../quote.ts";
import { noCascade, refuse, refuseOptions } from "../refuse.ts";
import { plain } from "../statement.ts";

const notMaterialized = "Use a plain view, or a table that you fill.";

/** A view that replaces another keeps its INSTEAD OF triggers, so that is a procedure. */
export function createView(op: OperationOf<"create_view">): readonly Statement[] {
  const { view, definition } = op;
  if (op.materialized) refuse(`have the materialized view ${view.name}`, notMaterialized);
  if (definition.withData !== undefined) {
    refuse(`use the option withData of view ${view.name}`, "Leave it out.");
  }
  const columns = definition.columns?.map(quote).join(", ");
  const head = `CREATE VIEW ${quoteNamed(view)}${columns === undefined ? "" : ` (${columns})`}`;
  const sql = `${head} AS ${definition.as}`;
  if (!op.orReplace) return [plain(sql)];
  return [{ ...plain(sql), procedure: { name: "replace_view", input: { view: view.name, sql } } }];
}

/** @throws {UnsupportedOperation} */
export function dropView(op: OperationOf<"drop_view">): readonly Statement[] {
  if (op.materialized) refuse(`have the materialized view ${op.view.name}`, notMaterialized);
  refuseOptions(op, `drop view ${op.view.name}`, { cascade: noCascade });
  return [plain(`DROP VIEW ${op.ifExists ? "IF EXISTS " : ""}${quoteNamed(op.view)}`)];
}
