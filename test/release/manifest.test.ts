/** Migrations that a release carries itself, in place of its folders. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { checksum } from "../../src/engine/checksum.ts";
import { defineMigration, defineRelease, type Manifest } from "../../src/index.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-manifest-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (load: () => unknown) => ({
  id: "1_create_posts",
  version: "1",
  name: "create_posts",
  origin: "db/main/migrations/1_create_posts.ts",
  checksum: `ts:${checksum("the text of the file")}`,
  load,
});

const createPosts = defineMigration({
  change: (m) => m.createTable("posts", (t) => t.id()),
});

function release(manifest: Manifest) {
  return defineRelease({
    app: "x",
    root: folder,
    manifest,
    repos: { main: { adapter: sqlite({ path: join(folder, "x.db") }) } },
  }).using({ emit: () => undefined, write: () => undefined });
}

const manifestOf = (load: () => unknown): Manifest => ({
  main: { migrations: [entry(load)], dataMigrations: [] },
});

describe("a release with a manifest", () => {
  it("loads a migration when it runs, and never again to look at it", async () => {
    let loads = 0;
    const counting = release(
      manifestOf(() => {
        loads++;
        return { default: createPosts };
      }),
    );
    expect((await counting.migrationStatus())[0]?.migrations).toMatchObject([{ status: "down" }]);
    expect(loads).toBe(0);
    await counting.migrate();
    expect(loads).toBe(1);

    const unloadable = release(
      manifestOf(() => {
        throw new Error("loaded");
      }),
    );
    expect((await unloadable.migrationStatus())[0]?.migrations).toMatchObject([{ status: "up" }]);
    await unloadable.migrate();
    await unloadable.assertMigrated();
    expect(await unloadable.verify()).toMatchObject([{ relation: "same" }]);
  });

  it("tells of the file where the migration was written", async () => {
    const broken = release(manifestOf(() => ({ default: {} })));
    await expect(broken.migrate()).rejects.toMatchObject({
      code: "migration_invalid",
      details: { origin: "db/main/migrations/1_create_posts.ts" },
    });
  });

  it("reads the folders again with an empty one, and says where they would be", async () => {
    const carried = release(manifestOf(() => createPosts));
    expect(carried.folders("main")).toEqual([join(folder, "db/main/migrations")]);
    await expect(carried.using({ manifest: {} }).migrate()).rejects.toMatchObject({
      code: "folder_missing",
    });
  });

  it.each([
    ["a repo that the release does not have", { other: { migrations: [] } }, "repo_unknown"],
    ["a lane that there is not", { main: { migration: [] } }, "option_unknown"],
    ["a folder in place of migrations", { main: { migrations: "db" } }, "option_invalid"],
  ])("refuses %s, when it is defined and when it is changed", (_, manifest, code) => {
    const made = () => release(manifest as never);
    expect(made).toThrow(expect.objectContaining({ code }));
    expect(() => release({}).using({ manifest: manifest as never })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
