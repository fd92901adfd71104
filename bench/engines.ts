/** The databases of a run: how each is started, emptied and asked, and what its floors and releases are. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import { startMariadb } from "../test/support/mariadb.ts";
import type { PostgresServer } from "../test/support/postgres-server.ts";

export type EngineName = "postgres" | "mariadb" | "sqlite";

/** An empty database of one run. */
export type Place = { readonly url: string; drop(): Promise<void> };

export type Engine = {
  readonly name: EngineName;
  /** As tables call it. */
  readonly title: string;
  /** As floors are called. */
  readonly driver: string;
  /** Expressions of a `release.ts`. */
  readonly adapter: string;
  /** The type of a column of text that an index takes. */
  readonly text: string;
  version(): Promise<string>;
  place(): Promise<Place>;
  /** How many tables of the bench's migrations are there. */
  tables(url: string): Promise<number>;
};

type Answer = readonly { readonly [column: string]: unknown }[];

let made = 0;

export function postgresEngine({ url }: PostgresServer): Engine {
  return {
    name: "postgres",
    title: "PostgreSQL",
    driver: "`pg`",
    adapter: 'postgres({ url: () => env("DATABASE_URL") })',
    text: "text",
    async version() {
      const [row] = await askPostgres(url, "SHOW server_version");
      return `PostgreSQL ${row?.server_version}`;
    },
    async tables(at) {
      const sql = "SELECT count(*) AS many FROM pg_tables WHERE tablename LIKE 'table\\_%'";
      return Number((await askPostgres(at, sql))[0]?.many);
    },
    async place() {
      const name = `place_${++made}`;
      await askPostgres(url, `CREATE DATABASE ${name} TEMPLATE template0`);
      // What the one before left for later is not to be written during the next.
      await askPostgres(url, "CHECKPOINT");
      return {
        url: beside(url, name),
        drop: async () => void (await askPostgres(url, `DROP DATABASE ${name} WITH (FORCE)`)),
      };
    },
  };
}

/** Nothing where MariaDB is not installed. */
export async function mariadbEngine(): Promise<(Engine & { stop(): Promise<void> }) | undefined> {
  const server = await startMariadb(["--innodb-flush-log-at-trx-commit=1"]);
  if (server === undefined) return undefined;
  const { url, stop } = server;
  return {
    name: "mariadb",
    title: "MariaDB",
    driver: "`mysql2`",
    adapter: 'mysql({ url: () => env("DATABASE_URL") })',
    text: "varchar(200)",
    stop,
    version: async () => String((await askMariadb(url, "SELECT VERSION() AS version"))[0]?.version),
    async tables(at) {
      return (await askMariadb(at, "SHOW TABLES LIKE 'table\\_%'")).length;
    },
    async place() {
      const name = `place_${++made}`;
      await askMariadb(url, `CREATE DATABASE ${name}`);
      return {
        url: beside(url, name),
        drop: async () => void (await askMariadb(url, `DROP DATABASE ${name}`)),
      };
    },
  };
}

export function sqliteEngine(folder: string): Engine {
  return {
    name: "sqlite",
    title: "SQLite",
    driver: "`node:sqlite`",
    adapter: 'sqlite({ path: () => env("DATABASE_URL") })',
    text: "text",
    async version() {
      return `SQLite ${process.versions.sqlite}`;
    },
    async tables(at) {
      const database = new DatabaseSync(at, { readOnly: true });
      const sql =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'table\\_%' ESCAPE '\\'";
      const { length } = database.prepare(sql).all();
      database.close();
      return length;
    },
    async place() {
      const url = join(folder, `place_${++made}.db`);
      return {
        url,
        async drop() {
          for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(url + end, { force: true });
        },
      };
    },
  };
}

function beside(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

export async function askPostgres(url: string, sql: string): Promise<Answer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function askMariadb(url: string, sql: string): Promise<Answer> {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query(sql);
    return Array.isArray(rows) ? (rows as Answer) : [];
  } finally {
    await connection.end();
  }
}
