/** Umzug with a history of its own in the database, as its page shows it: `umzug.mjs postgres|mariadb|sqlite FOLDER`. */
import { filesOf, statementsOf } from "./files.mjs";

/** @type {(name: string) => Promise<any>} The packages are in a folder of the bench's own, without their types here. */
const load = (name) => import(name);
const [, , engine, folder = ""] = process.argv;
const url = process.env.DATABASE_URL ?? "";
const { Umzug } = await load("umzug");

const { ask, close } = await connect();
await ask("CREATE TABLE IF NOT EXISTS migrations (name varchar(200) PRIMARY KEY)");
const umzug = new Umzug({
  migrations: filesOf(folder).map(({ name, read }) => ({ name, up: () => up(read()) })),
  logger: undefined,
  storage: {
    executed: async () => (await ask("SELECT name FROM migrations ORDER BY name")).map(nameOf),
    logMigration: (/** @type {{ name: string }} */ { name }) =>
      ask(`INSERT INTO migrations VALUES ('${name}')`),
    unlogMigration: (/** @type {{ name: string }} */ { name }) =>
      ask(`DELETE FROM migrations WHERE name = '${name}'`),
  },
});
await umzug.up();
await close();

async function up(/** @type {string} */ text) {
  await ask("BEGIN");
  for (const sql of statementsOf(text)) await ask(sql);
  await ask("COMMIT");
}

function nameOf(/** @type {any} */ row) {
  return row.name;
}

/** @returns {Promise<{ ask(sql: string): Promise<any[]>, close(): Promise<void> }>} */
async function connect() {
  if (engine === "postgres") {
    const { default: pg } = await load("pg");
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return { ask: async (sql) => (await client.query(sql)).rows, close: () => client.end() };
  }
  if (engine === "mariadb") {
    const { createConnection } = await load("mysql2/promise");
    const connection = await createConnection(url);
    return { ask: async (sql) => (await connection.query(sql))[0], close: () => connection.end() };
  }
  const { DatabaseSync } = await import("node:sqlite");
  const sqlite = new DatabaseSync(url);
  return { ask: async (sql) => sqlite.prepare(sql).all(), close: async () => sqlite.close() };
}
