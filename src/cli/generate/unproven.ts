/** Files that stay only if the proof of them holds. */
import { readFileSync, rmSync } from "node:fs";
import { writeWhole } from "../../build/whole-file.ts";

/** A line at the head of a file, for whoever finds it after a kill. */
const words = "Not proved: the command that wrote this was killed. Delete this file.";

/** The text that a file has until its proof holds. */
export function asUnproven(file: string, text: string): string {
  return `${lineFor(file)}${text}`;
}

/**
 * Does `work` on files with unproved texts. Then they get their own texts, or they go if it fails.
 * A second signal ends the process at once, and removes them too. `files` may grow meanwhile.
 */
export async function whileUnproven<Result>(
  files: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const remove = () => {
    for (const file of files) rmSync(file, { force: true });
  };
  process.once("exit", remove);
  try {
    const result = await work();
    for (const file of files) {
      const contents = readFileSync(file, "utf8").slice(lineFor(file).length);
      writeWhole({ path: file, contents });
    }
    return result;
  } catch (error) {
    remove();
    throw error;
  } finally {
    process.off("exit", remove);
  }
}

function lineFor(file: string): string {
  return `${file.endsWith(".sql") ? "--" : "//"} ${words}\n`;
}
