/** docs/migrations.md: every operation as the tests run it, with the SQL that it gives on each database. */
import { readFileSync } from "node:fs";
import { type Dialect, UnsupportedOperation } from "../src/core/language/dialect.ts";
import type { Operation } from "../src/core/language/operation.ts";
import type { SafePart } from "../src/core/language/safe/safe-part.ts";
import type { Direction } from "../src/core/model/migration.ts";
import { chapters } from "../test/language/cases/index.ts";
import { irreversible } from "../test/language/cases/irreversible.ts";
import type { Chapter, OperationCase } from "../test/language/cases/operation-case.ts";
import { operationsOf } from "../test/language/compile-case.ts";
import { dialects, type Family } from "../test/language/families.ts";
import { migrationsIntro } from "./migrations-intro.ts";

const labels: { readonly [Name in Family]: string } = {
  postgres: "PostgreSQL",
  mysql: "MySQL",
  mariadb: "MariaDB",
  sqlite: "SQLite",
};

/** The whole page. */
export function migrationsPage(): string {
  return [migrationsIntro, contents(), ...chapters.map(chapterText), cannotBeUndone()].join("\n");
}

function contents(): string {
  const titles = [...chapters.map(({ title }) => title), undoneTitle];
  return `${titles.map((title) => `- [${title}](#${anchor(title)})`).join("\n")}\n`;
}

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(" ", "-")
    .replace(/[^\w-]/g, "");
}

function chapterText({ title, file, cases }: Chapter): string {
  const url = new URL(`../test/language/cases/${file}`, import.meta.url);
  const source = readFileSync(url, "utf8");
  return [`## ${title}\n`, ...cases.map((operation) => caseText(operation, source))].join("\n");
}

function caseText(operation: OperationCase, source: string): string {
  return [
    `### ${operation.name}\n`,
    ...(operation.note === undefined ? [] : [`${operation.note}\n`]),
    `\`\`\`typescript\n${sourceOf(operation, source)}\n\`\`\`\n`,
    ...spellings(operation),
  ].join("\n");
}

/** The code of a case as it stands in its file: what is shown is what the tests run. */
function sourceOf({ name, change }: OperationCase, source: string): string {
  const start = [`name: "${name}",\n`, `name: '${name}',\n`].map((text) => source.indexOf(text));
  const own = source.slice(Math.max(...start));
  const whole = own.slice(0, own.indexOf("\n    },\n"));
  const functions = [...whole.matchAll(/^ {6}(?:change|up|down)\(m\) \{\n([\s\S]*?)^ {6}\},?$/gm)];
  if (functions.length === 0) throw new Error(`the case "${name}" has no code`);
  const shown = functions.map(([text, body = ""]) =>
    change === undefined ? withoutIndent(text, 6).replace(/,$/, "") : withoutIndent(body, 8),
  );
  return shown.join("\n").trimEnd();
}

function withoutIndent(text: string, width: number): string {
  return text.replaceAll(new RegExp(`^ {${width}}`, "gm"), "");
}

/** One block for each spelling, and a line for each refusal; databases that say the same stand together. */
function spellings(operation: OperationCase): readonly string[] {
  const { on, ownSql } = operation;
  const families = (Object.keys(dialects) as Family[]).filter(
    (family) => ownSql === undefined || on === undefined || on.includes(family),
  );
  const texts = Map.groupBy(families, (family) => spelling(operation, dialects[family]));
  return [...texts].map(([text, group]) => {
    const names = group.map((family) => labels[family]).join(", ");
    return text.startsWith("refused") ? `${names}: ${text}\n` : `${names}:\n\n${text}\n`;
  });
}

function spelling(operation: OperationCase, dialect: Dialect): string {
  try {
    const up = sqlOf(operation, "up", dialect);
    const down = sqlOf(operation, "down", dialect);
    return `\`\`\`sql\n${up}\n-- down\n${down}\n\`\`\``;
  } catch (error) {
    if (!(error instanceof UnsupportedOperation)) throw error;
    return `refused, it cannot ${error.operation}. ${error.hint}`;
  }
}

function sqlOf(operation: OperationCase, direction: Direction, dialect: Dialect): string {
  const operations = operationsOf(operation, direction, dialect);
  const lines = operations.flatMap((op) => linesOf(op, dialect));
  if (lines.length === 0) return "-- nothing";
  const alone = operations.some((op) => isAlone(op, dialect));
  return [...(alone ? ["-- without a transaction"] : []), ...lines].join("\n");
}

function isAlone(op: Operation, dialect: Dialect): boolean {
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

const undoneTitle = "What cannot be undone";

function cannotBeUndone(): string {
  const rows = irreversible.map(({ name, fix }) => `| ${name} | ${cell(fix)} |`);
  return `## ${undoneTitle}

In \`change\`, these go up; going down is refused before anything runs, with the file, the line and what to write. Or write \`up\` and \`down\`, which are not reversed.

| undoing | needs |
|---|---|
${rows.join("\n")}
`;
}

function cell(fix: string): string {
  return fix.replaceAll("|", "\\|");
}
