/** What a migration that is not one transaction leaves behind when it fails, and what its own settings reach. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  defineMigration,
  defineRelease,
  isReleaseError,
  type MigrationDefinition,
} from "../../src/index.ts";
import { type DatabaseKind, type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

let database: TestDatabase;
afterEach(() => database.dispose());

async function migrate(migration: MigrationDefinition | string): Promise<string> {
  const main = { adapter: database.adapter, migrations: { "1_steps": migration } };
  const release = defineRelease({ app: "app", repos: { main } });
  try {
    await release.using(recorder().world).migrate();
    return "done";
  } catch (error) {
    if (isReleaseError(error)) return error.code;
    throw error;
  }
}

describe("on postgres", () => {
  beforeEach(async () => {
    database = await testDatabase("postgres");
  });

  it("fails again where an index of that name was there before", async () => {
    await database.query("create table posts (id int, title text)");
    await database.query("create index taken on posts (id)");
    const migration = defineMigration({
      change: (m) => m.createIndex("posts", ["title"], { name: "taken", concurrently: true }),
    });
    expect(await migrate(migration)).toBe("migration_failed");
    expect(await migrate(migration)).toBe("migration_failed");
    await database.query("drop index taken");
    expect(await migrate(migration)).toBe("done");
  });

  it("clears away the invalid index of a build that failed", async () => {
    await database.query("create table posts (title text)");
    await database.query("insert into posts values ('same'), ('same')");
    const migration = "create unique index concurrently one on posts (title)";
    expect(await migrate(migration)).toBe("migration_failed");
    await database.query("delete from posts");
    expect(await migrate(migration)).toBe("done");
    const valid = "select indisvalid from pg_index where indexrelid = 'one'::regclass";
    expect(await database.query(valid)).toEqual([{ indisvalid: true }]);
  });

  it.each([
    ["search_path", "set search_path to app"],
    ["search_path, as a dump sets it", "select pg_catalog.set_config('search_path', 'app', false)"],
    ["role", "set role pg_database_owner"],
  ])("keeps a file's %s to what is the file's own", async (_, setting) => {
    await database.query("create schema app");
    await database.query("grant all on schema app to pg_database_owner");
    const file = `-- slipway: transaction=false
${setting};
create table app.made (id int, maker text default current_setting('search_path') || current_user);
create index concurrently made_id on app.made (id);
insert into app.made values (1);`;
    expect(await migrate(file)).toBe("done");
    const [row] = await database.query("select maker from app.made");
    expect(row?.maker).toMatch(/^app|pg_database_owner$/);
  });
});

describe.each<DatabaseKind>(["postgres", "sqlite"])("on %s", (kind) => {
  beforeEach(async () => {
    database = await testDatabase(kind);
  });

  it.each([
    ["no end", "begin; insert into a values (1);"],
    ["another end", "begin; insert into a values (1); rollback; insert into a values (2);"],
    ["another beginning inside", "begin; insert into a values (1); begin; commit;"],
  ])("refuses a file's own transaction with %s, before anything runs", async (_, rest) => {
    const file = `-- slipway: transaction=false\ncreate table a (id integer);\n${rest}`;
    expect(await migrate(file)).toBe("migration_invalid");
    expect(await database.tables()).toEqual([]);
  });

  it("refuses code between a migration's own BEGIN and COMMIT", async () => {
    const migration = defineMigration({
      transaction: false,
      up(m) {
        m.execute("begin");
        m.run(async () => undefined);
        m.execute("commit");
      },
    });
    expect(await migrate(migration)).toBe("migration_invalid");
  });
});
