/** The floor of applying a folder of SQL files, each in a transaction with a row of history: `apply.js awaited|joined FOLDER`. */
import { readdirSync } from "node:fs";
import pg from "pg";
import { historySql, statementsOf } from "./files.ts";

const [, , how = "", folder = ""] = process.argv;

async function main(): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(historySql);
  for (const file of readdirSync(folder).toSorted()) {
    const statements = statementsOf(folder, file, "now() AT TIME ZONE 'UTC'");
    const transaction = ["BEGIN", ...statements, "COMMIT"];
    if (how === "joined") await client.query(transaction.join(";\n"));
    else for (const sql of transaction) await client.query(sql);
  }
  await client.end();
}

void main();
