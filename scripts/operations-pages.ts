/** docs/operations: a page for each operation, with the SQL that it gives on each database. */
import type { Parser } from "../src/check/parser.ts";
import { chapters } from "../test/language/cases/index.ts";
import { irreversible } from "../test/language/cases/irreversible.ts";
import type { OperationCase } from "../test/language/cases/operation-case.ts";
import { locksOf } from "./operations/locks.ts";
import type { MethodName, OperationPage } from "./operations/operation-page.ts";
import { methodOptions } from "./operations/options.ts";
import { groups } from "./operations/pages/index.ts";
import { refusalsOf, sourceOf, spellings } from "./operations/spellings.ts";

/** Every page by its file name. */
export function operationsPages(parser: Parser): ReadonlyMap<string, string> {
  const pages = groups.flatMap((group) => group.pages);
  return new Map(pages.map((page) => [`${page.file}.md`, pageText(page, parser)]));
}

function pageText(page: OperationPage, parser: Parser): string {
  const [example, ...more] = page.cases.map(caseOf);
  if (example === undefined) throw new Error(`${page.file} has no example`);
  return [
    `# ${page.title}\n`,
    `${page.does}\n`,
    codeOf(example),
    ...noteOf(example),
    ...(page.more === undefined ? [] : [`${page.more}\n`]),
    "## SQL\n",
    ...spellings(example),
    "## Roll back\n",
    `${page.back}\n`,
    "## Locks\n",
    `${page.locks}\n`,
    ...locksOf(example, parser),
    "## Options\n",
    ...Object.entries(page.methods).flatMap(([method, names]) =>
      methodOptions(method as MethodName, names ?? []),
    ),
    ...(more.length === 0 ? [] : ["## More examples\n", ...more.flatMap(exampleText)]),
    ...refusals(page),
    "## See also\n",
    page.see.map((link) => `- ${link}`).join("\n"),
    "- [All operations](../migrations.md#operations)\n",
  ].join("\n");
}

function caseOf(name: string): OperationCase {
  const found = chapters.flatMap(({ cases }) => cases).find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no case "${name}"`);
  return found;
}

function exampleText(operation: OperationCase): readonly string[] {
  return [
    `### ${operation.name}\n`,
    ...noteOf(operation),
    codeOf(operation),
    ...spellings(operation),
  ];
}

function codeOf(operation: OperationCase): string {
  return `\`\`\`typescript\n${sourceOf(operation)}\n\`\`\`\n`;
}

function noteOf({ note }: OperationCase): readonly string[] {
  return note === undefined ? [] : [`${note}\n`];
}

/** What Slipway refuses before anything runs: a way back that is missing, and what a database cannot do. */
function refusals({ irreversible: names = [], cases }: OperationPage): readonly string[] {
  const missing = names.map((name) => {
    const found = irreversible.find((one) => one.name === name);
    if (found === undefined) throw new Error(`nothing irreversible is called "${name}"`);
    return `| ${upperFirst(name)} | ${cell(found.fix)} |`;
  });
  const unable = cases
    .flatMap((name) => refusalsOf(caseOf(name)))
    .map(({ databases, words }) => `| ${databases} | ${cell(words)} |`);
  if (missing.length + unable.length === 0) return [];
  return [
    "## What Slipway refuses\n",
    "Slipway refuses these before it runs anything, and names the file and the line.\n",
    ...(missing.length === 0 ? [] : [table(["going down from", "write"], missing)]),
    ...(unable.length === 0 ? [] : [table(["database", "refusal"], [...new Set(unable)])]),
  ];
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [`| ${head.join(" | ")} |`, "|---|---|", ...rows, ""].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
