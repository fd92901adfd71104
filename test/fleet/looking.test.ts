/** Who is behind, what was done to one tenant, and the way back of tenants that are named. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isReleaseError } from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import {
  addColumn,
  addTenants,
  columnsSql,
  dropSchemas,
  firstTwo,
  fleetRelease,
} from "./support.ts";

describe.each(["pglite", "postgres"] as const)("tenants, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
    await database.query(dropSchemas);
    await addTenants((sql) => database.query(sql), ["acme", "bolt", "core", "dune"]);
  });
  afterEach(() => database.dispose());

  const lines = async () => (await database.query(columnsSql)).map(({ line }) => line);
  const third = { ...firstTwo, "12_tags": addColumn("tags") };

  it("are summed up, and listed one by one", async () => {
    const first = fleetRelease(database, firstTwo);
    expect((await first.release.migrationStatus())[0]?.tenants).toEqual({
      ...{ tenants: 4, upToDate: 0, behind: 4, quarantined: 0, pending: ["10", "11"] },
    });
    await first.release.migrate({ tenants: { names: ["acme", "bolt", "core"] } });
    await database.query("ALTER TABLE bolt.posts ADD COLUMN tags text");
    const { release, heard } = fleetRelease(database, third);
    const run = release.migrate({ tenants: { names: ["acme", "bolt"] } });
    await expect(run).rejects.toThrow("tenant");
    const [status] = await release.migrationStatus({ tenants: true, behind: true });
    expect(status?.tenants).toMatchObject({
      ...{ tenants: 4, upToDate: 1, behind: 2, quarantined: 1, pending: ["10", "11", "12"] },
      list: [
        { tenant: "acme", state: "up_to_date", newest: "12", pending: 0 },
        { tenant: "bolt", state: "quarantined", newest: "11", pending: 1 },
        { tenant: "core", state: "behind", newest: "11", pending: 1 },
        { tenant: "dune", state: "behind", pending: 3 },
      ],
    });
    const text = heard.output.join("").replace(/^[\s\S]*?(?=\nmain:)/, "");
    expect(text).toBe(
      [
        "",
        "main: 1 up to date, 2 behind, 1 quarantined",
        '  bolt  quarantined  11  1 pending: tags: column "tags" of relation "posts" already exists',
        "  core  behind  11  1 pending",
        "  dune  behind  nothing yet  3 pending",
        "",
      ].join("\n"),
    );
    await release.migrate({ tenants: { names: ["dune"] } });
    await release.migrationStatus();
    expect(heard.output.at(-1)).toContain(
      "main: 2 up to date, 1 behind, 1 quarantined; oldest 11\n",
    );
  });

  it("are looked at before the table is that lists them", async () => {
    await database.query("DROP TABLE public.tenants");
    const { release, heard } = fleetRelease(database, firstTwo);
    const [status] = await release.migrationStatus();
    expect(status?.tenants).toMatchObject({ tenants: 0, pending: [] });
    expect(heard.output.join("")).toMatch(
      /main: its tenants cannot be listed before what belongs to all has run: .*tenants/,
    );
    await release.migrate();
    await database.query("DROP TABLE public.tenants");
    await expect(release.migrationStatus()).rejects.toThrow("its tenants cannot be listed");
  });

  it("are told of a file that was edited after it ran on one of them", async () => {
    await fleetRelease(database, firstTwo).release.migrate({ tenants: { names: ["acme"] } });
    const { release, heard } = fleetRelease(database, {
      ...firstTwo,
      "11_body": addColumn("text"),
    });
    expect((await release.migrationStatus())[0]?.tenants).toMatchObject({ edited: ["11"] });
    expect(heard.output.join("")).toContain("; edited after it ran: 11\n");
    expect((await release.migrationStatus({ plain: true }))[0]?.tenants).not.toHaveProperty(
      "edited",
    );
  });

  it("go back where they are named, and all only where that is said", async () => {
    const { release } = fleetRelease(database, third);
    await release.migrate();
    expect(await release.rollback("main", 12, { tenants: ["acme"] })).toMatchObject({
      direction: "down",
      tenants: { tenants: 1, migrated: 1 },
    });
    expect(await lines()).toEqual([
      "acme.posts: id, title, body",
      ...["bolt", "core", "dune"].map((name) => `${name}.posts: id, title, body, tags`),
    ]);
    await release.rollback("main", 11, { tenants: "all" });
    expect(await lines()).toEqual(
      ["acme", "bolt", "core", "dune"].map((name) => `${name}.posts: id, title`),
    );
    await expect(release.rollback("main", 11, { tenants: [] })).rejects.toThrow(
      "repo main: no tenant is named",
    );
    await expect(release.rollback("main", 10, { tenants: ["nobody"] })).rejects.toThrow(
      "repo main has no tenant nobody",
    );
    const [{ events }] = (await release.history({ tenant: "acme" })) as never as [
      { events: readonly { version: string; result: string }[] },
    ];
    expect(events.map(({ version, result }) => `${version} ${result}`).toSorted()).toEqual([
      "10 applied",
      "11 rolled_back",
      "12 rolled_back",
    ]);
  });

  it("go back from what this release does not contain, by the plan that was kept", async () => {
    await fleetRelease(database, third).release.migrate();
    const older = fleetRelease(database, firstTwo);
    expect((await older.release.migrationStatus())[0]?.tenants?.upToDate).toBe(4);
    await older.release.rollback("main", 12, { tenants: ["core"] });
    expect((await lines())[2]).toBe("core.posts: id, title, body");
  });

  it("are told nothing about where there are none", async () => {
    const { release } = fleetRelease(database, firstTwo, { tenants: undefined as never });
    const error = await release.history({ tenant: "acme" }).catch((reason: unknown) => reason);
    expect(isReleaseError(error) && error.code).toBe("tenants_not_there");
    expect((await release.migrationStatus())[0]).not.toHaveProperty("tenants");
  });

  it.for([{ names: ["acme"] }, { only: true }])(
    "are not migrated where there are none, and nothing else is: %j",
    async (tenants) => {
      const { release } = fleetRelease(database, firstTwo, { tenants: undefined as never });
      const before = await lines();
      const error = await release
        .migrate({ all: true, tenants })
        .catch((reason: unknown) => reason);
      expect(isReleaseError(error) && error.code).toBe("tenants_not_there");
      expect(await lines()).toEqual(before);
    },
  );
});
