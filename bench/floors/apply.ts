/** The floor of applying a folder of SQL files, each in a transaction with a row of history: `apply.js awaited|joined FOLDER`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";

const [, , how = "", folder = ""] = process.argv;

async function main(): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(
    "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp, name text)",
  );
  for (const file of readdirSync(folder).toSorted()) {
    const statements = transaction(file);
    if (how === "joined") await client.query(statements.join(";\n"));
    else for (const sql of statements) await client.query(sql);
  }
  await client.end();
}

/** In a file of these, a statement is a line. */
function transaction(file: string): readonly string[] {
  const [version, name] = file.replace(".sql", "").split(/_(.*)/);
  const lines = readFileSync(join(folder, file), "utf8").split(";\n").filter(Boolean);
  const row = `INSERT INTO schema_migrations VALUES (${version}, now() AT TIME ZONE 'UTC', '${name}')`;
  return ["BEGIN", ...lines, row, "COMMIT"];
}

void main();
