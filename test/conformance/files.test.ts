/** Conformance 27, 28, 34, 35, 38, 48, 63: which files are migrations. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { defineRelease, type RepoConfig } from "slipway";
import { expect, it } from "vitest";
import { databaseKinds, type TestDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";
import { describeOn, history, refusal, versions } from "./support/release.ts";
import { createsTable, tableFiles, tree } from "./support/tree.ts";

function releaseIn(
  root: string,
  database: TestDatabase,
  options: Omit<RepoConfig, "adapter"> = {},
) {
  const { world, lines } = recorder();
  const main = { ...options, adapter: database.adapter };
  return { release: defineRelease({ app: "blog", root, repos: { main } }).using(world), lines };
}

describeOn(databaseKinds, (database) => {
  it("27: a file that does not start with a version is ignored", async () => {
    const root = tree({ "db/a_sample.ts": "throw new Error('it is loaded')" });
    const { release, lines } = releaseIn(root, database(), { migrations: "db" });
    expect(versions(await release.migrate())).toEqual([]);
    expect(lines).toEqual(["repo main: Migrations already up"]);
  });

  it("28: a file without a migration is refused before any other runs", async () => {
    const files = { ...tableFiles("db/12_fine.ts"), "db/13_sample.ts": "export const x = 1;" };
    const { release } = releaseIn(tree(files), database(), { migrations: "db" });
    const { code, message, exitCode } = await refusal(release.migrate());
    expect({ code, message, exitCode }).toEqual({
      code: "not_a_migration",
      message: "file db/13_sample.ts does not define a migration",
      exitCode: 2,
    });
    expect(await history(database())).toBeUndefined();
  });

  it("28, ours: an empty file is told as one", async () => {
    const { release } = releaseIn(tree({ "db/13_sample.ts": "\n" }), database(), {
      migrations: "db",
    });
    expect((await refusal(release.migrate())).message).toBe("file db/13_sample.ts: it is empty");
  });

  it("34: files in sub-folders are found", async () => {
    const root = tree(tableFiles("db/2021/13_hello.ts", "db/14_world.ts"));
    const { release } = releaseIn(root, database(), { migrations: "db" });
    expect(versions(await release.migrate())).toEqual(["13", "14"]);
  });

  it("35: several folders are merged and sorted", async () => {
    const root = tree(tableFiles("a/10_x.ts", "a/12_z.ts", "b/11_y.ts"));
    const { release } = releaseIn(root, database(), { migrations: ["a", "b"] });
    expect(versions(await release.migrate())).toEqual(["10", "11", "12"]);
  });

  it("35: folders given for one run take the place of the repo's", async () => {
    const root = tree(tableFiles("a/10_x.ts", "b/11_y.ts", "c/12_z.ts"));
    const { release } = releaseIn(root, database(), { migrations: "a" });
    expect(versions(await release.migrate({ migrationsPath: ["c", "b"] }))).toEqual(["11", "12"]);
  });

  it("38: what looks like a migration but has a wrong ending is ignored, with a warning", async () => {
    const root = tree({ ...tableFiles("db/12_fine.ts"), "db/13_sample.ex": "" });
    const { release, lines } = releaseIn(root, database(), { migrations: "db" });
    expect(versions(await release.migrate())).toEqual(["12"]);
    expect(lines[0]).toBe(
      "warning: repo main: db/13_sample.ex is not run as a migration: it ends in .ex, not in .ts, .mts, .js, .mjs, .cjs or .sql",
    );
  });

  it("48: the default folders are db/REPO/migrations and db/REPO/data_migrations", async () => {
    const root = tree(tableFiles("db/main/migrations/1_a.ts", "db/main/data_migrations/2_b.ts"));
    const { release } = releaseIn(root, database());
    expect(release.folders("main")).toEqual([join(root, "db/main/migrations")]);
    expect(release.folders("main", { data: true })).toEqual([
      join(root, "db/main/data_migrations"),
    ]);
    expect(versions(await release.migrate())).toEqual(["1"]);
    expect(versions(await release.migrateData())).toEqual(["2"]);
    expect(await history(database(), "data_migrations")).toEqual(["2"]);
  });

  it("48: another folder", async () => {
    const root = tree(tableFiles("priv/repo/1_a.ts"));
    const { release } = releaseIn(root, database(), { migrations: "priv/repo" });
    expect(release.folders("main")).toEqual([join(root, "priv/repo")]);
    expect(versions(await release.migrate())).toEqual(["1"]);
  });

  it("48: a folder that is not there is refused; one that is empty has nothing to do", async () => {
    const root = tree({});
    const { release } = releaseIn(root, database());
    expect((await refusal(release.migrate())).message).toBe(
      "repo main has no migrations folder db/main/migrations",
    );
    mkdirSync(join(root, "db/main/migrations"), { recursive: true });
    expect(versions(await release.migrate())).toEqual([]);
  });

  it("63: a syntax error in the second file: nothing ran", async () => {
    const root = tree({
      "db/1_fine.ts": createsTable("fine"),
      "db/2_broken.ts": "export default {",
    });
    const { release } = releaseIn(root, database(), { migrations: "db" });
    const { code, message } = await refusal(release.migrate());
    expect(code).toBe("migration_unloadable");
    expect(message).toMatch(/^file db\/2_broken\.ts cannot be loaded: /);
    expect(await history(database())).toBeUndefined();
    expect(await database().tables()).toEqual([]);
  });
});
