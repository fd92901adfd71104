/** SQL files for the tools that want code: each is read when it runs. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The SQL files of a folder, in order. */
export function filesOf(/** @type {string} */ folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .toSorted()
    .map((file) => ({
      name: file.slice(0, -4),
      read: () => readFileSync(join(folder, file), "utf8"),
    }));
}

/** For a driver that takes one statement: in these files, a statement ends its line. */
export function statementsOf(/** @type {string} */ text) {
  return text.split(";\n").filter(Boolean);
}
