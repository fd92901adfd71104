/** A statement that outlives the process that asked for it: the next run waits for its end before it judges. */
import pg from "pg";
import { expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineMigration, defineRelease, type RunEvent } from "../../src/index.ts";
import { freshDatabase } from "../support/postgres.ts";
import { Migrator } from "./model/stepped.ts";
import { figuresOf } from "./support/figures.ts";

const figures = figuresOf("orphan of a concurrent index");

const migrations = {
  "1_index": defineMigration({
    change: (m) => m.createIndex("posts", ["title"], { name: "i", concurrently: true }),
  }),
};

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: "slipway app" });
  client.on("error", () => {});
  await client.connect();
  return client;
}

it.each([
  ["of the announced server process", true],
  ["of another one, as behind a pooler", false],
])("waits for the orphan %s", async (words, announced) => {
  const database = await freshDatabase();
  const adapter = postgres({ url: database.url });
  const release = defineRelease({ app: "app", repos: { main: { adapter, migrations } } });
  const [reader, orphan, watch] = await Promise.all([1, 2, 3].map(() => connected(database.url)));
  if (reader === undefined || orphan === undefined || watch === undefined) throw new Error();
  await watch.query("create table posts (title text); insert into posts values ('one')");

  const first = new Migrator({
    adapter,
    run: (stepped) => release.using({ adapters: { main: stepped }, emit: () => {} }).migrate(),
  });
  await first.stepUpTo(/^CREATE INDEX CONCURRENTLY/);
  await first.crash();
  // An open snapshot holds the build up.
  await reader.query("begin isolation level repeatable read; select * from posts");
  if (announced) {
    const { rows } = await orphan.query("select pg_backend_pid()::text as pid");
    await watch.query("update slipway_journal set pid = $1", [rows[0].pid]);
  }
  const built = orphan.query('CREATE INDEX CONCURRENTLY "i" ON "posts" ("title")').then(
    () => "built",
    (error: Error) => error.message,
  );
  await expect
    .poll(async () => (await watch.query("select 1 from pg_class where relname = 'i'")).rowCount)
    .toBe(1);

  const events: RunEvent[] = [];
  const second = release.using({ emit: (event) => void events.push(event) }).migrate();
  second.catch(() => undefined);
  await expect
    .poll(() => events.filter((event) => event.type === "warning").length, { timeout: 5_000 })
    .toBeGreaterThan(0);
  await reader.query("rollback");
  figures.must(`orphan ${words}`, await built, "built");
  await second;
  const { rows } = await watch.query(
    "select indisvalid from pg_index where indexrelid = 'i'::regclass",
  );
  expect(rows).toEqual([{ indisvalid: true }]);
  await Promise.all([reader, orphan, watch].map((client) => client.end()));
  await database.drop();
});
