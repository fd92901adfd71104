import { promises as fs } from "node:fs";
import path from "node:path";
import { Kysely, PostgresDialect } from "kysely";
import { FileMigrationProvider, Migrator } from "kysely/migration";
import pg from "pg";

const db = new Kysely({
  dialect: new PostgresDialect({
    pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }),
  }),
});
const migrationFolder = path.join(import.meta.dirname, "migrations");
const migrator = new Migrator({
  db,
  provider: new FileMigrationProvider({ fs, path, migrationFolder }),
});
const { error } = await (process.argv[2] === "up"
  ? migrator.migrateUp()
  : migrator.migrateToLatest());
await db.destroy();
if (error) throw error;
