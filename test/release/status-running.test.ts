/** What status tells while a run is at work, on databases that tell less than PostgreSQL. */
import { createConnection } from "mysql2/promise";
import { defineMigration, defineRelease, type MigrationsOption, type RepoStatus } from "slipway";
import { afterEach, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { statusText } from "../../src/release/status.ts";
import { testDatabase } from "../support/databases.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { recorder } from "../support/recorder.ts";

const mariadb = await mariadbOfRun();
const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

const releaseOn = (adapter: Adapter, migrations: MigrationsOption) =>
  defineRelease({ app: "blog", repos: { main: { adapter, migrations } } }).using(recorder().world);

async function until(
  look: () => Promise<readonly RepoStatus[]>,
  isSeen: (status: RepoStatus | undefined) => boolean,
): Promise<readonly RepoStatus[]> {
  for (;;) {
    const found = await look();
    if (isSeen(found[0])) return found;
    await new Promise((done) => setTimeout(done, 20));
  }
}

it.skipIf(mariadb === undefined)(
  "MariaDB: the migration, its statement and who may be in its way",
  async () => {
    const database = await freshMysql(mariadb?.url ?? "");
    ended.push(() => database.dispose());
    await database.query("CREATE TABLE posts (id int PRIMARY KEY)");
    const reader = await createConnection(database.url);
    ended.push(() => reader.end());
    await reader.query("START TRANSACTION");
    await reader.query("SELECT * FROM posts");
    const migrations = {
      "1_note": defineMigration({
        change: (m) => m.alterTable("posts", (t) => t.add("note", "text")),
      }),
    };
    const running = releaseOn(database.adapter, migrations).migrate();
    const looking = releaseOn(database.adapter, migrations);
    const seen = await until(
      () => looking.migrationStatus(),
      (status) => (status?.run?.wait?.blockers.length ?? 0) > 0,
    );
    await reader.query("COMMIT");
    await running;
    expect(seen[0]).toMatchObject({
      migrations: [{ status: "down", version: "1", running: true }],
      run: {
        ...{ version: "1", name: "note" },
        holder: {
          pid: expect.stringMatching(/^\d+$/),
          running: expect.stringMatching(/^ALTER TABLE/),
        },
        wait: { wanted: { mode: "metadata lock", on: "`posts`" } },
      },
    });
    const text = await statusText(seen);
    expect(text).toMatch(/^ {2}running {3}1 {15}note/m);
    expect(text).toMatch(/^ {2}running: 1 note, by pid \d+, on \S+$/m);
    expect(text).toMatch(/^ {4}statement: ALTER TABLE `posts`/m);
    expect(text).toMatch(
      /^ {4}waits for metadata lock on `posts`\n {4}in the way: perhaps pid \d+/m,
    );
    expect(await statusText(await looking.migrationStatus())).not.toContain("running");
  },
);

it("SQLite: who holds the lock, while code of a migration runs", async () => {
  const database = await testDatabase("sqlite");
  ended.push(() => database.dispose());
  const { promise: go, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const migrations = {
    "1_slow": defineMigration({
      up(m) {
        m.run(async () => {
          begin();
          await go;
        });
      },
      down: () => undefined,
    }),
  };
  const running = releaseOn(database.adapter, migrations).migrate();
  await begun;
  const looking = releaseOn(database.adapter, migrations);
  const seen = await looking.migrationStatus();
  goOn();
  await running;
  expect(seen[0]?.run).toEqual({
    holder: {
      pid: String(process.pid),
      host: expect.any(String),
      application: "slipway blog",
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    },
  });
  expect(await statusText(seen)).toMatch(
    /^ {2}down {6}1 {15}slow\n\n {2}running: a run, since \S+Z, by slipway blog, pid \d+, on \S+\n$/m,
  );
  expect((await looking.migrationStatus())[0]?.run).toBeUndefined();
});
