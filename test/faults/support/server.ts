/** A look at a PostgreSQL from outside: what is in it, and what it is doing. */
import pg from "pg";

export type Row = Readonly<Record<string, unknown>>;

/** Asks once, on a connection of its own. */
export async function ask(url: string, sql: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url, application_name: "faults" });
  await client.connect();
  try {
    const result = await client.query(sql);
    return [result].flat().at(-1)?.rows ?? [];
  } finally {
    await client.end();
  }
}

/** A connection that stays open, and that may be cut. */
export async function hold(url: string, sql: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: "faults" });
  client.on("error", () => undefined);
  await client.connect();
  await client.query(sql);
  return client;
}

/** Asks until there is a row. A table that is not made yet has none. */
export async function until(url: string, sql: string, timeoutMs = 60_000): Promise<Row> {
  for (const deadline = performance.now() + timeoutMs; ; ) {
    const [row] = await ask(url, sql).catch((error: { readonly code?: string }) => {
      if (error.code !== "42P01") throw error;
      return [];
    });
    if (row !== undefined) return row;
    if (performance.now() > deadline) throw new Error(`nothing came of: ${sql}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The statements of Slipway that the server works on in this database. */
export const activeSql =
  "select pid, query from pg_stat_activity where application_name like 'slipway%' and datname = current_database() and (state <> 'idle') and pid <> pg_backend_pid()";

/** What is in the database, in one line: tables of the scenarios, indexes that are not valid, history, journal. */
export async function truth(url: string): Promise<string> {
  const tables = await ask(
    url,
    "select coalesce(string_agg(tablename, ',' order by tablename), '') as it from pg_tables where schemaname = 'public' and tablename not like 'slipway%' and tablename <> 'schema_migrations'",
  );
  const broken = await ask(
    url,
    "select count(*)::int as it from pg_index i where not (indisvalid and indisready)",
  );
  return `tables ${tables[0]?.it}; invalid ${broken[0]?.it}; history ${await history(url)}; journal ${await journal(url)}`;
}

/** The applied versions, oldest first. */
export async function history(url: string): Promise<string> {
  return list(url, "schema_migrations", "version::text");
}

/** The lines of statements in the journal; what keeps the plan of a migration that was begun is none. */
async function journal(url: string): Promise<string> {
  return list(url, "slipway_journal", "position || ' ' || state", "direction <> 'plan'");
}

async function list(
  url: string,
  table: string,
  expression: string,
  where = "true",
): Promise<string> {
  const [there] = await ask(url, `select to_regclass('${table}') is not null as it`);
  if (there?.it !== true) return "none";
  const [row] = await ask(
    url,
    `select coalesce(string_agg(${expression}, ',' order by ${expression}), '') as it from ${table} where ${where}`,
  );
  return String(row?.it);
}
