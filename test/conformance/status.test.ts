/** Conformance 39–41: status. 25 is beside the lock, 119 beside the command line. */
import { expect, it } from "vitest";
import { databaseKinds } from "../support/databases.ts";
import { describeOn, releaseOn, tables, versions } from "./support/release.ts";

const both = tables("20210718153339_add_test_table1", "20210718153341_add_test_table2");

describeOn(databaseKinds, (database) => {
  it("39: what is up and what is down, sorted, with names", async () => {
    const { release, output } = releaseOn(database(), both);
    await release.migrate({ step: 1 });
    expect(await release.migrationStatus()).toEqual([
      {
        repo: "main",
        migrations: [
          {
            status: "up",
            version: "20210718153339",
            name: "add_test_table1",
            appliedAt: expect.any(Date),
          },
          { status: "down", version: "20210718153341", name: "add_test_table2" },
        ],
      },
    ]);
    expect(output.join("")).toBe(`
Repo: main

  Status    Migration ID    Migration Name
--------------------------------------------------
  up        20210718153339  add_test_table1
  down      20210718153341  add_test_table2
`);
  });

  it("40: what has run and has no file any more, in the order of versions", async () => {
    const { release, output } = releaseOn(database(), both);
    await release.migrate();
    await database().query("insert into schema_migrations (version) values (20210718153340)");
    await release.migrationStatus();
    expect(output.join("").split("\n").slice(5, -1)).toEqual([
      "  up        20210718153339  add_test_table1",
      "  up        20210718153340  ** FILE NOT FOUND **",
      "  up        20210718153341  add_test_table2",
    ]);
  });

  it("40, ours: what another release ran has its name, and can be rolled back", async () => {
    await releaseOn(database(), { ...both, ...tables("20210718153340_gone") }).release.migrate();
    const { release, output } = releaseOn(database(), both);
    await release.migrationStatus();
    expect(output.join("").split("\n")[6]).toBe(
      "  up        20210718153340  gone (not in this release)",
    );
    const rolledBack = await release.rollback("main", 20210718153340);
    expect(versions(rolledBack)).toEqual(["20210718153341", "20210718153340"]);
    expect(await database().tables()).toEqual(["add_test_table1"]);
  });

  it("41, ours: what ran from a folder that is not read now has its name too", async () => {
    const other = tables("20210718153342_elsewhere");
    await releaseOn(database(), { ...both, ...other }).release.migrate();
    const { release, output } = releaseOn(database(), other);
    await release.migrationStatus();
    expect(output.join("").split("\n").slice(5, -1)).toEqual([
      "  up        20210718153339  add_test_table1 (not in this release)",
      "  up        20210718153341  add_test_table2 (not in this release)",
      "  up        20210718153342  elsewhere",
    ]);
  });

  it("41, ours: data migrations have a history of their own, so neither lane shows the other as not found", async () => {
    const dataMigrations = tables("20210811035222_backfill");
    const { release, output } = releaseOn(database(), both, { dataMigrations });
    await release.migrate();
    await release.migrateData();
    const [status] = await release.migrationStatus({ data: true });
    expect(status?.dataMigrations).toEqual([
      {
        status: "up",
        version: "20210811035222",
        name: "backfill",
        appliedAt: expect.any(Date),
      },
    ]);
    expect(status?.migrations).toHaveLength(2);
    expect(output.join("")).not.toContain("FILE NOT FOUND");
  });
});
