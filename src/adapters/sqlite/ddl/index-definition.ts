/** Indexes. https://www.sqlite.org/lang_createindex.html */

import type { OperationOf } from "../../../core/language/operation.ts";
import type { IndexColumn } from "../../../core/language/table-parts.ts";
import type { Statement } from "../../../core/model/statement.ts";
import { quote, quoteNamed } from "../quote.ts";
import { noCascade, noComments, notConcurrently, refuse, refuseOptions } from "../refuse.ts";
import { plain, procedure } from "../statement.ts";

/** @throws {UnsupportedOperation} */
export function createIndex(op: OperationOf<"create_index">): readonly Statement[] {
  const { index } = op;
  const { name, table, where } = index;
  refuseOptions(index, `index ${name}`, {
    concurrently: notConcurrently,
    using: "Leave it out: SQLite only has B-trees.",
    include: "Leave it out, or put the columns at the end of the index.",
    only: "Leave it out: SQLite has no partitions.",
    options: "Leave it out: SQLite has no storage parameters.",
    comment: noComments,
  });
  if (index.nullsDistinct !== undefined) {
    refuse(
      `use the option nullsDistinct of index ${name}`,
      "Leave it out: nulls are always distinct in SQLite.",
    );
  }
  const head = `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${op.ifNotExists ? "IF NOT EXISTS " : ""}`;
  const columns = index.columns.map((column) => indexColumn(column, name)).join(", ");
  const partial = where === undefined ? "" : ` WHERE ${where}`;
  return [plain(`${head}${quote(name)} ON ${quoteNamed(table)} (${columns})${partial}`)];
}

/** @throws {UnsupportedOperation} */
export function dropIndex(op: OperationOf<"drop_index">): readonly Statement[] {
  const { name, table } = op.index;
  refuseOptions(op.index, `drop index ${name}`, { concurrently: notConcurrently });
  refuseOptions(op, `drop index ${name}`, { cascade: noCascade });
  const named = quoteNamed({ ...table, name });
  return [plain(`DROP INDEX ${op.ifExists ? "IF EXISTS " : ""}${named}`)];
}

/** Drops the index and makes it again under the new name: SQLite has no statement for it. */
export function renameIndex(op: OperationOf<"rename_index">): readonly Statement[] {
  const words = `rename index ${quoteNamed({ ...op.table, name: op.index })} to ${quote(op.to)}`;
  return [procedure(words, { name: "rename_index", input: { index: op.index, to: op.to } })];
}

function indexColumn(column: IndexColumn, index: string): string {
  refuseOptions(column, `index ${index}`, {
    operatorClass: "Leave it out: SQLite has no operator classes.",
    nulls: "Leave it out: SQLite sorts nulls first, and with desc last.",
  });
  const words = [column.expression ?? quote(column.column ?? "")];
  if (column.collation !== undefined) words.push(`COLLATE ${quote(column.collation)}`);
  if (column.order !== undefined) words.push(column.order.toUpperCase());
  return words.join(" ");
}
