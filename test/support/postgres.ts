import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** A database of a test's own, empty. */
export type FreshDatabase = { readonly url: string; drop(): Promise<void> };

/** Creates an empty database with a random name. Default: on the PostgreSQL of this run. */
export async function freshDatabase(
  server: string = inject("postgresUrl"),
): Promise<FreshDatabase> {
  return copyOnServer(server, "template0");
}

/** A copy of a database on the PostgreSQL of this run that nobody is connected to. */
export function copyOf(database: FreshDatabase): Promise<FreshDatabase> {
  return copyOnServer(inject("postgresUrl"), new URL(database.url).pathname.slice(1));
}

async function copyOnServer(server: string, from: string): Promise<FreshDatabase> {
  const name = `slipway_${randomBytes(6).toString("hex")}`;
  await copyDatabase(server, from, name);
  const drop = async () => void (await asSuperuser(server, `DROP DATABASE ${name} WITH (FORCE)`));
  return { url: urlOf(server, name), drop };
}

/** A copy of files is made in a third of the time of a copy through the log, which is what a server does by itself. */
export async function copyDatabase(server: string, from: string, to: string): Promise<void> {
  const { rows } = await asSuperuser(server, "SHOW server_version_num");
  const strategy = Number(rows[0]?.server_version_num) >= 150_000 ? "STRATEGY FILE_COPY" : "";
  await asSuperuser(server, `CREATE DATABASE ${to} TEMPLATE ${from} ${strategy}`);
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** One connection to each server for as long as a test file runs: connecting is dearer than what is asked. */
const superusers = new Map<string, Promise<pg.Client>>();

/** Runs a statement as the superuser of a server. */
export async function asSuperuser(server: string, sql: string): Promise<pg.QueryResult> {
  const client = superusers.get(server) ?? connect(server);
  superusers.set(server, client);
  return (await client).query(sql);
}

async function connect(server: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server });
  // The server may be restarted, and it ends before the connection does.
  const forget = () => superusers.delete(server);
  client.on("error", forget);
  client.on("end", forget);
  try {
    await client.connect();
  } catch (error) {
    forget();
    throw error;
  }
  (client as pg.Client & { unref(): void }).unref();
  return client;
}
