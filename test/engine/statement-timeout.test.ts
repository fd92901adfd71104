/** How long a statement of a migration may run is the policy's to say, whatever the role has. */
import { defineMigration, defineRelease, type MigrationsOption } from "slipway";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pooled, type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("postgres");
  await database.query(
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = 1000', current_database()); END $$",
  );
});
afterAll(() => database.dispose());

const slow = "select 1 as id from pg_sleep(1.2)";

const dataMigrations = { "7_data": `update a set id = 3 from (${slow}) as later` };

function release(migrations: MigrationsOption) {
  const { adapter } = database;
  const repos = {
    main: {
      adapter,
      migrations,
      dataMigrations,
      policy: { statementTimeoutMs: 5_000 },
    },
  };
  return defineRelease({ app: "timeouts", repos }).using(recorder().world);
}

// Behind a pooler in transaction mode nothing can be set outside of a transaction.
it.skipIf(pooled)("the role ends none of the statements of a migration", async () => {
  const all = release({
    "1_rows": `create table a as ${slow}; update a set id = 2 from (${slow}) as later`,
    "2_view": `create materialized view b as ${slow}`,
    "3_alone": `-- slipway: transaction=false\ndo $$ begin perform pg_sleep(1.2); commit; end $$; ${slow}`,
    "4_code": defineMigration({ up: (m) => m.run((db) => db.query(slow).then(() => {})) }),
    "5_code_alone": defineMigration({
      transaction: false,
      up: (m) => m.run((db) => db.query(slow).then(() => {})),
    }),
  });
  await all.migrate();
  await all.migrateData();
  expect(await database.tables()).toEqual(["a"]);
});

it("the policy ends one that only reads and writes rows, and names itself", async () => {
  const error = await release({ "9_rows": slow })
    .migrate({ policy: { statementTimeoutMs: 50 } })
    .catch((error) => error);
  expect(error).toMatchObject({ code: "statement_timed_out", exitCode: 1 });
  expect(error.message).toContain("it took longer than 50 ms");
});
