/** Indexes: building, renaming and dropping them. */

import { UnsupportedOperation } from "../../core/language/dialect.ts";
import type { OperationOf } from "../../core/language/operation.ts";
import type { Index, IndexColumn } from "../../core/language/table-parts.ts";
import type { Statement } from "../../core/model/statement.ts";
import { stringLiteral } from "./literal.ts";
import { clauses, quote, quoteList, quoteNamed } from "./sql-text.ts";
import { alone, locking, plain } from "./statement.ts";

/** Builds an index, with its comment. */
export function createIndex(op: OperationOf<"create_index">): readonly Statement[] {
  const { index, ifNotExists } = op;
  const statement = index.concurrently ? alone : locking;
  return [
    statement(
      clauses("CREATE", index.unique && "UNIQUE", "INDEX", index.concurrently && "CONCURRENTLY"),
      ifNotExists && "IF NOT EXISTS",
      quote(index.name),
      clauses("ON", index.only && "ONLY", quoteNamed(index.table)),
      index.using !== undefined && `USING ${index.using}`,
      `(${index.columns.map(indexColumn).join(", ")})`,
      ...indexOptions(index),
    ),
    ...(index.comment === undefined
      ? []
      : [plain(`COMMENT ON INDEX ${qualified(index)} IS ${stringLiteral(index.comment)}`)]),
  ];
}

/**
 * Drops an index.
 *
 * @throws {UnsupportedOperation} when it is both concurrent and cascading
 */
export function dropIndex(op: OperationOf<"drop_index">): readonly Statement[] {
  const { index, ifExists, cascade } = op;
  if (index.concurrently && cascade) {
    throw new UnsupportedOperation(`drop the index ${index.name} both concurrently and cascading`, {
      hint: "Leave out concurrently or cascade, or drop what depends on the index first.",
    });
  }
  const statement = index.concurrently ? alone : locking;
  return [
    statement(
      clauses("DROP INDEX", index.concurrently && "CONCURRENTLY", ifExists && "IF EXISTS"),
      qualified(index),
      cascade && "CASCADE",
    ),
  ];
}

/** Gives an index another name. */
export function renameIndex(op: OperationOf<"rename_index">): readonly Statement[] {
  const from = quoteNamed({ name: op.index, prefix: op.table.prefix });
  return [locking("ALTER INDEX", from, "RENAME TO", quote(op.to))];
}

/** An index lives in the schema of its table. */
function qualified(index: Index): string {
  return quoteNamed({ name: index.name, prefix: index.table.prefix });
}

/** An expression stands in parentheses: only a bare function call could do without. */
function indexColumn(part: IndexColumn): string {
  return clauses(
    part.column === undefined ? `(${part.expression})` : quote(part.column),
    part.collation !== undefined && `COLLATE ${quote(part.collation)}`,
    part.operatorClass,
    part.order?.toUpperCase(),
    part.nulls !== undefined && `NULLS ${part.nulls.toUpperCase()}`,
  );
}

function indexOptions(index: Index): readonly (string | false)[] {
  const { include, nullsDistinct, options, where } = index;
  return [
    include !== undefined && include.length > 0 && `INCLUDE ${quoteList(include)}`,
    nullsDistinct !== undefined && `NULLS ${nullsDistinct ? "" : "NOT "}DISTINCT`,
    options !== undefined && `WITH (${options})`,
    where !== undefined && `WHERE ${where}`,
  ];
}
