/** How a new TypeScript file is to end so that Node takes it for a module. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * `mts` in a project whose package.json says `"type": "commonjs"`, as `npm init` writes it; else `ts`.
 * https://nodejs.org/api/typescript.html#determining-module-system
 */
export function moduleEnding(root: string): "ts" | "mts" {
  const file = join(root, "package.json");
  const type: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).type : undefined;
  return type === "commonjs" ? "mts" : "ts";
}
