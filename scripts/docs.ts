/** Writes the pages of docs/ that are made from the source. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { neededParser } from "../src/check/parser.ts";
import { rulePages } from "../src/check/rule-pages.ts";
import { sqliteTrial } from "../src/shadow/sqlite/trial.ts";
import { commandsPage } from "./commands-page.ts";
import { errorsPage } from "./errors-page.ts";
import { migrationsPage } from "./migrations-page.ts";
import { platformsPage } from "./platforms-page.ts";
import { warningsPage } from "./warnings-page.ts";

const pages = {
  "errors.md": errorsPage,
  "warnings.md": warningsPage,
  "commands.md": commandsPage,
  "migrations.md": migrationsPage,
  "platforms.md": platformsPage,
};

for (const [file, page] of Object.entries(pages)) {
  const path = fileURLToPath(new URL(`../docs/${file}`, import.meta.url));
  writeFileSync(path, await page());
  process.stdout.write(`docs/${file}\n`);
}

const rules = fileURLToPath(new URL("../docs/rules/", import.meta.url));
mkdirSync(rules, { recursive: true });
for (const [file, text] of rulePages(await neededParser("npm run docs"), {
  sqlite: await sqliteTrial(),
}))
  writeFileSync(`${rules}${file}`, text);
process.stdout.write("docs/rules/\n");
