/** What the floors send of a file. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Their table of history. */
export const historySql =
  "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp, name text)";

/** The statements of a file, and the row of history. In a file of these, a statement is a line. */
export function statementsOf(folder: string, file: string, now: string): readonly string[] {
  const [version, name] = file.replace(".sql", "").split(/_(.*)/);
  const lines = readFileSync(join(folder, file), "utf8").split(";\n").filter(Boolean);
  return [...lines, `INSERT INTO schema_migrations VALUES (${version}, ${now}, '${name}')`];
}
