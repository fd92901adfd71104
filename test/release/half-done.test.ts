import { afterEach, describe, expect, it } from "vitest";
import {
  type Adapter,
  defineMigration,
  defineRelease,
  isReleaseError,
  type MigrationsOption,
} from "../../src/index.ts";
import { statusText } from "../../src/release/status.ts";
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
  postgres: () => testDatabase("postgres"),
  ...(mariadb === undefined ? {} : { mariadb: () => freshMysql(mariadb.url) }),
};

/** The first statement made the wrong type, so the second fails; both must change. */
const wrong = `-- slipway: transaction=false
-- migrate:up
create table a (id integer primary key, code integer);
insert into nowhere values ('x');
create index a_code on a (code);
-- migrate:down
drop index a_code on a;
drop table a;
`;
const right = wrong
  .replace("code integer", "code varchar(9)")
  .replace("insert into nowhere values ('x')", "insert into a values (1, 'x')");

describe.each(Object.keys(open))("a migration that stopped half-way, on %s", (kind) => {
  let database: Database | undefined;
  afterEach(async () => database?.dispose());

  /** MySQL alone has ON in it. */
  const own = (text: string) => (kind === "mariadb" ? text : text.replace(" on a;", ";"));

  async function project() {
    database = await open[kind]!();
    const { adapter, query } = database;
    const release = (migrations: MigrationsOption) => {
      const { world, lines } = recorder();
      const used = defineRelease({
        app: "app",
        repos: { main: { adapter, migrations } },
      }).using(world);
      return { release: used, lines };
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
    const status = async (migrations: MigrationsOption) =>
      (await statusText(await release(migrations).release.migrationStatus()))
        .split("\n\n")[1]
        ?.trimEnd()
        .split("\n")
        .at(-1)
        ?.replace(/ +/g, " ");
    return { release, code, status, query };
  }

  const zero =
    "-- migrate:up\ncreate table zero (id integer);\n-- migrate:down\ndrop table zero;\n";
  const first = { "1_a": own(wrong) };
  const mended = { "1_a": own(right) };

  it("is shown, rolled back by its own way back, and runs once it is mended", async () => {
    const { release, code, status, query } = await project();
    expect(await code(release(first).release.migrate())).toBe("migration_failed");
    expect(await status(first)).toBe(" part 1 a (applied in part: 1 statement done)");
    expect(await code(release(mended).release.migrate())).toBe("journal_mismatch");

    const back = release(mended);
    const outcome = await back.release.rollback("main", 1);
    expect(outcome.migrations.map(({ version }) => version)).toEqual(["1"]);
    expect(back.lines.join("\n")).toContain("(nothing to undo)");
    await expect(query("select * from a")).rejects.toThrow(/no such table|does(n't| not) exist/);
    expect(await status(mended)).toBe(" down 1 a");
    expect(await query("select * from slipway_journal")).toEqual([]);

    expect(await code(release(mended).release.migrate())).toBe("done");
    expect(await status(mended)).toBe(" up 1 a");
    expect(await query("select code from a")).toEqual([{ code: "x" }]);
  });

  it("is never passed by: a rollback that would leave its part behind is refused, and says what to do", async () => {
    const { release, code, query } = await project();
    const files = { "0_zero": zero, ...first };
    expect(await code(release(files).release.migrate())).toBe("migration_failed");
    for (const target of [{ step: 1 }, { all: true }, { toExclusive: 0 }, { to: 0 }] as const)
      expect(await code(release(files).release.rollback("main", target))).toBe("half_applied");
    expect(await query("select count(*) as n from zero")).toEqual([{ n: expect.anything() }]);
    const only = release(first);
    const error = await only.release.rollback("main", { all: true }).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: "half_applied",
      exitCode: 4,
      message: "repo main: 1_a is applied in part, and this would leave that part behind",
      hint: "Look with slipway status. To finish it, run: slipway migrate --repo main. To undo it, run: slipway rollback main 1. If you undo it by hand, say: slipway mark main 1 anew",
    });
    const elsewhere = release({ "0_zero": zero });
    await elsewhere.release.migrate();
    expect(elsewhere.lines.join("\n")).toContain(
      "1 is applied in part and not touched by this: finish it, roll it back or mark it; see status",
    );
    await release(files).release.rollback("main", 1);
    expect(await code(release(files).release.rollback("main", { all: true }))).toBe("done");
  });

  it("begins anew when somebody has undone it by hand and says so", async () => {
    const { release, code, status, query } = await project();
    await code(release(first).release.migrate());
    expect(await code(release(mended).release.mark("main", 1, { as: "again" }))).toBe(
      "nothing_to_mark",
    );
    await query("drop table a");
    await release(mended).release.mark("main", 1, { as: "anew" });
    expect(await status(mended)).toBe(" down 1 a");
    expect(await code(release(mended).release.migrate())).toBe("done");
    expect(await code(release(mended).release.mark("main", 1, { as: "anew" }))).toBe(
      "nothing_to_mark",
    );
  });

  it("is told by plan, and does not go on when its rollback stopped half-way too", async () => {
    const { release, code, status } = await project();
    await code(release(first).release.migrate());
    const planned = release(first);
    await planned.release.plan();
    expect(planned.lines.join("\n")).toContain(
      "1_a stopped in the middle of going up: 1 of its statements is done and will not run again",
    );
    const broken = {
      "1_a": own(wrong).replace("drop table a;", "drop table a;\ndelete from nowhere;"),
    };
    expect(await code(release(broken).release.rollback("main", 1))).toBe("rollback_unclear");
    expect(await status(first)).toBe(" part 1 a (applied in part: 1 statement done)");
    const asItSays = { fromFiles: true };
    expect(await code(release(broken).release.rollback("main", 1, asItSays))).toBe(
      "migration_failed",
    );
    expect(await status(first)).toBe(" part 1 a (rolled back in part: 2 statements done)");
    expect(await code(release(first).release.migrate())).toBe("rollback_unfinished");
    expect(await code(release(first).release.rollback("main", 1))).toBe("done");
    expect(await status(first)).toBe(" down 1 a");
  });

  it("does not run what is done once more when it is made one transaction", async () => {
    const { release, code } = await project();
    await code(release(first).release.migrate());
    const whole = { "1_a": own(wrong).replace("-- slipway: transaction=false\n", "") };
    expect(await code(release(whole).release.migrate())).toBe("migration_failed");
    expect(await code(release(whole).release.rollback("main", 1))).toBe("done");
  });

  it("undoes those operations of the language that ran", async () => {
    const { release, code, query } = await project();
    const steps = (sql: string) => ({
      "1_a": defineMigration({
        transaction: false,
        change(m) {
          m.createTable("a", (t) => t.id());
          m.execute(sql, { down: "" });
          m.createTable("b", (t) => t.id());
        },
      }),
    });
    expect(await code(release(steps("insert into nowhere values (1)")).release.migrate())).toBe(
      "migration_failed",
    );
    await release(steps("insert into nowhere values (1)")).release.rollback("main", 1);
    await expect(query("select * from a")).rejects.toThrow(/no such table|does(n't| not) exist/);
    expect(await code(release(steps("select 1")).release.migrate())).toBe("done");
  });
});
