/** Writes the pages of docs/ that are made from the source. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commandsPage } from "./commands-page.ts";
import { errorsPage } from "./errors-page.ts";
import { migrationsPage } from "./migrations-page.ts";
import { platformsPage } from "./platforms-page.ts";

const pages = {
  "errors.md": errorsPage,
  "commands.md": commandsPage,
  "migrations.md": migrationsPage,
  "platforms.md": platformsPage,
};

for (const [file, page] of Object.entries(pages)) {
  const path = fileURLToPath(new URL(`../docs/${file}`, import.meta.url));
  writeFileSync(path, await page());
  process.stdout.write(`docs/${file}\n`);
}
