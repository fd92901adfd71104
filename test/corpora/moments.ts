/** Moments of real histories: the schema that the first so many migrations of one make, on PostgreSQL 15. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { defineRelease } from "slipway";
import { settled } from "../../src/adapters/postgres/catalog/settled.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import type { Postgres15 } from "./postgres-15.ts";
import { withoutNoise } from "./schema-hash.ts";

/** How many of a history have run at the first moment, and at the second. */
export const pairsOfMoments: readonly (readonly [name: string, early: number, late: number])[] = [
  ["authelia-postgres", 9, 26],
  ["odd-platform", 40, 95],
  ["odd-platform", 70, 90],
  ["crates-io", 100, 285],
  ["crates-io", 200, 260],
  ["minder", 50, 117],
  ["langfuse", 150, 434],
  ["langfuse", 300, 400],
  ["dokploy", 60, 186],
  ["dokploy", 120, 150],
];

const silent = { write: () => undefined, emit: () => undefined, inUse: false };

let count = 0;

/** A database with the schema of that moment, without rows and without what Slipway keeps for itself. */
export async function moment(
  server: Postgres15,
  {
    corpora,
    name,
    step,
  }: { readonly corpora: string; readonly name: string; readonly step: number },
): Promise<string> {
  const migrations = join(corpora, name);
  if (!existsSync(migrations)) throw new Error(`${name} is not in ${corpora}`);
  const url = await databaseLike(server, "template0");
  const repos = { main: { adapter: postgres({ url }), migrations } };
  await defineRelease({ app: "moments", repos }).using(silent).migrate({ repo: "main", step });
  await runOn(url, [emptied]);
  return url;
}

/** A new database made from a template; its URL. */
export async function databaseLike(server: Postgres15, template: string): Promise<string> {
  const name = `moment_${count++}`;
  await runOn(server.url, [`CREATE DATABASE ${name} TEMPLATE ${template}`]);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return url.href;
}

export async function runOn(url: string, sqls: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const sql of sqls)
      await client.query(sql).catch((error: Error) => {
        throw new Error(`${error.message}, in ${sql}`);
      });
  });
}

export async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** What `pg_dump` finds, as a set of lines: the order of columns and of statements does not count. */
export function dumpLines({ pgDump }: Postgres15, url: string): readonly string[] {
  const ours = ["schema_migrations", "slipway_*"].map((table) => `--exclude-table=*.${table}`);
  const args = ["-s", "-O", "-x", ...ours, "-d", url];
  const dump = execFileSync(pgDump, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
  return withoutNoise(dump)
    .map((line) => settled(line.replace(/,$/, "")))
    .toSorted();
}

// What a new NOT NULL says of old rows is not of the schema.
const emptied = `DO $$ DECLARE t regclass; BEGIN
  FOR t IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)'
  LOOP EXECUTE format('TRUNCATE %s CASCADE', t); END LOOP;
  FOR t IN SELECT c.oid FROM pg_class c
    WHERE c.relkind = 'r' AND c.relname ~ '^(slipway_|schema_migrations$|flyway_schema_history$|_prisma_migrations$)'
  LOOP EXECUTE format('DROP TABLE %s CASCADE', t); END LOOP; END $$`;
