/** A database on a PostgreSQL server with the migrations of a release, copied from a template, for a file of tests. */
import type { Adapter, Session } from "../adapters/adapter.ts";
import { withDatabase } from "../adapters/postgres/address.ts";
import { postgres } from "../adapters/postgres/index.ts";
import { messageOf } from "../core/model/message-of.ts";
import { plain } from "../core/model/statement.ts";
import type { Release } from "../release/release.ts";
import { fillWith, type MigratedOptions, quietly, repoOf, stateOf } from "./migrated.ts";

/** Where the server is. */
export type ServerOptions = {
  /**
   * An existing database on it: `postgres://postgres@localhost/postgres`. Its user may create
   * databases.
   */
  readonly url: string;
  /** The adapter that opens a database. Default: `postgres({ url })` of `slipway/postgres`. */
  readonly adapter?: (url: string) => Adapter;
};

/** A database of one file of tests. */
export type MigratedPostgres<RepoName extends string> = {
  readonly url: string;
  /** The release on that database. */
  readonly release: Release<RepoName>;
  /** Drops the database. Close your own connections first. */
  close(): Promise<void>;
};

/**
 * Makes a database with all migrations run, as a copy of a template. The first call migrates the
 * template; every later one, in any process, copies it, until a migration changes. Each worker of
 * Vitest and Jest has a separate database under one name, so the next run takes over the remains of
 * a killed one.
 *
 * @throws {ReleaseError} `driver_missing`, `connection_failed`, and errors of `migrate`
 */
export async function migratedPostgres<RepoName extends string>(
  release: Release<RepoName>,
  options: MigratedOptions<RepoName> & ServerOptions,
): Promise<MigratedPostgres<RepoName>> {
  const { url, adapter = (of: string) => postgres({ url: of }) } = options;
  const repo = repoOf(release, options);
  const on = (database: string) => quietly(release, repo, adapter(withDatabase(url, database)));
  const state = await stateOf(quietly(release, repo, adapter(url)), repo, options);
  const family = `slipway_test_${`${release.app}_${repo}`.replace(/\W+/g, "_").toLowerCase().slice(0, 16)}`;
  const template = `${family}_${state}`;
  const server = await adapter(url).open({ role: "work", application: "slipway testing" });
  try {
    const make = (database: string) => fillWith(on(database), repo, options);
    if (!(await exists(server, template))) await makeTemplate(server, { family, template, make });
    const database = await copy(server, { family, template });
    return {
      url: withDatabase(url, database),
      release: on(database),
      close: async () => {
        const session = await adapter(url).open({ role: "work", application: "slipway testing" });
        await drop(session, database).finally(() => session.close());
      },
    };
  } finally {
    await server.close();
  }
}

type Template = {
  readonly family: string;
  readonly template: string;
  readonly make: (database: string) => Promise<void>;
};

/** Several processes may do so at once: the first to give it its name is the one, and the others take that. */
async function makeTemplate(server: Session, { family, template, make }: Template): Promise<void> {
  await dropOthers(server, family);
  counter += 1;
  const part = `${template}_${process.pid}_${counter}`;
  await drop(server, part);
  await run(server, `create database ${quote(part)}`);
  await make(part);
  try {
    await run(server, `alter database ${quote(part)} rename to ${quote(template)}`);
  } catch (error) {
    await drop(server, part);
    if (!(await exists(server, template))) throw error;
  }
}

/** Templates of earlier states of the migrations. One that is in use stays. */
async function dropOthers(server: Session, family: string): Promise<void> {
  const rows = await server.query(
    `select datname as name from pg_catalog.pg_database where datname ~ '^${family}_[0-9a-f]{12}$'`,
  );
  for (const { name } of rows) await drop(server, String(name)).catch(() => undefined);
}

/** The name of this worker's own; another one where somebody is connected to that, as a second run of the tests. */
async function copy(
  server: Session,
  { family, template }: Pick<Template, "family" | "template">,
): Promise<string> {
  counter += 1;
  const own = `${family}_w${workerId()}_${counter}`;
  for (const database of [own, `${own}_${process.pid}`]) {
    try {
      await drop(server, database);
      await run(server, `create database ${quote(database)} template ${quote(template)}`);
      return database;
    } catch (error) {
      if (database !== own || !/being accessed|already exists/.test(messageOf(error))) throw error;
    }
  }
  return own;
}

let counter = 0;

function workerId(): string {
  const { VITEST_POOL_ID, JEST_WORKER_ID } = process.env;
  return VITEST_POOL_ID ?? JEST_WORKER_ID ?? `p${process.pid}`;
}

async function exists(server: Session, database: string): Promise<boolean> {
  const sql = "select 1 from pg_catalog.pg_database where datname = $1";
  return (await server.query(sql, [database])).length > 0;
}

function drop(server: Session, database: string): Promise<void> {
  return run(server, `drop database if exists ${quote(database)}`);
}

async function run(server: Session, sql: string): Promise<void> {
  await server.execute([plain(sql)]);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
