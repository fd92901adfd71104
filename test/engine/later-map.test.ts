/** Migrations whose names are known before the rest is read. */
import { describe, expect, it } from "vitest";
import type { MapEntry } from "../../src/engine/discovery/map.ts";
import { sourceOf } from "../../src/release/source.ts";

const file = {
  id: "20210702012346_create_users",
  version: "20210702012346",
  name: "create_users",
  origin: "db/main/migrations/20210702012346_create_users.sql",
};
const entry: MapEntry = { ...file, load: "CREATE TABLE users (id int)", checksum: "sql:1" };
const options = { repo: "main", root: "/", mayBeMissing: false };

function later(entries: () => Promise<readonly MapEntry[]>) {
  let reads = 0;
  const counted = () => {
    reads += 1;
    return entries();
  };
  return { source: sourceOf({ files: [file], entries: counted }, options), reads: () => reads };
}

describe("a list of names with entries behind it", () => {
  it("is listed without reading an entry", async () => {
    const { source, reads } = later(async () => [entry]);
    expect(await source.list()).toEqual({ files: [file], warnings: [] });
    expect(reads()).toBe(0);
  });

  it("reads the entries once for all that is asked of them", async () => {
    const { source, reads } = later(async () => [entry]);
    expect(await source.checksum(file)).toBe("sql:1");
    expect(await source.load(file, "postgres")).toMatchObject({ file });
    expect(reads()).toBe(1);
  });

  it("names the migration that was wanted when the entries cannot be read", async () => {
    const { source } = later(() => Promise.reject(new Error("the disk is gone")));
    await expect(source.load(file, "postgres")).rejects.toMatchObject({
      code: "migration_unloadable",
      message: expect.stringContaining(`${file.origin} cannot be loaded: the disk is gone`),
    });
  });
});
