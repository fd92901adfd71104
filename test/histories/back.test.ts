/** A team goes back to the tool that it came from: its history says what ours says, as its own rows do. */
import { describe, expect, it } from "vitest";
import { backOf } from "../../src/histories/back.ts";
import { histories } from "../../src/histories/index.ts";
import { cases, filled, refusal, up } from "./back-project.ts";

describe("adoptBack", () => {
  it.each(Object.entries(cases))(
    "writes what ran since into the history of %s",
    async (tool, one) => {
      const { database, release } = await filled(one);
      await release.adopt("main", { accept: ["checksum"] });
      expect((await release.adoptBack("main")).written).toEqual([]);
      await release.migrate({ step: 1 });
      const shown = await release.adoptBack("main", { dryRun: true });
      expect(shown.tool).toBe(tool.split(" ")[0]);
      const back = await release.adoptBack("main");
      expect(back).toEqual(shown);
      expect(back.written).toHaveLength(1);
      expect(await database.query(one.rows)).toEqual(one.expected);
      expect(await release.adoptBack("main")).toMatchObject({ written: [], removed: [] });
    },
  );

  it("takes out the row of what was rolled back, and of one that tells all up to it", async () => {
    for (const tool of ["knex", "golang-migrate"]) {
      const { database, release } = await filled(cases[tool]!);
      await release.adopt("main");
      await release.migrate({ step: 2 });
      await release.adoptBack("main");
      await release.rollback("main", { step: 2 });
      const { removed } = await release.adoptBack("main");
      expect(removed.map(({ name }) => name)).toEqual(["b", "c"]);
      const table = tool === "knex" ? "knex_migrations" : "schema_migrations";
      expect(await database.query(`select 1 as one from ${table}`)).toEqual([{ one: 1 }]);
    }
  });

  it("says that it can no longer, once one has run that was made afterwards", async () => {
    const { release, write } = await filled(cases.knex!);
    await release.adopt("main");
    await release.migrate();
    write("20250101000000_ours.sql", up("d"));
    await release.adoptBack("main");
    await release.migrate();
    const error = await refusal(release.adoptBack("main"));
    expect([error.code, error.exitCode, error.message]).toEqual([
      "back_refused",
      4,
      "repo main cannot go back to Knex: 20250101000000 has run, and was made after the history moved in",
    ]);
  });

  it("says so too where the folder has migrations that run again", async () => {
    const { sql, files = {} } = cases.flyway!;
    const again = { "R__v.sql": "create or replace view v as select 1 as one;\n" };
    const { release, write, database } = await filled({ sql, files: { ...files, ...again } });
    await release.adopt("main", { accept: ["checksum"] });
    // As it was noted before: the last file of the folder.
    await database.query(
      "insert into slipway_events (at, history, version, direction, result, migration_id) values (now(), 'schema_migrations', 0, 'up', 'moved_in', 'R__v')",
    );
    write("V9__ours.sql", up("d"));
    await release.migrate();
    expect((await refusal(release.adoptBack("main"))).message).toMatch(
      /^repo main cannot go back to Flyway: 9 has run, and was made after the history moved in/,
    );
  });

  it("refuses by name, with the reason, what cannot be written rightly", async () => {
    const { release } = await filled({
      sql: [
        "create table alembic_version (version_num varchar(32) primary key)",
        "insert into alembic_version values ('20240101000000')",
      ],
    });
    await release.adopt("main");
    expect((await refusal(release.adoptBack("main"))).message).toBe(
      "repo main cannot go back to Alembic: its rows name revisions of a graph, which its own files alone have",
    );
  });

  it("knows of every tool whether it can, and why not", () => {
    const unknown = histories.filter((history) => {
      const back = backOf(history);
      return back.kind === "no" && back.because === "nobody has tried it";
    });
    expect(histories.length).toBeGreaterThan(30);
    expect(unknown.map(({ tool }) => tool)).toEqual([]);
    const refused = histories.filter((history) => backOf(history).kind === "no");
    expect(refused.map(({ tool }) => tool)).toEqual([
      "alembic",
      "django",
      "laravel",
      "pgroll",
      "sqitch",
    ]);
  });
});
