/** What runs a history in JavaScript as its own project does: a program for Node, which is given an address and how many. */

export type OwnTool = {
  readonly program: string;
  /** Its tables, for `pg_dump`. */
  readonly tables: readonly string[];
  readonly compat: readonly [file: string, name: string];
};

const given = "const [url, count] = process.argv.slice(2);";

export const ownTools = {
  knex: {
    compat: ["knex", "knexMigrations"],
    tables: ["knex_migrations*"],
    program: `import makeKnex from "knex";
${given}
const knex = makeKnex({ client: "pg", connection: url });
const directory = "migrations";
if (count === undefined) await knex.migrate.latest({ directory });
else for (let i = 0; i < Number(count); i += 1) await knex.migrate.up({ directory });
await knex.destroy();
`,
  },
  kysely: {
    compat: ["kysely", "kyselyMigrations"],
    tables: ["kysely_*"],
    program: `import { readdirSync } from "node:fs";
import { Kysely, PostgresDialect } from "kysely";
import { Migrator } from "kysely/migration";
import pg from "pg";
${given}
const db = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }) });
const files = readdirSync("migrations").filter((name) => /^\\d/.test(name)).sort();
const migrations = {};
for (const file of files) migrations[file.replace(/\\.ts$/, "")] = await import("./migrations/" + file);
const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
const names = Object.keys(migrations);
const { error } = await (count === undefined ? migrator.migrateToLatest() : migrator.migrateTo(names[Number(count) - 1]));
await db.destroy();
if (error) throw error;
`,
  },
  umzug: {
    compat: ["sequelize", "sequelizeMigrations"],
    tables: ['"SequelizeMeta"'],
    program: `import { createRequire } from "node:module";
import { readdirSync } from "node:fs";
import { Sequelize } from "sequelize";
import { SequelizeStorage, Umzug } from "umzug";
${given}
const require = createRequire(import.meta.url);
const sequelize = new Sequelize(url, { logging: false });
const queryInterface = sequelize.getQueryInterface();
const files = readdirSync("migrations").sort();
const umzug = new Umzug({
  context: queryInterface,
  storage: new SequelizeStorage({ sequelize }),
  logger: undefined,
  migrations: files.map((name) => {
    const { up, down } = require("./migrations/" + name);
    return { name, up: () => up(queryInterface, Sequelize), down: () => down(queryInterface, Sequelize) };
  }),
});
await umzug.up(count === undefined ? {} : { step: Number(count) });
await sequelize.close();
`,
  },
} as const satisfies { readonly [tool: string]: OwnTool };
