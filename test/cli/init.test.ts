import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project | undefined;
afterEach(() => project?.remove());

type Case = {
  readonly packages: { readonly [name: string]: string };
  readonly files: { readonly [path: string]: string };
  /** The first line that it says, and the one below. */
  readonly found: readonly [string, string];
  /** Lines of its release file. */
  readonly release: readonly string[];
};

const sql = "create table a (id int);\n";
const code = "export async function up() {}\nexport async function down() {}\n";
const atUrl = (adapter = "postgres", variable = "DATABASE_URL") =>
  `       slipway/${adapter}, the address in ${variable}`;

/** Projects as the tools' own commands leave them. */
const cases: { readonly [tool: string]: Case } = {
  drizzle: {
    packages: { "drizzle-orm": "^0.45.4", "drizzle-kit": "^0.31.0", pg: "^8.0.0" },
    files: {
      "drizzle.config.ts":
        'import { defineConfig } from "drizzle-kit";\nexport default defineConfig({ schema: "./src/schema.ts", out: "./drizzle", dialect: "postgresql", dbCredentials: { url: process.env.POSTGRES_URL! } });\n',
      "drizzle/0000_a.sql": sql,
      "drizzle/0001_b.sql": sql,
      "drizzle/meta/_journal.json": JSON.stringify({
        entries: [
          { idx: 0, when: 1, tag: "0000_a" },
          { idx: 1, when: 2, tag: "0001_b" },
        ],
      }),
    },
    found: ["Found: Drizzle 0.31.0, 2 migrations in drizzle/", atUrl("postgres", "POSTGRES_URL")],
    release: ['adapter: postgres({ url: () => env("POSTGRES_URL") }),', 'migrations: "drizzle",'],
  },
  prisma: {
    packages: { "@prisma/client": "^6.1.0", kysely: "^0.28.0" },
    files: {
      "prisma/schema.prisma":
        'generator client {\n  provider = "prisma-client-js"\n}\ndatasource db {\n  provider = "sqlite"\n  url      = "file:./dev.db"\n}\n',
      "prisma/migrations/20240101000000_init/migration.sql": sql,
      "prisma/migrations/migration_lock.toml": 'provider = "sqlite"\n',
    },
    found: [
      "Found: Prisma 6.1.0, 1 migration in prisma/migrations/",
      "       slipway/sqlite, prisma/dev.db",
    ],
    release: ['adapter: sqlite({ path: "prisma/dev.db" }),', 'migrations: "prisma/migrations",'],
  },
  knex: {
    packages: { knex: "^3.1.0", mysql2: "^3.0.0" },
    files: {
      "knexfile.js":
        'module.exports = { development: { client: "mysql2", connection: process.env.MYSQL_URL, migrations: { directory: "./db/changes" } } };\n',
      "db/changes/20240101000000_a.js": code,
    },
    found: ["Found: Knex 3.1.0, 1 migration in db/changes/", atUrl("mysql", "MYSQL_URL")],
    release: [
      'import { knexMigrations } from "slipway/compat/knex";',
      'migrations: "db/changes",',
      "modules: knexMigrations(),",
    ],
  },
  kysely: {
    packages: { kysely: "^0.28.0", "kysely-ctl": "^0.12.0", pg: "^8.0.0" },
    files: {
      "kysely.config.ts": "export default {};\n",
      "migrations/1704067200000_a.ts": code,
    },
    found: ["Found: Kysely 0.12.0, 1 migration in migrations/", atUrl()],
    release: ["modules: kyselyMigrations(),"],
  },
  "node-pg-migrate": {
    packages: { "node-pg-migrate": "^9.0.0", pg: "^8.0.0", kysely: "^0.28.0" },
    files: { "migrations/1704067200000_a.sql": `-- Up Migration\n${sql}-- Down Migration\n` },
    found: ["Found: node-pg-migrate 9.0.0, 1 migration in migrations/", atUrl()],
    release: ['migrations: "migrations",'],
  },
  sequelize: {
    packages: { sequelize: "^6.0.0", "sequelize-cli": "^6.6.0", mariadb: "^3.0.0" },
    files: {
      ".sequelizerc":
        'const path = require("path");\nmodule.exports = { "migrations-path": path.resolve("server", "migrations") };\n',
      "config/config.json":
        '{ "production": { "use_env_variable": "DB_URL", "dialect": "mariadb" } }',
      "server/migrations/20240101000000-a.js": code,
    },
    found: ["Found: Sequelize (umzug) 6.6.0, 1 migration in server/migrations/", atUrl("mariadb")],
    release: ["modules: sequelizeMigrations(),"],
  },
  typeorm: {
    packages: { typeorm: "^1.1.0", "better-sqlite3": "^12.0.0" },
    files: {
      "src/data-source.ts":
        'export const AppDataSource = new DataSource({ type: "better-sqlite3", database: "database.sqlite", migrations: ["src/migration/*.ts"] });\n',
      "src/migration/1704067200000-A.ts":
        "export class A1704067200000 { async up() {} async down() {} }\n",
    },
    found: [
      "Found: TypeORM 1.1.0, 1 migration in src/migration/",
      "       slipway/better-sqlite3, database.sqlite",
    ],
    release: [
      'adapter: betterSqlite3({ path: "database.sqlite" }),',
      "modules: typeormMigrations(),",
    ],
  },
  "mikro-orm": {
    packages: { "@mikro-orm/core": "^7.0.0", "@mikro-orm/migrations": "^7.0.0", pg: "^8.0.0" },
    files: {
      "mikro-orm.config.ts":
        'import { PostgreSqlDriver } from "@mikro-orm/postgresql";\nexport default { driver: PostgreSqlDriver, migrations: { pathTs: "src/migrations" } };\n',
      "src/migrations/Migration20240101000000.ts": "export class Migration20240101000000 {}\n",
    },
    found: ["Found: MikroORM 7.0.0, 1 migration in src/migrations/", atUrl()],
    release: ["modules: mikroOrmMigrations(),"],
  },
  dbmate: {
    packages: { postgres: "^3.4.0" },
    files: {
      ".env.example": "DATABASE_URL=postgres://127.0.0.1/app\n",
      "db/migrations/20240101000000_a.sql": `-- migrate:up\n${sql}\n-- migrate:down\n`,
    },
    found: ["Found: dbmate, 1 migration in db/migrations/", atUrl("postgres-js")],
    release: ['migrations: "db/migrations",'],
  },
  goose: {
    packages: {},
    files: { "migrations/00001_a.sql": `-- +goose Up\n${sql}-- +goose Down\n` },
    found: ["Found: goose, 1 migration in migrations/", atUrl()],
    release: ['migrations: "migrations",'],
  },
  "golang-migrate": {
    packages: {},
    files: { "db/migrations/000001_a.up.sql": sql, "db/migrations/000001_a.down.sql": "" },
    found: ["Found: golang-migrate, 1 migration in db/migrations/", atUrl()],
    release: ['migrations: "db/migrations",'],
  },
  flyway: {
    packages: { pg: "^8.0.0" },
    files: { "flyway.toml": "", "db/migration/V1_2__a.sql": sql },
    found: ["Found: Flyway, 1 migration in db/migration/", atUrl()],
    release: ['migrations: "db/migration",'],
  },
  supabase: {
    packages: { supabase: "^2.0.0", pg: "^8.0.0" },
    files: { "supabase/config.toml": "", "supabase/migrations/20240101000000_a.sql": sql },
    found: ["Found: Supabase CLI 2.0.0, 1 migration in supabase/migrations/", atUrl()],
    release: ['migrations: "supabase/migrations",'],
  },
};

function projectOf({ packages, files }: Pick<Case, "packages" | "files">): Project {
  const json = {
    name: "my-app",
    type: "module",
    scripts: { "db:migrate": "x" },
    dependencies: packages,
  };
  project = makeProject({ "package.json": `${JSON.stringify(json, null, 4)}\n`, ...files });
  return project;
}

it.each(Object.entries(cases))(
  "finds a project of %s, and writes what it needs",
  async (tool, one) => {
    const { run, folder } = projectOf(one);
    const looked = await run(["init", "--dry-run", "--json"]);
    expect(JSON.parse(looked.stdout)).toMatchObject({
      tool,
      count: one.files["drizzle/0001_b.sql"] ? 2 : 1,
    });
    expect(project!.has("release.ts")).toBe(false);

    const ran = await run(["init", "--yes"], { env: { DATABASE_URL: "" } });
    expect(ran.stderr.split("\n").slice(0, 2)).toEqual(one.found);
    expect(ran.code).toBe(0);
    const [, missing] = /its driver is missing: (npm install .+)/.exec(ran.stdout) ?? [];
    expect(ran.stdout.slice(ran.stdout.indexOf("Next:")).split("\n")).toEqual([
      "Next:",
      ...(missing === undefined ? [] : [`  ${missing}`]),
      "  npx slipway adopt",
      "  npx slipway status",
      "  npx slipway migrate",
      "",
    ]);
    const text = readFileSync(join(folder, "release.ts"), "utf8");
    const lines = text.split("\n").map((line) => line.trim());
    for (const line of one.release) expect(lines).toContain(line);
    // Nobody was asked what has run, so nothing is left out of the rules.
    expect(text).not.toContain("startAfter");
    const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    expect(scripts).toEqual({
      "db:migrate": "x",
      "db:status": "slipway status",
      "slipway:migrate": "slipway migrate",
      "db:check": "slipway check",
    });
    expect(readFileSync(join(folder, "package.json"), "utf8")).toContain('\n    "type": "module",');
    expect(project!.has(".github/workflows/migrations.yml")).toBe(true);
  },
);

it("says what development needs beside it: the parser of check, and what runs a tool's TypeScript", async () => {
  const { run } = projectOf({
    packages: { typeorm: "^1.0.0", pg: "^8.0.0" },
    files: { "src/migrations/1704067200000-Init.ts": code },
  });
  const { stdout } = await run(["init", "--yes"], { env: { DATABASE_URL: "" } });
  expect(stdout).toContain(
    "* for migrations in TypeScript, slipway check: npm install --save-dev esbuild libpg-query\n",
  );
});

it("finds the one folder of migrations, however deep it lies", async () => {
  const { run } = projectOf({
    packages: { kysely: "^0.28.0", pg: "^8.0.0" },
    files: { "src/data-plane/server/db/migrations/20240101T000000000Z-init.ts": code },
  });
  const { stderr } = await run(["init", "--dry-run"]);
  expect(stderr).toContain(
    "Found: Kysely 0.28.0, 1 migration in src/data-plane/server/db/migrations/\n",
  );
});

it("begins a project that has no migrations", async () => {
  const { run, folder } = projectOf({ packages: {}, files: {} });
  const { stdout, stderr } = await run(["init", "--yes"]);
  expect(stderr).toBe(
    "Found: no migrations yet\n       slipway/postgres, the address in DATABASE_URL\n",
  );
  expect(stdout).toContain("* its driver is missing: npm install pg\n");
  expect(stdout).toContain("  npx slipway gen migration create_posts\n");
  expect(readFileSync(join(folder, "release.ts"), "utf8")).toContain("timestamptz");
});

const refused: readonly (readonly [string, Case["files"], readonly string[], string])[] = [
  [
    "a release that is there",
    { "release.ts": "" },
    ["--yes"],
    "error: release.ts exists already\nhint: Delete it first if you want a new one.\n",
  ],
  [
    "two tools with migrations",
    {
      "knexfile.js": "",
      "migrations/1_a.sql": sql,
      "prisma/schema.prisma": "",
      "prisma/migrations/1_a/migration.sql": sql,
    },
    ["--yes"],
    "error: more than one tool may have migrations here: prisma (prisma/migrations), knex (migrations)\nhint: Say which one: slipway init --from prisma\n",
  ],
  [
    "a folder in another language",
    { "db/migrations/001_a.rb": "", "db/migrations/x.sql": "" },
    ["--yes"],
    "Rails' migrations in Ruby",
  ],
  [
    "a folder that is not there",
    {},
    ["--yes", "--migrations", "nowhere"],
    "error: repo main has no migrations folder nowhere\n",
  ],
  ["nobody to answer", {}, [], "init"],
];
it.each(refused)("refuses %s in one line, and writes nothing", async (_, files, flags, said) => {
  const { run } = projectOf({ packages: {}, files });
  const { code, stderr } = await run(["init", ...flags]);
  expect(code).toBe(2);
  expect(stderr).toContain(said);
  expect(project!.has(".github")).toBe(false);
  expect(project!.has("release.ts")).toBe("release.ts" in files);
});

it("leaves a workflow of that name as it is, and the job of GitLab goes where GitLab is", async () => {
  const { run, folder } = projectOf({
    packages: {},
    files: { ".github/workflows/migrations.yml": "mine\n" },
  });
  expect((await run(["init", "--yes"])).stdout).toContain(
    "* .github/workflows/migrations.yml is there, and stays as it is\n",
  );
  expect(readFileSync(join(folder, ".github/workflows/migrations.yml"), "utf8")).toBe("mine\n");
  project!.remove();
  const other = projectOf({ packages: {}, files: { ".gitlab-ci.yml": "" } });
  expect((await other.run(["init", "--yes"])).stdout).toContain(".gitlab/migrations.gitlab-ci.yml");
});

it("in a package of a monorepo writes the job at the root, for the package, with the lockfile above", async () => {
  project = makeProject({
    ".git/HEAD": "ref: refs/heads/main\n",
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    "packages/db/package.json":
      '{ "name": "db", "type": "module", "dependencies": { "pg": "8" } }\n',
  });
  const ran = await project.run(["init", "--yes", "--offline"], { cwd: "packages/db" });
  expect(ran.stderr).not.toContain("error");
  expect(ran.code).toBe(0);
  expect(project.has("packages/db/release.ts")).toBe(true);
  expect(project.has("packages/db/.github/workflows/migrations.yml")).toBe(false);
  const file = join(project.folder, ".github/workflows/migrations.yml");
  const text = readFileSync(file, "utf8");
  expect(text).toContain("pnpm install --frozen-lockfile");
  expect(text).toMatch(/defaults:\n\s+run:\n\s+working-directory: packages\/db\n/);
  expect(ran.stdout).toContain("../../.github/workflows/migrations.yml");
}, 60_000);

it.each([
  ["file:./dev.db", "prisma/dev.db"],
  ['"file:../data/app.db?connection_limit=1"', "data/app.db"],
  ["file:/srv/app.db", "/srv/app.db"],
])("takes the file of Prisma's SQLite out of the environment: %s", async (value, path) => {
  const { run, folder } = projectOf({
    packages: { "@prisma/client": "^6.1.0" },
    files: {
      ".env": `# x\nDATABASE_URL=${value}\n`,
      "prisma/schema.prisma":
        'datasource db {\n  provider = "sqlite"\n  url      = env("DATABASE_URL")\n}\n',
      "prisma/migrations/20240101000000_init/migration.sql": sql,
      "prisma/migrations/migration_lock.toml": 'provider = "sqlite"\n',
    },
  });
  const ran = await run(["init", "--yes"]);
  expect(ran.stderr).toContain(`slipway/sqlite, ${path}\n`);
  expect(readFileSync(join(folder, "release.ts"), "utf8")).toContain(
    `adapter: sqlite({ path: "${path}" }),`,
  );
});
