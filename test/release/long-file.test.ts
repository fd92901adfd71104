/** A file of some megabytes goes to PostgreSQL in messages of a million characters, and is one transaction as ever. */
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineRelease } from "../../src/index.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";

let database: FreshDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterEach(() => void vi.restoreAllMocks());
afterAll(async () => {
  await client.end();
  await database.drop();
});

const insert = (i: number) => `INSERT INTO posts VALUES (${i}, '${"word; ".repeat(15_000)}');`;
const rows = Array.from({ length: 30 }, (_, i) => insert(i)).join("\n");
const sql = (last: string) =>
  `-- migrate:up\nCREATE TABLE posts (id bigint PRIMARY KEY, body text);\n${rows}\n${last}\n-- migrate:down\nDROP TABLE posts;\n`;

function migrate(last: string) {
  const main = {
    adapter: postgres({ url: database.url }),
    migrations: { "1_posts": sql(last) },
    dataMigrations: {},
  };
  return defineRelease({ app: "long", repos: { main } }).using(recorder().world).migrate();
}

async function tables(): Promise<readonly unknown[]> {
  const { rows } = await client.query(
    "SELECT to_regclass('posts') AS posts, (SELECT count(*)::int FROM schema_migrations) AS applied",
  );
  return rows;
}

it("what fails in the last message undoes the first one, and is named by its line", async () => {
  await expect(migrate("INSERT INTO posts VALUES (7, 'twice');")).rejects.toMatchObject({
    details: { reason: expect.stringContaining("posts_pkey"), place: { line: 33 } },
  });
  expect(await tables()).toEqual([{ posts: null, applied: 0 }]);
});

it("no message is longer, and all of it is there", async () => {
  const { query } = pg.Client.prototype;
  const lengths: number[] = [];
  vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (
    this: pg.Client,
    ...given: unknown[]
  ) {
    if (typeof given[0] === "string") lengths.push(given[0].length);
    return Reflect.apply(query, this, given);
  } as typeof query);
  await migrate("SELECT 1;");
  expect(lengths.filter((length) => length > 500_000)).toHaveLength(3);
  expect(Math.max(...lengths)).toBeLessThan(1_001_000);
  expect(await tables()).toEqual([{ posts: "posts", applied: 1 }]);
  const { rows: found } = await client.query("SELECT count(*)::int AS count FROM posts");
  expect(found).toEqual([{ count: 30 }]);
});
