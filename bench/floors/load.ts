/** The floor of a folder of modules: imports all of them, one after the other, and does nothing: `load.js FOLDER`. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , folder = ""] = process.argv;

async function main(): Promise<void> {
  for (const file of readdirSync(folder).toSorted()) {
    await import(pathToFileURL(join(folder, file)).href);
  }
}

void main();
