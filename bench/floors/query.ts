/** The floor of a short command: connects and asks one query. */
import pg from "pg";

async function main(): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query("SELECT version FROM schema_migrations WHERE version < 0");
  await client.end();
}

void main();
