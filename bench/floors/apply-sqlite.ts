/** The floor of applying a folder of SQL files to SQLite, each in a transaction with a row of history: `apply-sqlite.js joined FOLDER`. */
import { readdirSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { historySql, statementsOf } from "./files.ts";

const [, , , folder = ""] = process.argv;
const database = new DatabaseSync(process.env.DATABASE_URL ?? "");
database.exec(historySql);
for (const file of readdirSync(folder).toSorted()) {
  const statements = statementsOf(folder, file, "CURRENT_TIMESTAMP");
  database.exec(["BEGIN", ...statements, "COMMIT"].join(";\n"));
}
database.close();
