import { afterEach, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project | undefined;
afterEach(() => project?.remove());

type Given = {
  readonly packages?: readonly string[];
  readonly files: { readonly [path: string]: string };
  readonly flags?: readonly string[];
  readonly url?: string;
};

const sql = "create table a (id int);\n";
const half = { up: sql, down: "drop table a;\n" };

function pairs(folder: string): { readonly [path: string]: string } {
  return { [`${folder}/001_a.up.sql`]: half.up, [`${folder}/001_a.down.sql`]: half.down };
}

async function init({ packages = [], files, flags = [], url = "" }: Given) {
  const dependencies = Object.fromEntries(packages.map((name) => [name, "^1.0.0"]));
  const json = JSON.stringify({ name: "my-app", type: "module", dependencies });
  project = makeProject({ "package.json": json, ...files });
  const env = { DATABASE_URL: url };
  return project.run(["init", "--dry-run", "--offline", ...flags], { env });
}

const found: readonly (readonly [string, Given, string])[] = [
  [
    "a folder of another name",
    { files: { "migrate/migrations/20240101000000-a.sql": `-- +migrate Up\n${sql}` } },
    "sql-migrate, 1 migration in migrate/migrations/",
  ],
  [
    "migrations below a folder that is called so",
    { files: pairs("internal/migration/main") },
    "golang-migrate, 1 migration in internal/migration/main/",
  ],
  [
    "the folder of its database, beside those of others",
    {
      files: {
        ...pairs("db/migrations/mysql"),
        ...pairs("db/migrations/postgres"),
        ...pairs("db/migrations/sqlite"),
        "db/migrations/custom/0001_c.ts": "export const c = 1;\n",
      },
      url: "mysql://127.0.0.1/app",
    },
    "golang-migrate, 1 migration in db/migrations/mysql/\n       slipway/mysql, the address in DATABASE_URL",
  ],
  [
    "the database that the only folder is for",
    { files: { "resources/db/migration_sqlite/V1__a.sql": sql } },
    "Flyway, 1 migration in resources/db/migration_sqlite/\n       slipway/sqlite, main.db",
  ],
  [
    "migrations, and not the seeds beside them",
    {
      files: {
        "database/migrations/20240101000000_a.sql": `-- migrate:up\n${sql}`,
        "database/seed-updates/20240101000000_b.sql": `-- migrate:up\n${sql}`,
      },
    },
    "dbmate, 1 migration in database/migrations/",
  ],
  [
    "folders of Prisma's in a package whose only migrations they are",
    {
      packages: ["@prisma/client", "kysely"],
      files: {
        "schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n',
        "migrations/20240101000000_a/migration.sql": sql,
        "migrations/migration_lock.toml": "",
      },
    },
    "Prisma 1.0.0, 1 migration in migrations/",
  ],
  [
    "what the code says, where two tools are installed",
    {
      packages: ["knex", "db-migrate"],
      files: {
        "src/migrations/20240101000000-a.js":
          "exports.up = (db, callback) => db.runSql('select 1', callback);\n",
      },
    },
    "db-migrate 1.0.0, 1 migration in src/migrations/",
  ],
  [
    "a tool that another package brings",
    {
      files: {
        "migrations/1704067200000_a.ts":
          "import type { MigrationBuilder } from 'node-pg-migrate';\nexport const up = (pgm: MigrationBuilder) => pgm.sql('select 1');\n",
      },
    },
    "node-pg-migrate, 1 migration in migrations/",
  ],
  [
    "one folder for each release of a program",
    { files: { "store/migration/0.1/00__a.sql": sql, "store/migration/0.2/00__b.sql": sql } },
    "migrations of no tool, 2 migrations in store/migration/",
  ],
  [
    "Hasura's, whose folders look like diesel's",
    {
      files: {
        "metadata/version.yaml": "version: 3\n",
        "migrations/default/1704067200000_a/up.sql": sql,
      },
    },
    "Hasura, 1 migration in migrations/",
  ],
  [
    "change sets of Liquibase in SQL",
    {
      files: {
        "src/main/resources/db/changelog/001-a.sql": `--liquibase formatted sql\n--changeset me:1\n${sql}--changeset me:2\ncreate table b (id int);\n`,
      },
    },
    "Liquibase, 2 migrations in src/main/resources/db/changelog/",
  ],
  [
    "patches that lie in a folder for the database",
    { files: { "db/2024-01-13-patch.sql": sql, "db/2024-04-03-patch.sql": sql } },
    "migrations of no tool, 2 migrations in db/",
  ],
  [
    "a tool without migrations",
    { packages: ["knex"], files: {} },
    "Knex 1.0.0, no folder of its migrations (--migrations names one)",
  ],
];

it.each(found)("finds %s", async (_, given, said) => {
  const { code, stderr } = await init(given);
  expect(stderr).toContain(`Found: ${said}\n`);
  expect(code).toBe(0);
});

it.each<readonly [string, Given, string]>([
  [
    "several folders, of which none is more likely",
    {
      files: {
        "app/users/database/migrations/1_a.sql": sql,
        "app/posts/database/migrations/1_a.sql": sql,
      },
    },
    "error: more than one folder may have migrations: app/posts/database/migrations, app/users/database/migrations\nhint: Say which one: slipway init --migrations app/posts/database/migrations\n",
  ],
  [
    "folders for several databases, where nothing tells which it has",
    { files: { ...pairs("migrations/mysql"), ...pairs("migrations/sqlite") } },
    "error: more than one folder may have migrations: migrations/mysql, migrations/sqlite\nhint: Say which one: slipway init --migrations migrations/mysql\n",
  ],
  [
    "a folder of Ruby alone, wherever it lies",
    { files: { "db/migrate/001_a.rb": "", "db/migrate/002_b.rb": "" } },
    "2 files in db/migrate would not run: 001_a.rb, 002_b.rb, which looks like Rails' migrations in Ruby",
  ],
])("refuses %s, and names each", async (_, given, said) => {
  const { code, stderr } = await init(given);
  expect(stderr).toContain(said);
  expect(code).toBe(2);
});

it("says what a knexfile does to names, which the release file has to say too", async () => {
  project = makeProject({
    "package.json":
      '{ "name": "my-app", "type": "module", "dependencies": { "knex": "3", "pg": "8" } }',
    "db/knexfile.js":
      "export default { client: 'pg', wrapIdentifier: (name, own) => own(name) };\n",
    "db/migrations/1_a.js": "export const up = (knex) => knex.schema.dropTable('a');\n",
  });
  const { stdout } = await project.run(["init", "--yes", "--offline"]);
  expect(stdout).toContain(
    "* db/knexfile.js has wrapIdentifier: give it to knexMigrations({ config: { … } }) in the release file too\n",
  );
});
