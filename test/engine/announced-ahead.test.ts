/** The first statement of the next migration, announced with the record of the one before. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineMigration, defineRelease, type MigrationsOption } from "../../src/index.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { recorder } from "../support/recorder.ts";

const server = await mariadbOfRun();
const one = "CREATE TABLE one (id int);";

describe.skipIf(server === undefined)("on MariaDB", () => {
  let database: MysqlDatabase;
  beforeEach(async () => {
    database = await freshMysql(server?.url ?? "");
  });
  afterEach(() => database.dispose());

  /** Runs, and stops where the first migration is done, if it is to. Gives what happened, in order. */
  async function migrate(migrations: MigrationsOption, { stops = false } = {}) {
    const { events, world } = recorder();
    const stop = new AbortController();
    const emit: typeof world.emit = (event) => {
      world.emit?.(event);
      if (stops && event.type === "migration_finished") stop.abort("SIGTERM");
    };
    const main = { adapter: database.adapter, migrations, fingerprint: false };
    const running = defineRelease({ app: "app", repos: { main } }).using({
      ...world,
      emit,
      signal: stop.signal,
    });
    const code = await running.migrate({ logMigrationsSql: true, logMigratorSql: true }).then(
      () => "done",
      (error: { code: string }) => error.code,
    );
    const told = events.flatMap((event) => {
      if (event.type === "migration_started") return [`started ${event.migration.version}`];
      if (event.type === "migration_finished") return [`finished ${event.migration.version}`];
      if (event.type !== "sql") return [];
      const [, version] =
        /INTO `slipway_journal`.* (\d+), 'up', \d+, 'started'/s.exec(event.sql) ?? [];
      if (version !== undefined) return [`announced ${version}`];
      return (
        /^(CREATE TABLE (?:one|two)|INSERT INTO `schema_migrations`)/.exec(event.sql)?.slice(1) ??
        []
      );
    });
    return { code, told };
  }

  async function left() {
    const rows = await database.query(
      "SELECT (SELECT GROUP_CONCAT(version) FROM schema_migrations) AS ran, (SELECT COUNT(*) FROM slipway_journal) AS journal",
    );
    return rows[0];
  }

  it("goes with the record, before anybody hears that this one is done", async () => {
    const { code, told } = await migrate({ "1_one": one, "2_two": "CREATE TABLE two (id int);" });
    expect(code).toBe("done");
    expect(told).toEqual([
      "started 1",
      "announced 1",
      "CREATE TABLE one",
      "INSERT INTO `schema_migrations`",
      "announced 2",
      "finished 1",
      "started 2",
      "CREATE TABLE two",
      "INSERT INTO `schema_migrations`",
      "finished 2",
    ]);
    expect(await left()).toMatchObject({ ran: "1,2", journal: 0 });
  });

  it("is taken back where the run stops in between", async () => {
    const files = { "1_one": one, "2_two": "CREATE TABLE two (id int);" };
    expect(await migrate(files, { stops: true })).toMatchObject({
      code: "interrupted",
      told: expect.arrayContaining(["announced 2"]),
    });
    expect(await left()).toMatchObject({ ran: "1", journal: 0 });
    expect((await migrate(files)).code).toBe("done");
    expect(await left()).toMatchObject({ ran: "1,2", journal: 0 });
  });

  it("goes too where the statement fails, and its migration only", async () => {
    await database.query("CREATE TABLE two (id int)");
    const files = { "1_one": one, "2_two": "CREATE TABLE two (id int);" };
    expect((await migrate(files)).code).toBe("migration_failed");
    expect(await left()).toMatchObject({ ran: "1", journal: 0 });
  });

  it.each<[string, Readonly<Record<string, string | ReturnType<typeof defineMigration>>>]>([
    ["code", { "2_two": defineMigration({ up: (m) => m.run(() => undefined), down: () => {} }) }],
    ["rows", { "2_two": "INSERT INTO one VALUES (1);" }],
    [
      "rows, and then a table",
      { "2_two": "INSERT INTO one VALUES (1);\nCREATE TABLE two (id int);" },
    ],
  ])("nothing is announced ahead of a migration that begins with %s", async (_, next) => {
    const { code, told } = await migrate({ "1_one": one, ...next });
    expect(code).toBe("done");
    const until = told.slice(0, told.indexOf("started 2"));
    expect(until.filter((what) => what.startsWith("announced"))).toEqual(["announced 1"]);
    expect(await left()).toMatchObject({ ran: "1,2", journal: 0 });
  });
});
