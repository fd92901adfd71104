/** The floor of a short command on SQLite: opens the file and asks one query. */
import { DatabaseSync } from "node:sqlite";

const database = new DatabaseSync(process.env.DATABASE_URL ?? "");
database.prepare("SELECT version FROM schema_migrations WHERE version < 0").all();
database.close();
