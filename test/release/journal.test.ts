import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  defineMigration,
  defineRelease,
  isReleaseError,
  type MigrationDefinition,
} from "../../src/index.ts";
import { databaseKinds, type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

describe.each(databaseKinds)("a migration that is not one transaction, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
  });
  afterEach(() => database.dispose());

  async function migrate(
    migration: MigrationDefinition | string,
  ): Promise<{ lines: string[]; code: string | undefined }> {
    const { world, lines } = recorder();
    const release = defineRelease({
      app: "app",
      repos: { main: { adapter: database.adapter, migrations: { "1_steps": migration } } },
    });
    try {
      await release.using(world).migrate();
      return { lines, code: undefined };
    } catch (error) {
      if (!isReleaseError(error)) throw error;
      return { lines, code: error.code };
    }
  }

  const journal = () =>
    database.query(
      "select position, state from slipway_journal where direction = 'up' order by position",
    );

  it("goes on behind what is done when a later statement was mended", async () => {
    const failed = await migrate(
      "-- slipway: transaction=false\ncreate table a (id integer);\ninsert into nowhere values (1);",
    );
    expect(failed.code).toBe("migration_failed");
    expect((await journal()).map((row) => [Number(row.position), row.state])).toEqual([
      [0, "done"],
    ]);

    const mended = await migrate(
      "-- slipway: transaction=false\ncreate table a (id integer);\ninsert into a values (1);",
    );
    expect(mended.code).toBe(undefined);
    expect(mended.lines.filter((line) => line.includes("done before"))).toHaveLength(1);
    expect((await database.query("select id from a")).map((row) => Number(row.id))).toEqual([1]);
    expect(await journal()).toEqual([]);
  });

  it("refuses to resume when a statement that is done was edited", async () => {
    await migrate(
      "-- slipway: transaction=false\ncreate table a (id integer);\ninsert into nowhere values (1);",
    );
    const edited = await migrate(
      "-- slipway: transaction=false\ncreate table b (id integer);\ninsert into b values (1);",
    );
    expect(edited.code).toBe("journal_mismatch");
    expect(await database.tables()).toEqual(["a"]);
  });

  it("runs code again that threw, because its failure was told", async () => {
    let attempts = 0;
    const migration = defineMigration({
      transaction: false,
      up(m) {
        m.execute("create table a (id integer)");
        m.run(async (db) => {
          attempts += 1;
          if (attempts === 1) throw new Error("not yet");
          await db.query("insert into a values (1)");
        });
      },
    });
    expect((await migrate(migration)).code).toBe("migration_failed");
    expect((await migrate(migration)).code).toBe(undefined);
    expect((await database.query("select id from a")).map((row) => Number(row.id))).toEqual([1]);
  });

  it("keeps what stands between a file's own BEGIN and COMMIT together", async () => {
    const text =
      "-- slipway: transaction=false\ncreate table a (id integer);\nbegin;\ninsert into a values (1);\ninsert into nowhere values (1);\ncommit;";
    expect((await migrate(text)).code).toBe("migration_failed");
    expect(await database.query("select id from a")).toEqual([]);
  });
});
