/** docs/migrations.md: how a migration is written, and a table of all operations. */
import { irreversible } from "../test/language/cases/irreversible.ts";
import { migrationsIntro } from "./migrations-intro.ts";
import type { PageGroup } from "./operations/operation-page.ts";
import { groups } from "./operations/pages/index.ts";

/** The whole page. */
export function migrationsPage(): string {
  return [migrationsIntro, ...groups.map(groupTable), cannotBeUndone()].join("\n");
}

function groupTable({ title, pages }: PageGroup): string {
  const rows = pages.map(
    ({ title: name, file, does }) => `| [${name}](operations/${file}.md) | ${does} |`,
  );
  return [`### ${title}\n`, "| | |", "|---|---|", ...rows, ""].join("\n");
}

function cannotBeUndone(): string {
  const rows = irreversible.map(({ name, fix }) => `| ${name} | ${fix.replaceAll("|", "\\|")} |`);
  return `## What cannot be undone

In \`change\`, these go up. If you go down, Slipway refuses before anything runs, and shows the file, the line and what to write. Or write \`up\` and \`down\` yourself: Slipway does not reverse those.

| to undo | write |
|---|---|
${rows.join("\n")}
`;
}
