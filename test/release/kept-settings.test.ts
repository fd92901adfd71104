import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineRelease, type MigrationsOption } from "../../src/index.ts";
import { databaseKinds, type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const after = {
  up: "-- slipway: phase=after compatible-from=2.4.0\ncreate table b (id integer)",
  down: "drop table b",
};

describe.each(databaseKinds)("what the history keeps of a rollout, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
  });
  afterEach(() => database.dispose());

  const release = (migrations: MigrationsOption) =>
    defineRelease({
      app: "app",
      repos: { main: { adapter: database.adapter, migrations } },
    }).using(recorder().world);

  const kept = () =>
    database.query("select name, phase, compatible_from from schema_migrations order by version");

  it("is the phase, and the oldest version of the app that works with it", async () => {
    await release({ "1_a": "create table a (id integer)", "2_b": after }).migrate();
    expect(await kept()).toEqual([
      { name: "a", phase: "before", compatible_from: null },
      { name: "b", phase: "after", compatible_from: "2.4.0" },
    ]);
  });

  it("is added to a table that has no place for it, whose names are still read", async () => {
    await release({ "1_a": "create table a (id integer)" }).migrate();
    await database.query("alter table schema_migrations drop column phase");
    await database.query("alter table schema_migrations drop column compatible_from");
    const [status] = await release({}).migrationStatus();
    expect(status?.migrations).toEqual([
      {
        status: "up",
        version: "1",
        name: "a",
        inRelease: false,
        hasPlan: true,
        appliedAt: expect.any(Date),
      },
    ]);
    await release({ "1_a": "create table a (id integer)", "2_b": after }).migrate();
    expect(await kept()).toEqual([
      { name: "a", phase: null, compatible_from: null },
      { name: "b", phase: "after", compatible_from: "2.4.0" },
    ]);
  });
});
