/** The migrator of drizzle-orm: `drizzle-orm.mjs postgres|mariadb|sqlite FOLDER`. */
/** @type {(name: string) => Promise<any>} The packages are in a folder of the bench's own, without their types here. */
const load = (name) => import(name);
const [, , engine, migrationsFolder] = process.argv;
const url = process.env.DATABASE_URL ?? "";

if (engine === "postgres") {
  const { default: pg } = await load("pg");
  const { drizzle } = await load("drizzle-orm/node-postgres");
  const { migrate } = await load("drizzle-orm/node-postgres/migrator");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(drizzle(client), { migrationsFolder });
  await client.end();
} else if (engine === "mariadb") {
  const { createConnection } = await load("mysql2/promise");
  const { drizzle } = await load("drizzle-orm/mysql2");
  const { migrate } = await load("drizzle-orm/mysql2/migrator");
  const connection = await createConnection(url);
  await migrate(drizzle(connection), { migrationsFolder });
  await connection.end();
} else {
  const { DatabaseSync } = await import("node:sqlite");
  const { drizzle } = await load("drizzle-orm/sqlite-proxy");
  const { migrate } = await load("drizzle-orm/sqlite-proxy/migrator");
  const database = new DatabaseSync(url);
  const ask = async (/** @type {string} */ sql, /** @type {any[]} */ values) => ({
    rows: database
      .prepare(sql)
      .all(...values)
      .map((row) => Object.values(row)),
  });
  const runAll = async (/** @type {string[]} */ queries) => {
    database.exec("BEGIN");
    for (const sql of queries) database.exec(sql);
    database.exec("COMMIT");
  };
  await migrate(drizzle(ask), runAll, { migrationsFolder });
  database.close();
}
