/** A case with the SQL that it gives on each database. */
import { readFileSync } from "node:fs";
import { type Dialect, UnsupportedOperation } from "../../src/core/language/dialect.ts";
import type { Operation } from "../../src/core/language/operation.ts";
import type { SafePart } from "../../src/core/language/safe/safe-part.ts";
import type { Direction } from "../../src/core/model/migration.ts";
import { chapters } from "../../test/language/cases/index.ts";
import type { OperationCase } from "../../test/language/cases/operation-case.ts";
import { operationsOf } from "../../test/language/compile-case.ts";
import { dialects, type Family } from "../../test/language/families.ts";

const labels: { readonly [Name in Family]: string } = {
  postgres: "PostgreSQL",
  mysql: "MySQL",
  mariadb: "MariaDB",
  sqlite: "SQLite",
};

/** A database that refuses a case, and what to do about it. */
export type Refusal = { readonly databases: string; readonly words: string };

/** The code of a case as it stands in its file: what is shown is what the tests run. */
export function sourceOf({ name, change }: OperationCase): string {
  const { file } = chapterOf(name);
  const source = readFileSync(
    new URL(`../../test/language/cases/${file}`, import.meta.url),
    "utf8",
  );
  const own = source.slice(source.indexOf(`name: ${JSON.stringify(name)},\n`));
  const whole = own.slice(0, own.indexOf("\n    },\n"));
  const functions = [...whole.matchAll(/^ {6}(?:change|up|down)\(m\) \{\n([\s\S]*?)^ {6}\},?$/gm)];
  if (functions.length === 0) throw new Error(`the case "${name}" has no code`);
  const shown = functions.map(([text, body = ""]) =>
    change === undefined ? withoutIndent(text, 6).replace(/,$/, "") : withoutIndent(body, 8),
  );
  return shown.join("\n").trimEnd();
}

function chapterOf(name: string): { readonly file: string } {
  const found = chapters.filter(({ cases }) => cases.some((one) => one.name === name));
  const [chapter] = found;
  if (chapter === undefined || found.length > 1)
    throw new Error(`${found.length} chapters have a case "${name}"`);
  return chapter;
}

function withoutIndent(text: string, width: number): string {
  return text.replaceAll(new RegExp(`^ {${width}}`, "gm"), "");
}

/** One block for each spelling, and a line for the databases that have none. */
export function spellings(operation: OperationCase): readonly string[] {
  const groups = groupsOf(operation);
  const unable = groups.filter(({ refused }) => refused).map(({ databases }) => databases);
  return [
    ...groups
      .filter(({ refused }) => !refused)
      .map(({ databases, text }) => `**${databases}**\n\n${text}\n`),
    ...(unable.length === 0
      ? []
      : [`**${unable.join(", ")}**: [refused](#what-slipway-refuses).\n`]),
  ];
}

/** The databases that cannot do it. */
export function refusalsOf(operation: OperationCase): readonly Refusal[] {
  return groupsOf(operation)
    .filter(({ refused }) => refused)
    .map(({ databases, text }) => ({ databases, words: text }));
}

type Spelling = { readonly databases: string; readonly text: string; readonly refused: boolean };

function groupsOf(operation: OperationCase): readonly Spelling[] {
  const { on, ownSql } = operation;
  const families = (Object.keys(dialects) as Family[]).filter(
    (family) => ownSql === undefined || on === undefined || on.includes(family),
  );
  const texts = Map.groupBy(families, (family) => spelling(operation, dialects[family]));
  return [...texts].map(([text, group]) => ({
    databases: group.map((family) => labels[family]).join(", "),
    text,
    refused: !text.startsWith("```"),
  }));
}

function spelling(operation: OperationCase, dialect: Dialect): string {
  try {
    const up = sqlOf(operation, "up", dialect);
    const down = sqlOf(operation, "down", dialect);
    return `\`\`\`sql\n${up}\n-- down\n${down}\n\`\`\``;
  } catch (error) {
    if (!(error instanceof UnsupportedOperation)) throw error;
    return `Slipway cannot ${error.operation}. ${error.hint}`;
  }
}

function sqlOf(operation: OperationCase, direction: Direction, dialect: Dialect): string {
  const operations = operationsOf(operation, direction, dialect);
  const lines = operations.flatMap((op) => linesOf(op, dialect));
  if (lines.length === 0) return "-- nothing";
  const alone = operations.some((op) => isAlone(op, dialect));
  return [...(alone ? ["-- without a transaction"] : []), ...lines].join("\n");
}

/** Whether PostgreSQL refuses it in a transaction, or it takes several. */
export function isAlone(op: Operation, dialect: Dialect): boolean {
  if (op.kind === "run") return false;
  if (op.kind !== "safely") return dialect.refusesTransaction(op);
  const parts = dialect.safely(op.form);
  return (
    dialect.name !== "mysql" &&
    (parts.length > 1 ||
      parts.some(({ operations = [] }) => operations.some((each) => isAlone(each, dialect))))
  );
}

function linesOf(op: Operation, dialect: Dialect): readonly string[] {
  if (op.kind === "run") return ["-- your code"];
  if (op.kind === "safely")
    return dialect.safely(op.form).flatMap((part) => partLines(part, dialect));
  return dialect.compile(op).map(({ sql }) => (sql.startsWith("--") ? sql : `${sql};`));
}

/** A part of a safe form, with what it means to others. */
function partLines(part: SafePart, dialect: Dialect): readonly string[] {
  const { words, note, operations, backfill } = part;
  const head = `-- ${words}: ${note}`;
  if (backfill === undefined) return [head, ...operations.flatMap((op) => linesOf(op, dialect))];
  const { table, set, where } = backfill;
  return [head, `UPDATE ${dialect.quoteNamed(table)} SET ${set} WHERE ${where}; -- of each batch`];
}
