/** The way back of a migration of which a part ran undoes that part, and there is always a next step. */
import { afterEach, describe, expect, it } from "vitest";
import { planText } from "../../src/cli/plan-text.ts";
import { statusNotes } from "../../src/core/plan/status-notes.ts";
import {
  type Adapter,
  defineMigration,
  defineRelease,
  isReleaseError,
  type MigrationsOption,
} from "../../src/index.ts";
import { testDatabase } from "../support/databases.ts";
import { freshMysql, mariadbOfFile } from "../support/mysql.ts";
import { recorder } from "../support/recorder.ts";

const mariadb = await mariadbOfFile();

type Database = {
  readonly adapter: Adapter;
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  dispose(): Promise<void>;
};

const open: { readonly [kind: string]: () => Promise<Database> } = {
  sqlite: () => testDatabase("sqlite"),
  pglite: () => testDatabase("pglite"),
  postgres: () => testDatabase("postgres"),
  ...(mariadb === undefined ? {} : { mariadb: () => freshMysql(mariadb.url) }),
};

const inPieces = "-- slipway: transaction=false\n";
const because = { reason: "looked at it" };

describe.each(Object.keys(open))("half of a migration, on %s", (kind) => {
  let database: Database | undefined;
  afterEach(async () => database?.dispose());

  async function project() {
    database = await open[kind]!();
    const { adapter, query } = database;
    const release = (migrations: MigrationsOption) => {
      const { world, lines } = recorder();
      const repos = { main: { adapter, migrations } };
      return { release: defineRelease({ app: "app", repos }).using(world), lines };
    };
    const code = async (work: Promise<unknown>) => {
      try {
        await work;
        return "done";
      } catch (error) {
        if (!isReleaseError(error)) throw error;
        return error.code;
      }
    };
    const status = async (migrations: MigrationsOption) => {
      const [main] = await release(migrations).release.migrationStatus();
      return main?.migrations.map(({ status, part }) => [status, part?.direction]);
    };
    /** How `status` says that it can be undone, or why it cannot. */
    const wayBack = async (migrations: MigrationsOption) => {
      const [main] = await release(migrations).release.migrationStatus();
      return main && /(undo it|no rollback undoes it): +(.*)/.exec(statusNotes(main))?.[0];
    };
    const words = async () => (await query("select word from log")).map(({ word }) => word);
    await query("create table log (word varchar(9))");
    return { release, code, status, wayBack, query, words };
  }

  const operations = (second: string) =>
    defineMigration({
      transaction: false,
      change(m) {
        m.execute("insert into log values ('one')", { down: "delete from log where word = 'one'" });
        m.execute(second, { down: "insert into log values ('wrong 2')" });
        m.execute("insert into log values ('three')", { down: "insert into log values ('wrong')" });
      },
    });

  it("is undone by the way back of the operations that ran, also where no catalog could tell", async () => {
    const { release, code, status, wayBack, words } = await project();
    const broken = { "1_a": operations("insert into nowhere values (1)") };
    expect(await code(release(broken).release.migrate())).toBe("migration_failed");
    expect(await words()).toEqual(["one"]);
    expect(await wayBack(broken)).toBe("undo it:   slipway rollback main 1");

    const plan = planText([await release(broken).release.planRollback("main", 1)]);
    expect(plan.match(/^ {6}.*/gm)).toEqual([
      "      -- not sent: what it would undo never ran",
      "      -- insert into log values ('wrong');",
      "      -- not sent: what it would undo never ran",
      "      -- insert into log values ('wrong 2');",
      "      delete from log where word = 'one';",
    ]);
    // What ran is undone as it was, whatever its file says since.
    const edited = { "1_a": operations("insert into log values ('two')") };
    expect(await code(release(edited).release.rollback("main", 1))).toBe("done");
    expect(await words()).toEqual([]);
    expect(await status(edited)).toEqual([["down", undefined]]);
    expect(await code(release(edited).release.migrate())).toBe("done");
    expect(await words()).toEqual(["one", "two", "three"]);
    expect(await code(release(edited).release.rollback("main", 1))).toBe("done");
  });

  it("is undone without its file", async () => {
    const { release, code, words, query } = await project();
    const broken = { "1_a": operations("insert into nowhere values (1)") };
    expect(await code(release(broken).release.migrate())).toBe("migration_failed");
    expect(await code(release({}).release.rollback("main", 1))).toBe("done");
    expect(await words()).toEqual([]);
    expect(await query("select * from slipway_journal")).toEqual([]);
  });

  it("leaves alone what was there before it, which is why it failed", async () => {
    const { release, code, query } = await project();
    await query("create table b (id integer)");
    await query("insert into b values (7)");
    const sql = `${inPieces}-- migrate:up
create table a (id integer);
create table b (id integer);
-- migrate:down
drop table b;
drop table a;
`;
    expect(await code(release({ "1_a": sql }).release.migrate())).toBe("migration_failed");
    expect(await code(release({ "1_a": sql }).release.rollback("main", 1))).toBe("done");
    expect((await query("select id from b")).map(({ id }) => Number(id))).toEqual([7]);
    await expect(query("select * from a")).rejects.toThrow(/no such table|does(n't| not) exist/);
  });

  const unclear = `${inPieces}-- migrate:up
create table a (id integer);
insert into log values ('before');
insert into nowhere values (1);
-- migrate:down
delete from log;
drop table a;
`;

  it("is not offered to be undone while nobody can tell whether a statement of it ran", async () => {
    const { release, code, wayBack, query } = await project();
    const broken = { "1_a": operations("insert into nowhere values (1)") };
    expect(await code(release(broken).release.migrate())).toBe("migration_failed");
    await query("update slipway_journal set state = 'started'");
    expect(await wayBack(broken)).toMatch(/^no rollback undoes it: nobody can tell whether "/);
    expect(await code(release(broken).release.rollback("main", 1))).toBe("rollback_unclear");
  });

  it("is not undone on a guess; each way on works", async () => {
    const { release, code, status, wayBack, query, words } = await project();
    const first = { "1_a": unclear };
    const begin = () => code(release(first).release.migrate());
    const refused = async () => {
      expect(await wayBack(first)).toMatch(/^no rollback undoes it: nobody can tell whether "/);
      expect(await code(release(first).release.planRollback("main", 1))).toBe("rollback_unclear");
      expect(await code(release(first).release.rollback("main", 1))).toBe("rollback_unclear");
      expect(await words()).toEqual(["before"]);
      expect(await status(first)).toEqual([["down", "up"]]);
    };
    expect(await begin()).toBe("migration_failed");
    await refused();
    const asItSays = { fromFiles: true };
    expect(await code(release(first).release.rollback("main", 1, asItSays))).toBe("done");
    expect([await words(), await status(first)]).toEqual([[], [["down", undefined]]]);

    expect(await begin()).toBe("migration_failed");
    await query("drop table a");
    await query("delete from log");
    await release(first).release.mark("main", 1, { as: "pending", ...because });
    expect(await status(first)).toEqual([["down", undefined]]);

    expect(await begin()).toBe("migration_failed");
    await refused();
    await release(first).release.mark("main", 1, { as: "applied", ...because });
    expect(await status(first)).toEqual([["up", undefined]]);
    expect(await query("select * from slipway_journal")).toEqual([]);
    expect(await code(release(first).release.rollback("main", 1))).toBe("done");
    expect(await words()).toEqual([]);
    const [history] = await release(first).release.history();
    expect(history?.events.filter(({ result }) => result === "marked").length).toBe(2);
  });

  it.skipIf(kind === "sqlite" || kind === "mariadb")(
    "is looked for where its own settings put it",
    async () => {
      const { release, code, query } = await project();
      await query("drop schema if exists elsewhere cascade");
      await query("create schema elsewhere");
      const sql = `${inPieces}-- migrate:up
set search_path to elsewhere;
create table a (id integer);
insert into nowhere values (1);
-- migrate:down
set search_path to elsewhere;
drop table a;
`;
      expect(await code(release({ "1_a": sql }).release.migrate())).toBe("migration_failed");
      expect(await query("select * from elsewhere.a")).toEqual([]);
      expect(await code(release({ "1_a": sql }).release.rollback("main", 1))).toBe("done");
      await expect(query("select * from elsewhere.a")).rejects.toThrow(/does not exist/);
      expect(await query("show search_path")).not.toEqual([{ search_path: "elsewhere" }]);
    },
  );

  it.skipIf(kind === "sqlite" || kind === "mariadb")(
    "of a safe form is not undone where something of it would stay behind",
    async () => {
      const { release, code, wayBack, query } = await project();
      await query("create table posts (id int primary key, slug text)");
      await query("insert into posts values (1, null)");
      const proved = {
        "1_a": defineMigration({ change: (m) => m.setNotNullSafely("posts", "slug") }),
      };
      expect(await code(release(proved).release.migrate())).toBe("migration_failed");
      expect(await wayBack(proved)).toMatch(/^no rollback undoes it: nobody can tell whether "/);
      expect(await code(release(proved).release.rollback("main", 1))).toBe("rollback_unclear");
      await query("update posts set slug = 'a'");
      expect(await code(release(proved).release.migrate())).toBe("done");
      expect(await code(release(proved).release.rollback("main", 1))).toBe("done");
      await query("insert into posts values (2, null)");
    },
  );

  it("is shown statement by statement, and goes on when the rest is mended", async () => {
    const { release, code } = await project();
    const first = { "1_a": unclear };
    await code(release(first).release.migrate());
    const plans = await release(first).release.plan();
    expect(planText(plans).match(/^ {6}.*/gm)).toEqual([
      "      -- done before, and not sent again",
      "      -- create table a (id integer);",
      "      -- done before, and not sent again",
      "      -- insert into log values ('before');",
      "      insert into nowhere values (1);",
    ]);
    const mended = { "1_a": unclear.replace("into nowhere values (1)", "into log values ('end')") };
    expect(await code(release(mended).release.migrate())).toBe("done");
  });

  it.skipIf(kind === "sqlite" || kind === "pglite")(
    "asks the catalog about what is in doubt",
    async () => {
      const { release, code, status, query, words } = await project();
      const online = kind === "postgres" ? "concurrently " : "";
      const drop = kind === "postgres" ? "drop index concurrently i" : "drop index i on log";
      const sql = `${inPieces}-- migrate:up
create index ${online}i on log (word);
insert into nowhere values (1);
-- migrate:down
${drop};
`;
      const migrations = { "1_a": sql };
      const doubt = async () => {
        expect(await code(release(migrations).release.migrate())).toBe("migration_failed");
        await query("update slipway_journal set state = 'started' where direction = 'up'");
      };
      await doubt();
      expect(await code(release(migrations).release.rollback("main", 1))).toBe("done");
      await query(`create index i on log (word)`);
      await query(drop);
      await doubt();
      await query(drop);
      const back = release(migrations);
      expect(await code(back.release.rollback("main", 1))).toBe("done");
      expect(back.lines.filter((line) => line.includes("nothing to undo"))).toHaveLength(1);
      expect([await status(migrations), await words()]).toEqual([[["down", undefined]], []]);
    },
  );

  const applied = `${inPieces}-- migrate:up
create table a (id integer);
create table b (id integer);
-- migrate:down
drop table b;
delete from nowhere;
drop table a;
`;

  it("of the way back is finished, or settled, before anything newer runs", async () => {
    const { release, code, status, query } = await project();
    const first = { "1_a": applied };
    const newer = { ...first, "2_c": "create table c (id integer)" };
    const tables = async () => {
      const found = ["a", "b", "c"].map((name) => query(`select * from ${name}`).then(() => name));
      const settled = await Promise.allSettled(found);
      return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    };
    await release(first).release.migrate();
    expect(await code(release(first).release.rollback("main", 1))).toBe("migration_failed");
    expect(await status(first)).toEqual([["up", "down"]]);
    expect(await code(release(first).release.migrate())).toBe("rollback_unfinished");
    expect(await code(release(newer).release.migrate())).toBe("rollback_unfinished");
    expect(await tables()).toEqual(["a"]);

    await query("create table b (id integer)");
    await release(newer).release.mark("main", 1, { as: "applied", ...because });
    expect(await status(newer)).toEqual([
      ["up", undefined],
      ["down", undefined],
    ]);
    expect(await code(release(newer).release.migrate())).toBe("done");
    expect(await tables()).toEqual(["a", "b", "c"]);

    const whole = { ...newer, "2_c": "-- migrate:up\nselect 1;\n-- migrate:down\ndrop table c;\n" };
    expect(await code(release(whole).release.rollback("main", 1, { fromFiles: true }))).toBe(
      "migration_failed",
    );
    const mended = { "1_a": applied.replace("delete from nowhere", "delete from log") };
    expect(await code(release(mended).release.rollback("main", 1))).toBe("done");
    expect([await status(mended), await tables()]).toEqual([[["down", undefined]], []]);

    expect(await code(release(mended).release.migrate())).toBe("done");
    expect(await code(release(first).release.rollback("main", 1))).toBe("migration_failed");
    await query("drop table a");
    await release(first).release.mark("main", 1, { as: "pending", ...because });
    expect([await status(mended), await tables()]).toEqual([[["down", undefined]], []]);
  });
});
