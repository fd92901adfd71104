/** The name of an app that nobody has named. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { snakeCase } from "./snake-case.ts";

/** The name in package.json without its scope, else the name of the folder. */
export function appName(root: string): string {
  const file = join(root, "package.json");
  const given: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).name : undefined;
  const name = typeof given === "string" && given !== "" ? given : basename(root);
  return snakeCase(name.replace(/^@[^/]*\//, "")) || "my_app";
}
