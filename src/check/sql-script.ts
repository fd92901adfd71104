/**
 * Turns the text of an SQL file into the script that is judged, in the transaction in which it
 * runs.
 */
import type { Script } from "../core/safety/effects/script.ts";
import { type Answer, answersOfPhase, asIn, readAnswers } from "../core/safety/rules/answers.ts";
import type { RuleDialect } from "../core/safety/rules/rule.ts";
import { InvalidSql } from "../core/sql/invalid-sql.ts";
import { withoutOwnTransaction } from "../core/sql/own-transaction.ts";
import { readSections } from "../core/sql/sections.ts";
import { splitStatements } from "../core/sql/statements.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import { children, flag, optionOn, part, type TreeNode, word } from "../core/sql/tree.ts";
import { needsTrees, type Parser } from "./parser.ts";

export type SqlFile = { readonly name: string; readonly text: string };

/** A script with the answers that its author gives. */
export type AnsweredScript = { readonly script: Script; readonly answers: readonly Answer[] };

/**
 * A file with `-- migrate:up` is a migration and runs as Slipway runs it: its up part, in one transaction unless it
 * says otherwise or cannot. Any other file runs statement by statement, or in one transaction when `inTransaction`.
 *
 * @throws {InvalidSql} for settings and answers that cannot be read
 */
export function sqlScript(
  { name, text }: SqlFile,
  options: {
    readonly parser: Parser;
    readonly inTransaction: boolean;
    readonly dialect?: RuleDialect | undefined;
  },
): AnsweredScript {
  const { parser, dialect = "postgres" } = options;
  const sections = sectionsOf(text, dialect);
  const isMigration = sections?.isMarked === true;
  const body = isMigration ? (sections?.up ?? "") : text;
  const statements = parser.statements(body);
  const said = sections?.settings.transaction;
  // SQLite's settings take a migration out of its transaction, and MySQL has none.
  const refuses =
    !needsTrees(dialect) ||
    statements.some(({ node }) => node !== undefined && refusesTransaction(node));
  const inTransaction = said ?? (options.inTransaction || (isMigration && !refuses));
  const ownTransactionGoes = isMigration && inTransaction;
  return {
    script: {
      name,
      statements: ownTransactionGoes ? parser.statements(withoutOwn(body, dialect)) : statements,
      inTransaction,
    },
    answers: [
      ...answersOfPhase(sections?.settings.phase),
      ...asIn(dialect, answersIn(text, dialect)),
    ],
  };
}

/** A text with an unclosed quote has no settings; another finding says that it does not parse. */
function sectionsOf(text: string, syntax: SqlSyntax): ReturnType<typeof readSections> | undefined {
  try {
    return readSections(text, syntax);
  } catch (error) {
    if (!(error instanceof InvalidSql) || isUnreadable(text, syntax)) return undefined;
    throw error;
  }
}

function answersIn(text: string, syntax: SqlSyntax): readonly Answer[] {
  return isUnreadable(text, syntax) ? [] : readAnswers(text, syntax);
}

function isUnreadable(text: string, syntax: SqlSyntax): boolean {
  try {
    splitStatements(text, syntax);
    return false;
  } catch {
    return true;
  }
}

function withoutOwn(sql: string, syntax: SqlSyntax): string {
  try {
    return withoutOwnTransaction(sql, syntax);
  } catch {
    return sql;
  }
}

/** Whether the server refuses the statement inside a transaction. */
function refusesTransaction({ kind, tree }: TreeNode): boolean {
  switch (kind) {
    case "IndexStmt":
    case "DropStmt":
      return flag(tree, "concurrent");
    case "ReindexStmt":
      return optionOn(children(tree, "params"), "concurrently");
    case "VacuumStmt":
      return flag(tree, "is_vacuumcmd");
    case "CreatedbStmt":
    case "DropdbStmt":
    case "AlterSystemStmt":
      return true;
    case "AlterTableStmt":
      return children(tree, "cmds").some(
        (one) =>
          word(one.tree, "subtype") === "AT_DetachPartition" &&
          flag(part(part(one.tree, "def"), "PartitionCmd"), "concurrent"),
      );
    default:
      return false;
  }
}
