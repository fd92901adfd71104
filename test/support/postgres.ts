import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** A database of a test's own, empty. */
export type FreshDatabase = { readonly url: string; drop(): Promise<void> };

/** Creates an empty database with a random name. Default: on the PostgreSQL of this run. */
export async function freshDatabase(
  server: string = inject("postgresUrl"),
): Promise<FreshDatabase> {
  const name = `slipway_${randomBytes(6).toString("hex")}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await asSuperuser(server, `CREATE DATABASE ${name} TEMPLATE template0`);
  const drop = () => asSuperuser(server, `DROP DATABASE ${name} WITH (FORCE)`);
  return { url: url.href, drop };
}

async function asSuperuser(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
