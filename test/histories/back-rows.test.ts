/** Which rows go and which are written, where a file is called otherwise than its row, and where a row cannot say it. */
import { describe, expect, it } from "vitest";
import { cases, filled, refusal } from "./back-project.ts";

describe("adoptBack", () => {
  it("takes out the row that a file had under another ending, and writes rows with that", async () => {
    for (const [table, tool] of [
      ["knex_migrations", "knex"],
      ["SequelizeMeta", "sequelize"],
    ] as const) {
      const module = (name: string) =>
        `import { defineMigration } from "slipway"; export default defineMigration({ up: (m) => m.execute("create table ${name} (x text)"), down: (m) => m.execute("drop table ${name}") });`;
      const { database, release } = await filled({
        files: {
          "20240101000000_a.ts": module("a"),
          "20240102000000_b.ts": module("b"),
          "20240103000000_c.ts": module("c"),
        },
        sql: [
          tool === "knex"
            ? "create table knex_migrations (id serial primary key, name varchar(255), batch int, migration_time timestamptz)"
            : 'create table "SequelizeMeta" (name varchar(255) primary key)',
          `insert into "${table}" (name) values ('20240101000000_a.js'), ('20240102000000_b.js')`,
          "create table b (x text)",
        ],
      });
      const names = () => database.query(`select name from "${table}" order by name`);
      await release.adopt("main");
      await release.rollback("main", { step: 1 });
      const { removed } = await release.adoptBack("main");
      expect(removed.map(({ name }) => name)).toEqual(["b"]);
      expect(await names()).toEqual([{ name: "20240101000000_a.js" }]);
      await release.migrate();
      await release.adoptBack("main");
      expect(await names()).toEqual([
        { name: "20240101000000_a.js" },
        { name: "20240102000000_b.js" },
        { name: "20240103000000_c.js" },
      ]);
      expect(await release.adoptBack("main")).toMatchObject({ written: [], removed: [] });
    }
  });

  it("takes out a row of Drizzle 1.0 by its name", async () => {
    const { database, release } = await filled(cases["drizzle 1.0"]!);
    await release.adopt("main", { accept: ["checksum"] });
    await release.migrate();
    await release.adoptBack("main");
    await release.rollback("main", { step: 2 });
    const { removed } = await release.adoptBack("main");
    expect(removed.map(({ name }) => name)).toEqual(["b", "c"]);
    expect(await database.query("select name from __drizzle_migrations")).toEqual([
      { name: "20240101000000_a" },
    ]);
    expect(await release.adoptBack("main")).toMatchObject({ written: [], removed: [] });
  });

  it("refuses to write a row that it would not know again", async () => {
    const { database, release } = await filled(cases["drizzle 1.0"]!);
    await release.adopt("main", { accept: ["checksum"] });
    await release.migrate({ step: 1 });
    await database.query("alter table __drizzle_migrations drop column name");
    expect((await refusal(release.adoptBack("main"))).message).toBe(
      "repo main cannot go back to Drizzle: in the columns of its table, a row of 20240101000000_a would not be known again",
    );
    expect(await database.query("select created_at::text as at from __drizzle_migrations")).toEqual(
      [{ at: "1704067200000" }],
    );
  });

  it.each(["golang-migrate", "tern"])(
    "refuses a gap, which one row of %s cannot say",
    async (tool) => {
      const { database, release } = await filled(cases[tool]!);
      await release.adopt("main");
      await release.migrate();
      await release.adoptBack("main");
      const before = await database.query(cases[tool]!.rows);
      await release.mark("main", tool === "tern" ? 2 : 20240102000000, {
        as: "pending",
        reason: "it is wrong",
      });
      const error = await refusal(release.adoptBack("main"));
      expect(error.code).toBe("back_refused");
      expect(error.message).toContain("has not run and a newer one has");
      expect(await database.query(cases[tool]!.rows)).toEqual(before);
    },
  );

  it("takes out rows that stand on each other, and refuses a gap between them", async () => {
    const one = cases["graphile-migrate"]!;
    const { database, release } = await filled(one);
    await release.adopt("main");
    await release.migrate();
    await release.adoptBack("main");
    await release.mark("main", 2, { as: "pending", reason: "it is wrong" });
    expect((await refusal(release.adoptBack("main"))).message).toContain(
      "2 has not run and a newer one has, and each of its rows stands on the one before it",
    );
    await release.mark("main", 3, { as: "pending", reason: "it is wrong" });
    const { removed } = await release.adoptBack("main");
    expect(removed.map(({ version }) => version)).toEqual(["2", "3"]);
    expect(await database.query(one.rows)).toEqual(one.expected.slice(0, 1));
  });

  it("takes out the change set of one author alone, and refuses one whose file nobody knows", async () => {
    const one = cases.liquibase!;
    const { database, release, write } = await filled(one);
    await release.adopt("main");
    await release.migrate();
    await release.adoptBack("main");
    await release.rollback("main", { step: 2 });
    const { removed } = await release.adoptBack("main");
    expect(removed).toHaveLength(2);
    expect(await database.query(one.rows)).toEqual(one.expected.slice(0, 1));
    await release.migrate();
    await database.query(
      "insert into databasechangelog (id, author, filename, dateexecuted, orderexecuted, exectype) values ('0', 'eve', 'elsewhere/0.sql', now(), 0, 'EXECUTED')",
    );
    write("000.sql", "--liquibase formatted sql\n--changeset eve:0\nselect 1;\n");
    expect((await refusal(release.adoptBack("main"))).message).toContain(
      "a row of 002.sql ann:2 would not be known again",
    );
  });
});
