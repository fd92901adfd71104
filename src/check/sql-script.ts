/** The text of an SQL file → what is judged, in the transaction in which it runs. */
import type { Script } from "../core/effects/script.ts";
import { type Answer, answersOfPhase, readAnswers } from "../core/rules/answers.ts";
import { InvalidSql } from "../core/sql/invalid-sql.ts";
import { withoutOwnTransaction } from "../core/sql/own-transaction.ts";
import { readSections } from "../core/sql/sections.ts";
import { splitStatements } from "../core/sql/statements.ts";
import { children, flag, optionOn, part, type TreeNode, word } from "../core/sql/tree.ts";
import type { Parser } from "./parser.ts";

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
  options: { readonly parser: Parser; readonly inTransaction: boolean },
): AnsweredScript {
  const { parser } = options;
  const isMigration = /^--\s*migrate:(up|down)\b/m.test(text);
  const sections = sectionsOf(text);
  const body = isMigration ? (sections?.up ?? "") : text;
  const statements = parser.statements(body);
  const said = sections?.settings.transaction;
  const refuses = statements.some(({ node }) => node !== undefined && refusesTransaction(node));
  const inTransaction = said ?? (options.inTransaction || (isMigration && !refuses));
  const ownTransactionGoes = isMigration && inTransaction;
  return {
    script: {
      name,
      statements: ownTransactionGoes ? parser.statements(withoutOwn(body)) : statements,
      inTransaction,
    },
    answers: [...answersOfPhase(sections?.settings.phase), ...answersIn(text)],
  };
}

/** Settings of a text whose quotes are not closed are none; that it does not parse is told by itself. */
function sectionsOf(text: string): ReturnType<typeof readSections> | undefined {
  try {
    return readSections(text, "postgres");
  } catch (error) {
    if (!(error instanceof InvalidSql) || isUnreadable(text)) return undefined;
    throw error;
  }
}

function answersIn(text: string): readonly Answer[] {
  return isUnreadable(text) ? [] : readAnswers(text, "postgres");
}

function isUnreadable(text: string): boolean {
  try {
    splitStatements(text, "postgres");
    return false;
  } catch {
    return true;
  }
}

function withoutOwn(sql: string): string {
  try {
    return withoutOwnTransaction(sql, "postgres");
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
