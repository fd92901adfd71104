/** TypeORM, with SQL files as classes: `typeorm.mjs postgres|mariadb FOLDER`. */
import { filesOf, statementsOf } from "./files.mjs";

/** @type {(name: string) => Promise<any>} The packages are in a folder of the bench's own, without their types here. */
const load = (name) => import(name);
const [, , engine, folder = ""] = process.argv;
await load("reflect-metadata");
const { DataSource } = await load("typeorm");

const source = new DataSource({
  type: engine,
  url: process.env.DATABASE_URL,
  migrations: filesOf(folder).map(classOf),
});
await source.initialize();
await source.runMigrations({ transaction: engine === "postgres" ? "each" : "none" });
await source.destroy();

/** It orders by the last 13 digits of a name. */
function classOf(/** @type {{ name: string, read(): string }} */ { name, read }) {
  return class {
    name = `CreateTable${name.slice(1, 14)}`;
    async up(/** @type {any} */ runner) {
      for (const sql of statementsOf(read())) await runner.query(sql);
    }
    async down() {}
  };
}
