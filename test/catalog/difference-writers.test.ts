/** How long writers wait while a difference is made on a million rows, in its safe form and as plain statements. */
import pg from "pg";
import { defineRelease } from "slipway";
import { describe, expect, it } from "vitest";
import { postgresCatalog } from "../../src/adapters/postgres/catalog/postgres-catalog.ts";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import type { SchemaCatalog } from "../../src/core/catalog/catalog.ts";
import { difference } from "../../src/core/difference/difference.ts";
import { safeParts } from "../../src/core/difference/safe-parts.ts";
import { full } from "../faults/support/figures.ts";
import { freshDatabase } from "../support/postgres.ts";

const early = `create table users (id bigint primary key);
create table posts (id bigint primary key, author bigint, title text, total int);`;
const late = `create table users (id bigint primary key);
create table posts (id bigint primary key, author bigint references users, title text not null,
  total int check (total >= 0));
create index posts_title on posts (title);`;
const rows = `insert into users select n from generate_series(1, 1000) n;
insert into posts select n, n % 1000 + 1, 'title ' || n, n from generate_series(1, 1000000) n`;

describe.runIf(full)("on a million rows", () => {
  it("writers wait less than for the plain statements", { timeout: 300_000 }, async () => {
    const [from, to] = [await catalogOf(early), await catalogOf(late)];
    const { words } = postgresCatalog;
    if (words === undefined) throw new Error("PostgreSQL has words");
    const steps = difference({ from, to, words, compile: postgresDialect.compile });
    const plain = await waited(async (url) => {
      const sqls = steps.flatMap(({ operation }) => postgresDialect.compile(operation));
      await run(url, ["begin", ...sqls.map(({ sql }) => sql), "commit"]);
    });
    const safe = await waited(async (url) => {
      const parts = safeParts(steps, { from, to });
      const migrations = Object.fromEntries(
        parts.map(({ phase, lines }, i) => [
          `${i + 1}_part`,
          {
            phase,
            up: (m: object) => {
              const { record } = m as { record(operation: unknown): void };
              for (const { operation } of lines) record.call(m, operation);
            },
            down: () => undefined,
          },
        ]),
      );
      const repos = { main: { adapter: postgres({ url }), migrations } };
      const silent = { write: () => undefined, emit: () => undefined };
      await defineRelease({ app: "diff", repos }).using(silent).migrate();
    });
    console.log(`writers waited at most ${plain} ms for plain statements, ${safe} ms for ours`);
    expect(safe).toBeLessThan(plain);
  });
});

async function catalogOf(sql: string): Promise<SchemaCatalog> {
  const database = await freshDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(sql);
    return await postgresCatalog.read(async (query) => (await client.query(query)).rows);
  } finally {
    await client.end();
    await database.drop();
  }
}

async function run(url: string, sqls: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const sql of sqls) await client.query(sql);
  await client.end();
}

/** The longest wait of two writers, in milliseconds. */
async function waited(work: (url: string) => Promise<void>): Promise<number> {
  const database = await freshDatabase();
  try {
    await run(database.url, [early, rows]);
    let [ended, longest] = [false, 0];
    const writers = [1, 2].map(async (which) => {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      for (let i = which; !ended; i += 2) {
        const before = performance.now();
        await client.query("update posts set title = title || '' where id = $1", [(i % 1000) + 1]);
        longest = Math.max(longest, performance.now() - before);
      }
      await client.end();
    });
    await work(database.url);
    ended = true;
    await Promise.all(writers);
    return Math.round(longest);
  } finally {
    await database.drop();
  }
}
