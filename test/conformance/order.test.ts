/** Conformance 4–6: a pending migration that is older than an applied one. */
import { expect, it } from "vitest";
import { databaseKinds, type TestDatabase } from "../support/databases.ts";
import { describeOn, history, refusal, releaseOn, tables, versions } from "./support/release.ts";

const applied = ["1_one", "2_two", "3_three"];

/** A release with a migration 0 that came late, behind three that have run. */
async function lateOn(database: TestDatabase, options: { strictVersionOrder?: boolean } = {}) {
  await releaseOn(database, tables(...applied)).release.migrate();
  return releaseOn(database, tables("0_late", ...applied), options);
}

describeOn(databaseKinds, (database) => {
  it("4: it runs, with a warning; ours: the warning comes before and calls the other one newer", async () => {
    const { release, lines } = await lateOn(database());
    expect(versions(await release.migrate())).toEqual(["0"]);
    expect(lines.slice(0, 2)).toEqual([
      "warning: repo main: You are running migration 0 but a newer migration with version 3 has already run. A rollback would revert 3 before 0; give it a later version if that matters.",
      "== Running 0 late.change forward",
    ]);
    expect(await history(database())).toEqual(["0", "1", "2", "3"]);
  });

  it("5, ours: in strict order it is refused before anything runs, and nothing is recorded", async () => {
    const { release, lines } = await lateOn(database());
    const error = await refusal(release.migrate({ strictVersionOrder: true }));
    expect({ code: error.code, message: error.message, exitCode: error.exitCode }).toEqual({
      code: "out_of_order",
      message: "repo main: 0_late is pending, but the newer 3 has already run",
      exitCode: 4,
    });
    expect(lines).toEqual([]);
    expect(await history(database())).toEqual(["1", "2", "3"]);
    expect(await database().tables()).toEqual(["one", "three", "two"]);
  });

  it("6, ours: strict order of the repo holds for every entry point, and one run can lift it", async () => {
    const { release } = await lateOn(database(), { strictVersionOrder: true });
    for (const run of [
      () => release.migrate(),
      () => release.migrate({ step: 1 }),
      () => release.migrateOnBoot(),
      () => release.plan(),
    ]) {
      expect((await refusal(run())).code).toBe("out_of_order");
    }
    expect(versions(await release.migrate({ strictVersionOrder: false }))).toEqual(["0"]);
  });
});
