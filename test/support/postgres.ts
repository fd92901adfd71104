import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** A database of a test's own, empty. */
export type FreshDatabase = { readonly url: string; drop(): Promise<void> };

/** Creates an empty database with a random name on the PostgreSQL of this run. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `slipway_${randomBytes(6).toString("hex")}`;
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  await asSuperuser(`CREATE DATABASE ${name} TEMPLATE template0`);
  return { url: url.href, drop: () => asSuperuser(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function asSuperuser(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject("postgresUrl") });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
