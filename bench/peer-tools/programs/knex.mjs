/** Knex, with SQL files by a migration source: `knex.mjs postgres|mariadb FOLDER`. */
import { filesOf, statementsOf } from "./files.mjs";

/** @type {(name: string) => Promise<any>} The packages are in a folder of the bench's own, without their types here. */
const load = (name) => import(name);
const [, , engine, folder = ""] = process.argv;
const { default: knex } = await load("knex");

const database = knex({
  client: engine === "postgres" ? "pg" : "mysql2",
  connection: process.env.DATABASE_URL,
  pool: { min: 0, max: 2 },
});
await database.migrate.latest({
  migrationSource: {
    getMigrations: async () => filesOf(folder),
    getMigrationName: (/** @type {{ name: string }} */ file) => file.name,
    getMigration: async (/** @type {{ read(): string }} */ file) => ({
      async up(/** @type {any} */ transaction) {
        for (const sql of statementsOf(file.read())) await transaction.raw(sql);
      },
      async down() {},
    }),
  },
});
await database.destroy();
