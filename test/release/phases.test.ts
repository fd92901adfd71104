import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineMigration, defineRelease, type MigrationsOption } from "../../src/index.ts";
import { databaseKinds, type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const table = (name: string) =>
  defineMigration({ change: (m) => m.createTable(name, (t) => t.id()) });

/** Drops a column when the old code is gone. */
const dropTitle = defineMigration({
  safe: { "drop-column": "the old code is gone" },
  phase: "after",
  change: (m) => m.alterTable("posts", (t) => t.remove("title", { was: "text" })),
});
const add = (column: string) =>
  defineMigration({ change: (m) => m.alterTable("posts", (t) => t.add(column, "text")) });

const posts = defineMigration({
  change: (m) =>
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "text");
    }),
});

describe.each(databaseKinds)("phases, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
  });
  afterEach(() => database.dispose());

  function release(migrations: MigrationsOption, data: MigrationsOption = {}) {
    const heard = recorder();
    const adapter = database.adapter;
    const repos = { main: { adapter, migrations, dataMigrations: data } };
    return { heard, ...{ release: defineRelease({ app: "app", repos }).using(heard.world) } };
  }

  const versions = async (
    outcomes: Promise<readonly { migrations: readonly { version: string }[] }[]>,
  ) => (await outcomes).flatMap((one) => one.migrations.map((migration) => migration.version));

  it("run apart, and together in order", async () => {
    const { release: app, heard } = release({
      "1_posts": posts,
      "2_drop_title": dropTitle,
      "3_add_summary": add("summary"),
      "4_users": table("users"),
    });
    expect(await versions(app.migrate({ phase: "before", to: 3 }))).toEqual(["1", "3"]);
    expect(await versions(app.migrate({ phase: "before", step: 2 }))).toEqual(["4"]);
    expect(await versions(app.migrate({ phase: "before" }))).toEqual([]);
    expect(await versions(app.migrate({ phase: "after" }))).toEqual(["2"]);
    expect(heard.lines.filter((line) => line.startsWith("warning"))).toEqual([]);
  });

  it("refuse to put one before an older one that touches the same", async () => {
    const { release: app } = release({
      "1_posts": posts,
      "2_drop_title": dropTitle,
      "3_title": add("title"),
    });
    await expect(app.migrate({ phase: "before" })).rejects.toMatchObject({
      code: "phase_order",
      exitCode: 4,
      message:
        "repo main: 3_title (before) cannot go before 2_drop_title (after), which is pending and older: both touch posts.title",
    });
    expect(await database.tables()).toEqual([]);
    expect(await versions(app.migrate({ phase: "before", to: 1 }))).toEqual(["1"]);
    expect(await versions(app.migrate())).toEqual(["2", "3"]);
  });

  it("refuse an after-migration before what it stands on", async () => {
    const { release: app } = release({ "1_posts": posts, "2_drop_title": dropTitle });
    await expect(app.migrate({ phase: "after" })).rejects.toMatchObject({
      code: "phase_order",
      hint: "Run migrate --phase before first.",
    });
  });

  it("do not count as out of order when the deploy lies between them", async () => {
    const first = { "1_posts": posts, "2_drop_title": dropTitle, "3_users": table("users") };
    await release(first).release.migrate({ phase: "before" });
    const strict = { strictVersionOrder: true };
    expect(await versions(release(first).release.migrate({ ...strict, phase: "after" }))).toEqual([
      "2",
    ]);
    const later = release({
      ...first,
      "4_drop_users": defineMigration({
        safe: { "drop-table": "the old code is gone" },
        phase: "after",
        change: (m) => m.dropTable("users", { was: (t) => t.id() }),
      }),
    });
    await later.release.migrate(strict);
    const late = { ...first, "25_late": { up: "-- slipway: phase=after\nselect 1" } };
    expect(await versions(release(late).release.migrate(strict))).toEqual(["25"]);
    await expect(
      release({ ...first, "0_late": { up: "-- slipway: phase=after\nselect 1" } }).release.migrate(
        strict,
      ),
    ).rejects.toMatchObject({ code: "out_of_order" });
  });

  it("are no option of data migrations, and only two", async () => {
    const { release: app } = release({ "1_posts": posts });
    await expect(app.migrateData({ phase: "after" } as never)).rejects.toMatchObject({
      code: "option_unknown",
    });
    await expect(app.migrate({ phase: "later" as never })).rejects.toMatchObject({
      message: 'phase is "later", which is not before or after',
    });
  });

  describe("requirements", () => {
    const fill = { "7_fill": { up: "update posts set title = 'x'" } };
    const needs = {
      "2_needs": { up: "-- slipway: requires-data=7\ncreate table ready (id integer)" },
    };
    const both = { "1_posts": posts, ...needs };

    it("are refused until the data migration has run, before anything runs", async () => {
      const { release: app } = release(both, fill);
      await expect(app.migrate()).rejects.toMatchObject({
        code: "data_migration_required",
        exitCode: 4,
        message: "repo main: 2_needs requires the data migration 7, which has not run",
        hint: "Run migrate --repo main --to-exclusive 2, then migrate-data --repo main --to 7, then this again.",
      });
      expect(await database.tables()).toEqual([]);
      await app.migrate({ toExclusive: 2 });
      await expect(app.migrate()).rejects.toMatchObject({
        hint: "Run migrate-data --repo main --to 7, then this again.",
      });
      await app.migrateData({ to: 7 });
      expect(await versions(app.migrate())).toEqual(["2"]);
    });

    it("are told and not refused by plan", async () => {
      const [planned] = await release(both, fill).release.plan();
      expect(planned?.steps.map((step) => step.file.version)).toEqual(["1", "2"]);
      expect(planned?.warnings).toMatchObject([
        {
          code: "would_be_refused",
          message: "repo main: 2_needs requires the data migration 7, which has not run",
          details: { error: "data_migration_required", details: { version: "2", data: "7" } },
        },
      ]);
    });

    it("name a data migration that there is", async () => {
      await expect(
        release(both, { "8_x": { up: "select 1" } }).release.migrate(),
      ).rejects.toMatchObject({
        code: "data_migration_unknown",
        hint: "Correct the version. The data migrations are: 8.",
      });
      await expect(release(both).release.migrate()).rejects.toMatchObject({
        hint: "Correct the version: there are no data migrations.",
      });
    });

    it("are fulfilled by a data migration that this release no longer contains", async () => {
      await release({ "1_posts": posts }, fill).release.migrate();
      await release({ "1_posts": posts }, fill).release.migrateData();
      expect(await versions(release(both).release.migrate())).toEqual(["2"]);
    });

    it("of an older migration are refused until it has run to its end", async () => {
      const second = { up: "-- slipway: requires=1 phase=after\ncreate table ready (id integer)" };
      const { release: app } = release({ "1_posts": posts, "2_needs": second });
      const refused = {
        code: "migration_required",
        exitCode: 4,
        message: "repo main: 2_needs requires 1_posts, which has not run to its end",
        hint: "Run migrate --repo main --to 1 first.",
      };
      await expect(app.migrate({ phase: "after" })).rejects.toMatchObject(refused);
      expect(await database.tables()).toEqual([]);
      expect(await versions(app.migrate())).toEqual(["1", "2"]);
    });

    it("of a migration are refused where it is later, or is not there", async () => {
      const needs = (version: number) => ({ up: `-- slipway: requires=${version}\nselect 1` });
      await expect(
        release({ "1_needs": needs(2), "2_posts": posts }).release.migrate(),
      ).rejects.toMatchObject({
        code: "migration_required",
        hint: "Correct the version: it requires an older migration of the same repo.",
      });
      await expect(
        release({ "1_posts": posts, "3_needs": needs(2) }).release.migrate(),
      ).rejects.toMatchObject({
        message:
          "repo main: 3_needs requires 2, which is neither in this release nor in the history",
      });
      expect(await database.tables()).toEqual([]);
    });
  });
});
