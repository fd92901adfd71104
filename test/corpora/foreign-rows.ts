/** What other tools write down of migrations that ran: their documented tables and rows, as SQL. */
import { createHash } from "node:crypto";

/** A migration as its file has it. */
export type RanFile = {
  /** The name of the file, or of the folder where the migration is one. */
  readonly base: string;
  readonly text: string;
  /** Drizzle's journal: when it was made. */
  readonly when?: number | undefined;
};

export type Tool =
  | "diesel"
  | "golang-migrate"
  | "prisma"
  | "flyway"
  | "postgres-migrations"
  | "sqlx"
  | "drizzle";

/** The statements that leave a database as the tool leaves it behind these migrations. */
export function foreignRows(tool: Tool, files: readonly RanFile[]): readonly string[] {
  const { table, row } = tables[tool];
  // One row stands for all of them.
  const written = tool === "golang-migrate" ? files.slice(-1) : files;
  return [...table, ...written.map(row)];
}

const tables: Record<
  Tool,
  { readonly table: readonly string[]; readonly row: (file: RanFile, index: number) => string }
> = {
  diesel: {
    table: [
      "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    ],
    row: ({ base }) =>
      `INSERT INTO __diesel_schema_migrations (version) VALUES (${text(base.replace(/_.*$/, "").replaceAll("-", ""))})`,
  },
  "golang-migrate": {
    table: [
      "CREATE TABLE schema_migrations (version BIGINT NOT NULL PRIMARY KEY, dirty BOOLEAN NOT NULL)",
    ],
    row: ({ base }) => `INSERT INTO schema_migrations VALUES (${Number.parseInt(base, 10)}, false)`,
  },
  prisma: {
    table: [
      "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)",
    ],
    row: ({ base, text: sql }, i) =>
      `INSERT INTO _prisma_migrations VALUES (${text(`id-${i}`)}, ${text(hash("sha256", sql))}, now(), ${text(base)}, NULL, NULL, now() + interval '${i} ms', 1)`,
  },
  flyway: {
    table: [
      "CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50), description VARCHAR(200) NOT NULL, type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INTEGER, installed_by VARCHAR(100) NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT now(), execution_time INTEGER NOT NULL, success BOOLEAN NOT NULL)",
    ],
    row: ({ base }, i) =>
      `INSERT INTO flyway_schema_history VALUES (${i + 1}, ${text(String(i + 1))}, 'x', 'SQL', ${text(base)}, NULL, 'me', now(), 1, true)`,
  },
  "postgres-migrations": {
    table: [
      "CREATE TABLE IF NOT EXISTS storage.migrations (id integer PRIMARY KEY, name varchar(100) UNIQUE NOT NULL, hash varchar(40) NOT NULL, executed_at timestamp DEFAULT current_timestamp)",
      "INSERT INTO storage.migrations VALUES (0, 'create-migrations-table', 'e18db593bcde2aca2a408c4d1100f6abba2195df')",
    ],
    row: ({ base, text: sql }, i) =>
      `INSERT INTO storage.migrations VALUES (${i + 1}, ${text(base.replace(/^\d+[-_]?/, "").replace(/\.sql$/, ""))}, ${text(hash("sha1", base + sql))})`,
  },
  sqlx: {
    table: [
      "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)",
    ],
    row: ({ base, text: sql }) =>
      `INSERT INTO _sqlx_migrations VALUES (${Number.parseInt(base, 10)}, 'x', CURRENT_TIMESTAMP, true, x'${hash("sha384", sql)}', 1)`,
  },
  drizzle: {
    table: [
      "CREATE SCHEMA drizzle",
      "CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)",
    ],
    row: ({ text: sql, when }) =>
      `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (${text(hash("sha256", sql))}, ${when})`,
  },
};

function hash(algorithm: string, value: string): string {
  return createHash(algorithm).update(value).digest("hex");
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
