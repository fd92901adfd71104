/** The floor of applying a folder of SQL files to MariaDB, each with a row of history in one message: `apply-mariadb.js joined FOLDER`. */
import { readdirSync } from "node:fs";
import { createConnection } from "mysql2/promise";
import { historySql, statementsOf } from "./files.ts";

const [, , how = "", folder = ""] = process.argv;

async function main(): Promise<void> {
  const uri = process.env.DATABASE_URL ?? "";
  const connection = await createConnection({ uri, multipleStatements: true });
  await connection.query(historySql);
  for (const file of readdirSync(folder).toSorted()) {
    const statements = statementsOf(folder, file, "UTC_TIMESTAMP()");
    if (how === "joined") await connection.query(statements.join(";\n"));
    else for (const sql of statements) await connection.query(sql);
  }
  await connection.end();
}

void main();
