/** Schemas of real histories, at an early moment and at a late one: what makes one of the other, judged by `pg_dump`. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { defineRelease } from "slipway";
import { afterAll, expect, it } from "vitest";
import { postgresCatalog } from "../../src/adapters/postgres/catalog/postgres-catalog.ts";
import { settled } from "../../src/adapters/postgres/catalog/settled.ts";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import type { SchemaCatalog } from "../../src/core/catalog/catalog.ts";
import { catalogChanges, changeLines } from "../../src/core/catalog/changes.ts";
import { difference } from "../../src/core/difference/difference.ts";
import { undone } from "../../src/core/difference/steps.ts";
import type { SchemaOperation } from "../../src/core/language/operation.ts";
import { startPostgres15 } from "./postgres-15.ts";
import { withoutNoise } from "./schema-hash.ts";

/** How many of a history have run at the first moment, and at the second. */
const pairs: readonly (readonly [name: string, early: number, late: number])[] = [
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

const corpora = process.env.SLIPWAY_CORPORA ?? "";
const server = corpora === "" ? undefined : await startPostgres15();
afterAll(() => server?.stop());
const silent = { write: () => undefined, emit: () => undefined, inUse: false };
const ours = ["schema_migrations", "slipway_*", "flyway_schema_history", "_prisma_migrations"];

it.runIf(server).each(pairs)(
  "%s, from %i to %i and back",
  { timeout: 600_000 },
  async (name, early, late) => {
    if (!existsSync(join(corpora, name))) throw new Error(`${name} is not in ${corpora}`);
    const [from, to] = [await migrated(name, early), await migrated(name, late)];
    // What a new NOT NULL says of old rows is not of the schema.
    await run(from, [{ kind: "execute", sql: emptied }]);
    const wished = await read(to);
    const before = await read(from);
    const [dumpBefore, dumpWished] = [dumpOf(from), dumpOf(to)];
    expect(dumpBefore).not.toEqual(dumpWished);
    const words = postgresCatalog.words;
    if (words === undefined) throw new Error("PostgreSQL has words");
    const ends = { from: before, to: wished, words };
    const operations = difference({ ...ends, compile: postgresDialect.compile }).map(
      ({ operation }) => operation,
    );
    await run(from, operations);
    expect(changeLines(catalogChanges(wished, await read(from))), "there").toEqual([]);
    expect(dumpOf(from), "pg_dump, there").toEqual(dumpWished);
    await run(from, undone(operations));
    expect(changeLines(catalogChanges(before, await read(from))), "and back").toEqual([]);
    expect(dumpOf(from), "pg_dump, and back").toEqual(dumpBefore);
  },
);

const emptied = `DO $$ DECLARE t regclass; BEGIN
  FOR t IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)'
  LOOP EXECUTE format('TRUNCATE %s CASCADE', t); END LOOP; END $$`;

let count = 0;

async function migrated(name: string, step: number): Promise<string> {
  const url = new URL(server?.url ?? "");
  const database = `moment_${count++}`;
  await run(url.href, [{ kind: "execute", sql: `CREATE DATABASE ${database} TEMPLATE template0` }]);
  url.pathname = `/${database}`;
  const repos = {
    main: { adapter: postgres({ url: url.href }), migrations: join(corpora, name) },
  };
  await defineRelease({ app: "moments", repos }).using(silent).migrate({ repo: "main", step });
  return url.href;
}

async function read(url: string): Promise<SchemaCatalog> {
  const catalog = await withClient(url, (client) =>
    postgresCatalog.read(async (sql) => (await client.query(sql)).rows),
  );
  const isOurs = /[ .](schema_migrations|slipway_|flyway_schema_history|_prisma_migrations)/;
  return { ...catalog, objects: catalog.objects.filter(({ id }) => !isOurs.test(id)) };
}

async function run(url: string, operations: readonly SchemaOperation[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const op of operations)
      for (const { sql } of postgresDialect.compile(op))
        await client.query(sql).catch((error: Error) => {
          throw new Error(`${error.message}, in ${sql}`);
        });
  });
}

async function withClient<Result>(
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

/** As a set of lines: the order of columns and of statements does not count. */
function dumpOf(url: string): readonly string[] {
  const args = ["-s", "-O", "-x", ...ours.map((table) => `--exclude-table=*.${table}`)];
  const dump = execFileSync(server?.pgDump ?? "", [...args, "-d", url], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return withoutNoise(dump)
    .map((line) => settled(line.replace(/,$/, "")))
    .toSorted();
}
