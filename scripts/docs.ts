/** Writes the pages of docs/ that are made from the source. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { errorsPage } from "./errors-page.ts";

const pages = { "errors.md": errorsPage };

for (const [file, page] of Object.entries(pages)) {
  const path = fileURLToPath(new URL(`../docs/${file}`, import.meta.url));
  writeFileSync(path, page());
  process.stdout.write(`docs/${file}: ${readFileSync(path, "utf8").split("\n").length} lines\n`);
}
