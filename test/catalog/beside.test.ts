/** Two releases in one database: neither takes the other's history for drift, nor keeps an old schema of the other. */
import { type Adapter, defineMigration, defineRelease } from "slipway";
import { expect, it } from "vitest";
import { testDatabase } from "../support/databases.ts";

const quiet = { write: () => undefined, emit: () => undefined };

const sideOf = (adapter: Adapter) =>
  defineRelease({
    app: "side",
    repos: {
      side: {
        adapter,
        migrations: { "1_b": "CREATE TABLE b (id int);", "2_c": "CREATE TABLE c (id int);" },
        historyTable: "side_migrations",
      },
    },
  }).using(quiet);

it("what the other keeps at the same time stays", async () => {
  const { adapter, query, dispose } = await testDatabase("postgres");
  const side = sideOf(adapter);
  const migrations = {
    "1_a": "CREATE TABLE a (id int);",
    "2_d": defineMigration({ up: (m) => m.run(() => side.migrate()) }),
  };
  const main = defineRelease({ app: "main", repos: { main: { adapter, migrations } } });
  await side.migrate({ step: 1 });
  await main.using(quiet).migrate();
  for (const release of [side, main])
    expect(await release.verifySchema()).toMatchObject([{ drifted: [], told: [] }]);
  await query("CREATE TABLE mine (id int)");
  for (const release of [side, main])
    expect(await release.verifySchema()).toMatchObject([{ drifted: [{ change: "added" }] }]);
  await dispose();
});

it("the history of the other is nobody's hand, as SQLite writes it too", async () => {
  const { adapter, dispose } = await testDatabase("sqlite");
  const side = sideOf(adapter);
  const migrations = { "1_a": "CREATE TABLE a (id int);" };
  const main = defineRelease({ app: "main", repos: { main: { adapter, migrations } } });
  await side.migrate();
  await main.using(quiet).migrate();
  expect(await side.verifySchema()).toMatchObject([{ drifted: [], told: [] }]);
  await dispose();
});
