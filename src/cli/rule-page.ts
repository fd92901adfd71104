/** The page of a safety rule, which comes with the package. */
import { existsSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Its path from the working folder; nothing for a rule of the user. The docs lie two folders above source and dist. */
export function rulePage(rule: string): string | undefined {
  const page = fileURLToPath(new URL(`../../docs/rules/${rule}.md`, import.meta.url));
  if (!existsSync(page)) return undefined;
  const near = relative("", page);
  return near.startsWith("..") ? page : near;
}
