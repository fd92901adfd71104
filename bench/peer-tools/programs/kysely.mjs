/** The migrator of Kysely, with SQL files by a provider: `kysely.mjs postgres|mariadb|sqlite FOLDER`. */
import { filesOf, statementsOf } from "./files.mjs";

/** @type {(name: string) => Promise<any>} The packages are in a folder of the bench's own, without their types here. */
const load = (name) => import(name);
const [, , engine, folder = ""] = process.argv;
const url = process.env.DATABASE_URL ?? "";
const kysely = await load("kysely");

const database = new kysely.Kysely({ dialect: await dialectOf() });
const provider = {
  getMigrations: async () =>
    Object.fromEntries(
      filesOf(folder).map(({ name, read }) => [
        name,
        { up: (/** @type {any} */ db) => up(db, read()) },
      ]),
    ),
};
const { Migrator } = await load("kysely/migration");
const { error } = await new Migrator({ db: database, provider }).migrateToLatest();
await database.destroy();
if (error !== undefined) throw error;

async function up(/** @type {any} */ db, /** @type {string} */ text) {
  for (const sql of statementsOf(text)) await kysely.sql.raw(sql).execute(db);
}

async function dialectOf() {
  if (engine === "postgres") {
    const { default: pg } = await load("pg");
    return new kysely.PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 2 }) });
  }
  if (engine === "mariadb") {
    const { createPool } = await load("mysql2");
    return new kysely.MysqlDialect({ pool: createPool({ uri: url, connectionLimit: 2 }) });
  }
  const { DatabaseSync } = await import("node:sqlite");
  const sqlite = new DatabaseSync(url);
  return new kysely.SqliteDialect({
    database: {
      close: () => sqlite.close(),
      prepare(/** @type {string} */ sql) {
        const statement = sqlite.prepare(sql);
        return {
          reader: /^\s*(select|pragma|with)|returning/i.test(sql),
          all: (/** @type {any[]} */ values) => statement.all(...values),
          run: (/** @type {any[]} */ values) => statement.run(...values),
          iterate: (/** @type {any[]} */ values) => statement.iterate(...values),
        };
      },
    },
  });
}
