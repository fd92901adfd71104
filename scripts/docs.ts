/** Writes the pages of docs/ that are made from the source. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { neededParser } from "../src/check/parser.ts";
import { rulePages } from "../src/check/rule-pages.ts";
import { sqliteTrial } from "../src/shadow/sqlite/trial.ts";
import { commandsPage } from "./commands-page.ts";
import { runErrors } from "./error-runs.ts";
import { errorsPage } from "./errors-page.ts";
import { migrationsPage } from "./migrations-page.ts";
import { operationsPages } from "./operations-pages.ts";
import { platformsPage } from "./platforms-page.ts";
import { warningsPage } from "./warnings-page.ts";

const pages = {
  "errors.md": errorsPage,
  "warnings.md": warningsPage,
  "commands.md": commandsPage,
  "migrations.md": migrationsPage,
  "platforms.md": platformsPage,
};

writeFileSync(
  new URL("./error-runs.json", import.meta.url),
  `${JSON.stringify(Object.fromEntries(await runErrors()), null, 2)}\n`,
);

for (const [file, page] of Object.entries(pages)) {
  const path = fileURLToPath(new URL(`../docs/${file}`, import.meta.url));
  writeFileSync(path, await page());
  process.stdout.write(`docs/${file}\n`);
}

const parser = await neededParser("npm run docs");
writeFolder("operations", operationsPages(parser));
writeFolder("rules", rulePages(parser, { sqlite: await sqliteTrial() }));

function writeFolder(name: string, texts: ReadonlyMap<string, string>): void {
  const folder = fileURLToPath(new URL(`../docs/${name}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) if (!texts.has(file)) rmSync(`${folder}${file}`);
  for (const [file, text] of texts) writeFileSync(`${folder}${file}`, text);
  process.stdout.write(`docs/${name}/\n`);
}
