/** How many rows each table has, and one hash for that, made as the facts of the histories make it. */
import { createHash } from "node:crypto";

/** Asks a database. */
export type Ask = (sql: string) => Promise<readonly { readonly [column: string]: unknown }[]>;

/** `schema.table|count` of every table that is not empty, sorted. What migration tools keep is left out. */
export async function postgresRowCounts(ask: Ask): Promise<readonly string[]> {
  const tables = await ask(
    `SELECT n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'drizzle')`,
  );
  return counted(tables, ask);
}

/** `table|count`, as above. */
export async function mysqlRowCounts(ask: Ask): Promise<readonly string[]> {
  const tables = await ask(
    "SELECT table_name AS name, concat('`', table_name, '`') AS quoted FROM information_schema.tables WHERE table_schema = database() AND table_type = 'BASE TABLE'",
  );
  return counted(tables, ask);
}

/** `table|count`, as above. */
export async function sqliteRowCounts(ask: Ask): Promise<readonly string[]> {
  const tables = await ask(
    `SELECT name, '"' || name || '"' AS quoted FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
  );
  return counted(tables, ask);
}

export function rowsHash(lines: readonly string[]): string {
  return createHash("sha256")
    .update(`${lines.join("\n")}\n`)
    .digest("hex");
}

const ofTools =
  /(?:^|\.)(?:slipway_.*|schema_migrations|__diesel_schema_migrations|_prisma_migrations|_sqlx_migrations|flyway_schema_history|migrations|migration_history|goose_db_version|knex_migrations.*|kysely_migration.*|SequelizeMeta)$/;

async function counted(
  tables: readonly { readonly [column: string]: unknown }[],
  ask: Ask,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { name, quoted } of tables) {
    if (ofTools.test(String(name))) continue;
    const [row] = await ask(`SELECT count(*) AS count FROM ${quoted}`);
    if (Number(row?.count) > 0) lines.push(`${name}|${row?.count}`);
  }
  return lines.toSorted((a, b) => (a < b ? -1 : 1));
}
