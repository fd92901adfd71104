/** How the project of another tool looks: one entry each. Pure data. */
import type { LayoutName } from "../../engine/discovery/arrangements/index.ts";
import { histories } from "../../histories/index.ts";

export type ProjectTool = {
  /** As `adopt --from` has it. */
  readonly tool: string;
  /** The tool's packages; a project may have those after the first for other reasons. */
  readonly packages: readonly string[];
  /** Files that only its projects have, as paths from the project. */
  readonly signs: RegExp;
  /** Files that say where its migrations are, or where the database is. */
  readonly configs: RegExp;
  /** The folder of its migrations in a config: the first group. */
  readonly folderIn?: RegExp;
  /** Where they are without a word about it. */
  readonly folders: readonly string[];
  /** How its files are read, where they do not show it. */
  readonly layout?: LayoutName;
  /** For people, where it has no history that `adopt` could read. */
  readonly label?: string;
  /**
   * The reader of its JavaScript in `slipway/compat`: the file, and its export. Default: its files
   * are SQL.
   */
  readonly compat?: readonly [file: string, name: string];
};

const anyJs = "[cm]?[jt]s";
const quotedFolder = (key: string) =>
  new RegExp(`\\b${key}["']?\\s*[:=]\\s*(?:[\\w.]+\\([^"'\`]*)?["'\`]([^"'\`]+)["'\`]`);

export const projectTools: readonly ProjectTool[] = [
  {
    tool: "drizzle",
    packages: ["drizzle-kit", "drizzle-orm"],
    signs: new RegExp(`^drizzle\\.config\\.(?:${anyJs}|json)$|/meta/_journal\\.json$`),
    configs: new RegExp(`^drizzle\\.config\\.(?:${anyJs}|json)$`),
    folderIn: quotedFolder("out"),
    folders: ["drizzle", "src/drizzle", "src/db/migrations", "migrations"],
  },
  {
    tool: "prisma",
    packages: ["prisma", "@prisma/client"],
    signs: /(?:^|\/)(?:schema\.prisma|migration_lock\.toml)$|^prisma\.config\./,
    configs: new RegExp(`^prisma\\.config\\.${anyJs}$|(?:^|/)[^/]+\\.prisma$`),
    folderIn: quotedFolder("path"),
    folders: ["prisma/migrations", "db/migrations", "packages/database/prisma/migrations"],
  },
  {
    tool: "knex",
    packages: ["knex"],
    signs: new RegExp(`(?:^|/)knexfile\\.${anyJs}$`),
    configs: new RegExp(`(?:^|/)knexfile\\.${anyJs}$`),
    folderIn: quotedFolder("directory"),
    folders: ["migrations", "src/migrations", "db/migrations", "src/db/migrations"],
    compat: ["knex", "knexMigrations"],
  },
  {
    tool: "kysely",
    packages: ["kysely-ctl", "kysely"],
    signs: new RegExp(`(?:^|/)kysely\\.config\\.${anyJs}$`),
    configs: new RegExp(`(?:^|/)kysely\\.config\\.${anyJs}$`),
    folderIn: quotedFolder("migrationFolder"),
    folders: ["migrations", "src/migrations", "src/db/migrations", "db/migrations"],
    compat: ["kysely", "kyselyMigrations"],
  },
  {
    tool: "node-pg-migrate",
    packages: ["node-pg-migrate"],
    signs: /^(?:config\/)?\.?node-pg-migrate(?:rc|\.(?:json|[cm]?[jt]s))/,
    configs: /^(?:config\/)?\.?node-pg-migrate|^config\/[\w-]+\.(?:json|js)$|^package\.json$/,
    folderIn: quotedFolder("migrations-dir"),
    folders: ["migrations", "db/migrations", "src/migrations"],
    compat: ["node-pg-migrate", "nodePgMigrations"],
  },
  {
    tool: "sequelize",
    packages: ["sequelize-cli", "umzug", "sequelize"],
    signs: /^\.sequelizerc(?:\.[cm]?js)?$/,
    configs: /^\.sequelizerc|^config\/config\.(?:json|[cm]?js)$|^src\/config\/config\./,
    folderIn: /["']?migrations-path["']?\s*:\s*(?:[\w.]+\([^"'`]*)?["'`]([^"'`]+)["'`]/,
    folders: ["migrations", "src/migrations", "db/migrations", "server/migrations"],
    compat: ["sequelize", "sequelizeMigrations"],
  },
  {
    tool: "typeorm",
    packages: ["typeorm"],
    signs: new RegExp(`^(?:ormconfig\\.|(?:src/)?(?:[\\w-]+/)?data-source\\.${anyJs}$)`),
    configs: new RegExp(`^ormconfig\\.|(?:^|/)data-source\\.${anyJs}$`),
    folderIn: /\bmigrations["']?\s*:\s*\[\s*(?:[\w.]+\s*\+\s*)?["'`]([^"'`*{]+?)\/?[*{"'`]/,
    folders: ["src/migrations", "src/migration", "migrations", "src/database/migrations"],
    compat: ["typeorm", "typeormMigrations"],
  },
  {
    tool: "mikro-orm",
    packages: ["@mikro-orm/migrations"],
    signs: new RegExp(`^(?:src/)?mikro-orm\\.config\\.${anyJs}$`),
    configs: new RegExp(`^(?:src/)?mikro-orm\\.config\\.${anyJs}$`),
    folderIn: quotedFolder("pathTs"),
    folders: ["migrations", "src/migrations", "database/migrations"],
    compat: ["mikro-orm", "mikroOrmMigrations"],
  },
  {
    tool: "db-migrate",
    packages: ["db-migrate"],
    signs: /^\.db-migraterc$/,
    configs: /^database\.json$/,
    folders: ["migrations"],
    compat: ["db-migrate", "dbMigrations"],
  },
  {
    tool: "dbmate",
    packages: ["dbmate"],
    signs: /^(?!)/,
    configs: /^\.env$/,
    folderIn: /^DBMATE_MIGRATIONS_DIR=["']?([^"'\s]+)/m,
    folders: ["db/migrations"],
  },
  {
    tool: "graphile-migrate",
    packages: ["graphile-migrate"],
    signs: /^\.gmrc(?:\.js|c)?$/,
    configs: /^\.gmrc/,
    folderIn: quotedFolder("migrationsFolder"),
    folders: ["migrations"],
  },
  {
    tool: "supabase",
    packages: ["supabase"],
    signs: /^supabase\/config\.toml$/,
    configs: /^supabase\/config\.toml$/,
    folders: ["supabase/migrations"],
  },
  ...plain("postgres-migrations", ["migrations", "src/migrations"], /^(?!)/),
  ...plain("postgrator", ["migrations"], /^\.postgratorrc/),
  {
    tool: "ley",
    packages: ["ley"],
    signs: new RegExp(`^ley\\.config\\.${anyJs}$`),
    configs: new RegExp(`^ley\\.config\\.${anyJs}$`),
    folders: ["migrations"],
    compat: ["ley", "leyMigrations"],
  },
  ...plain("slonik-migrator", ["migrations", "src/migrations"], /^(?!)/, "@slonik/migrator"),
  ...plain("databases-pg-migrations", ["migrations"], /^(?!)/, "@databases/pg-migrations"),
  ...plain("atlas", ["migrations"], /(?:^|\/)atlas\.(?:hcl|sum)$/, "@ariga/atlas"),
  ...plain(
    "flyway",
    ["db/migration", "src/main/resources/db/migration"],
    /^flyway\.(?:conf|toml)$/,
  ),
  ...plain("diesel", ["migrations"], /^diesel\.toml$/),
  ...plain("sqlx", ["migrations"], /^\.sqlx\//),
  {
    ...{ tool: "hasura", label: "Hasura", packages: ["hasura-cli"], configs: /^(?!)/ },
    signs: /(?:^|\/)metadata\/(?:version\.yaml|databases\/|tables\.yaml)/,
    folders: ["migrations", "hasura/migrations"],
  },
  {
    ...{ tool: "liquibase", packages: ["liquibase"], configs: /^(?!)/, layout: "liquibase" },
    signs: /^liquibase\.properties$/,
    folders: ["db/changelog", "src/main/resources/db/changelog", "changelog"],
  },
  ...plain("golang-migrate", ["migrations", "db/migrations"], /^(?!)/),
  ...plain("goose", ["migrations", "db/migrations"], /^(?!)/),
  ...plain("sql-migrate", ["migrations"], /^dbconfig\.yml$/),
];

function plain(
  tool: string,
  folders: readonly string[],
  signs: RegExp,
  name = tool,
): readonly ProjectTool[] {
  return [{ tool, packages: [name], signs, configs: signs, folders }];
}

/** The texts in a folder's files that show its tool: one of them is enough. */
export const markersOf: readonly (readonly [tool: string, marker: RegExp])[] = [
  ["goose", /^-- \+goose /m],
  ["sql-migrate", /^-- \+migrate /m],
  ["dbmate", /^-- migrate:up/m],
  ["node-pg-migrate", /^-- Up Migration/m],
  ["liquibase", /^--\s*liquibase formatted sql/im],
  ["graphile-migrate", /^--! Previous: /m],
  ["typeorm", /\bMigrationInterface\b|\bqueryRunner\b/],
  ["mikro-orm", /@mikro-orm\/migrations/],
  ["node-pg-migrate", /["']node-pg-migrate["']|\(\s*pgm\b/],
  ["db-migrate", /\bdb\.runSql\b|\boptions\.dbmigrate\b|\bexports\._meta\b/],
  ["sequelize", /\bqueryInterface\b/],
  ["knex", /\bknex\.(?:schema|raw)\b|\bimport[^;]*\bKnex\b/],
  ["kysely", /["']kysely["']/],
];

/** The names in a folder that show its tool. */
export const namesOf: readonly (readonly [tool: string, name: RegExp])[] = [
  ["drizzle", /\/meta\/_journal\.json$|\/\d{14}_[^/]+\/snapshot\.json$/],
  ["prisma", /\/migration_lock\.toml$|\/\d{14}_[^/]+\/migration\.sql$/],
  ["flyway", /(?:^|\/)V\d[\d._]*__[^/]+\.sql$/],
  ["hasura", /\/(?:\d{13}|\d{1,3})_[^/]+\/(?:up|down)\.sql$/],
  ["diesel", /\/(?:up|down)\.sql$/],
  ["golang-migrate", /\.up\.sql$/],
];

/** For people. */
export function labelOf(tool: string): string {
  const label = projectTools.find((one) => one.tool === tool)?.label;
  return label ?? histories.find((one) => one.tool === tool)?.label ?? tool;
}

/** Whether `adopt` can read its history. */
export function hasHistory(tool: string): boolean {
  return histories.some((one) => one.tool === tool);
}
