/** Indexes: building, renaming and dropping them. */

import type { OperationOf } from "../../../core/language/operation.ts";
import type { Index, IndexColumn } from "../../../core/language/table-parts.ts";
import type { Statement } from "../../../core/model/statement.ts";
import type { Clause } from "../../clauses.ts";
import { quotedText } from "../literal.ts";
import { noCascade, refuse, refuseOptions, refuseUnlessKnown } from "../refuse.ts";
import { type MysqlServer, since } from "../server.ts";
import { clauses, ifExists, ifNotExists, quote, quoteNamed } from "../sql-text.ts";
import { locking, procedure } from "../statement.ts";

/** Builds an index. `concurrently` lets others read and write meanwhile, or the server refuses it. */
export function createIndex(
  op: OperationOf<"create_index">,
  server: MysqlServer,
): readonly Statement[] {
  const { index } = op;
  refuseForeignOptions(index);
  if (op.ifNotExists) refuseExistence(index, server);
  const { table, name } = index;
  const sql = clauses(
    clauses("CREATE", kindClause(index), "INDEX", ifNotExists(op), quote(name)),
    methodClause(index),
    `ON ${quoteNamed(table)}`,
    `(${index.columns.map((part) => indexColumn(part, index, server)).join(", ")})`,
    index.comment !== undefined && `COMMENT ${quotedText(index.comment, server)}`,
    index.concurrently && "ALGORITHM = INPLACE LOCK = NONE",
  );
  const todo = { name: "create_index", input: { table, name, sql } } as const;
  return [procedure(sql, todo, policyOf(index))];
}

/**
 * Drops an index. Where a foreign key needs it, the one comes back that the server had made for the key:
 * it had silently gone when this index was built.
 */
export function dropIndex(
  op: OperationOf<"drop_index">,
  server: MysqlServer,
): readonly Statement[] {
  const { index } = op;
  const { table, name } = index;
  refuseOptions(op, `drop index ${name}`, { cascade: noCascade });
  if (op.ifExists) refuseExistence(index, server);
  const sql = clauses(
    "ALTER TABLE",
    quoteNamed(table),
    clauses("DROP INDEX", ifExists(op), quote(name)) + (index.concurrently ? withoutLock : ""),
  );
  const todo = { name: "drop_index", input: { table, name, sql } } as const;
  return [procedure(sql, todo, policyOf(index))];
}

/** Gives an index another name. */
export function renameIndex(
  op: OperationOf<"rename_index">,
  server: MysqlServer,
): readonly Statement[] {
  refuseUnlessKnown(server, since.renameIndex, {
    operation: `rename the index ${op.index}`,
    hint: "Drop it and create it again.",
  });
  const rename = `RENAME INDEX ${quote(op.index)} TO ${quote(op.to)}`;
  return [locking("ALTER TABLE", quoteNamed(op.table), rename)];
}

function policyOf({ concurrently }: Index): "online" | "locking" {
  return concurrently ? "online" : "locking";
}

const withoutLock = ", ALGORITHM = INPLACE, LOCK = NONE";

function refuseForeignOptions(index: Index): void {
  const what = `the index ${index.name}`;
  const { include } = index;
  refuseOptions({ ...index, include: include?.length ? include : undefined }, what, {
    where: "Leave it out, or index a generated column that is null where the condition is false.",
    include: "Leave it out, or add the columns at the end of the index.",
    only: "Leave it out.",
    options: "Leave it out.",
  });
  if (index.nullsDistinct === false) {
    refuse(
      `take nulls as equal in ${what}`,
      "Leave nullsDistinct out, or make the columns not null.",
    );
  }
}

function refuseExistence({ name }: Index, server: MysqlServer): void {
  refuseUnlessKnown(server, since.ifExists, {
    operation: `create or drop the index ${name} depending on whether it exists`,
    hint: "Leave ifExists and ifNotExists out.",
  });
}

function kindClause({ unique, using, name, concurrently }: Index): Clause {
  if (!isKind(using)) return unique && "UNIQUE";
  if (unique) refuse(`make the ${using} index ${name} unique`, "Leave unique out.");
  if (concurrently) {
    refuse(`build the ${using} index ${name} while others write`, "Leave concurrently out.");
  }
  return using?.toUpperCase();
}

function methodClause({ using }: Index): Clause {
  return using !== undefined && !isKind(using) && `USING ${using.toUpperCase()}`;
}

/** Two methods are written as a kind of index. */
function isKind(using: string | undefined): boolean {
  return using !== undefined && /^(fulltext|spatial)$/i.test(using);
}

function indexColumn(part: IndexColumn, index: Index, server: MysqlServer): string {
  refuseOptions(part, `a column of the index ${index.name}`, {
    nulls: "Leave it out: nulls come first, and last in a descending index.",
    operatorClass: "Leave it out.",
    collation: "Leave it out: an index has the collation of its column.",
  });
  if (part.order === "desc") {
    refuseUnlessKnown(server, since.descendingIndexes, {
      operation: `build the descending index ${index.name}`,
      hint: "Leave the order out.",
    });
  }
  return clauses(keyPart(part, index, server), part.order?.toUpperCase());
}

/**
 * A name, the first characters of a column (`title(10)`), or an expression in separate parentheses.
 */
function keyPart(part: IndexColumn, index: Index, server: MysqlServer): string {
  if (part.column !== undefined) return quote(part.column);
  const expression = part.expression ?? "";
  if (/^(\w+|`[^`]+`)\s*\(\d+\)$/.test(expression)) return expression;
  refuseUnlessKnown(server, since.expressionIndexes, {
    operation: `build the index ${index.name} on an expression`,
    hint: "Add a generated column, and build the index on it.",
  });
  return `(${expression})`;
}
