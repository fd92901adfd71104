/** Histories whose versions repeat, or are no numbers that a bigint holds: each migration is known by its whole id. */
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defineRelease } from "slipway";
import { afterEach, describe, expect, it } from "vitest";
import { versionNumber } from "../../src/core/model/version-key.ts";
import { refused } from "../release/refuses.ts";
import { databaseKinds, type TestDatabase, testDatabase } from "../support/databases.ts";

let folder = "";
let database: TestDatabase | undefined;
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database?.dispose();
});

async function release(kind: (typeof databaseKinds)[number], names: readonly string[]) {
  database = await testDatabase(kind);
  folder = mkdtempSync(join(tmpdir(), "slipway-repeated-"));
  for (const name of names) write(name);
  const repos = { main: { adapter: database.adapter, migrations: "m" } };
  const world = { emit: () => undefined, write: () => undefined };
  return defineRelease({ app: "blog", root: folder, repos }).using(world);
}

function write(name: string) {
  const path = join(folder, "m", `${name}.sql`);
  mkdirSync(dirname(path), { recursive: true });
  const table = name.replace(/\W/g, "_");
  writeFileSync(
    path,
    `-- migrate:up\ncreate table t_${table} (id int);\n-- migrate:down\ndrop table t_${table};\n`,
  );
}

const rows = async (of: Awaited<ReturnType<typeof release>>) => {
  const [status] = await of.migrationStatus();
  return status?.migrations.map((row) => [row.status, row.version]);
};

describe.each(databaseKinds)("versions that repeat, on %s", (kind) => {
  it("are said once where one fails", async () => {
    const of = await release(kind, ["2_b"]);
    writeFileSync(join(folder, "m", "2_c.sql"), "insert into nowhere values (1);");
    await expect(of.migrate()).rejects.toThrow("repo main: 2_c failed going up");
  });

  it("all run, in the order of their ids, and are rolled back one by one", async () => {
    const of = await release(kind, ["1_a", "2_c", "2_b", "3_d"]);
    const [outcome] = await of.migrate();
    const ids = ["1", "2_b", "2_c", "3"];
    expect(outcome?.migrations.map(({ version }) => version)).toEqual(ids);
    expect(await rows(of)).toEqual(ids.map((id) => ["up", id]));
    expect((await of.migrate())[0]?.migrations).toEqual([]);
    await of.rollback("main", "2_c");
    expect(await rows(of)).toEqual([
      ["up", "1"],
      ["up", "2_b"],
      ["down", "2_c"],
      ["down", "3"],
    ]);
    const [{ events = [] } = {}] = await of.history({ limit: 1 });
    expect(events.map(({ version, result }) => [version, result])).toEqual([
      ["2_c", "rolled_back"],
    ]);
    await of.migrate();
    expect(await rows(of)).toEqual(ids.map((id) => ["up", id]));
  });

  it("are still known when another with the number comes, or goes", async () => {
    const of = await release(kind, ["1_a", "2_c"]);
    await of.migrate();
    write("2_b");
    expect(await rows(of)).toEqual([
      ["up", "1"],
      ["down", "2_b"],
      ["up", "2_c"],
    ]);
    await of.migrate();
    await of.rollback("main", "2_c");
    expect(await rows(of)).toEqual([
      ["up", "1"],
      ["up", "2_b"],
      ["down", "2_c"],
    ]);
    unlinkSync(join(folder, "m", "2_c.sql"));
    expect(await rows(of)).toEqual([
      ["up", "1"],
      ["up", "2"],
    ]);
    await of.rollback("main", 2);
    expect(await rows(of)).toEqual([
      ["up", "1"],
      ["down", "2"],
    ]);
  });

  it("ask which one is meant", async () => {
    const of = await release(kind, ["2_b", "2_c"]);
    await of.migrate();
    expect(await refused(() => of.rollback("main", 2))).toEqual([
      "version_ambiguous",
      "repo main: 2 migrations start with 2",
      "Name one of them: 2_b, 2_c",
      2,
    ]);
    expect((await refused(() => of.migrate({ to: "2_x" })))[0]).toBe("version_unknown");
  });

  it("may be larger than any bigint", async () => {
    const id = "20240101000000123456_a";
    const of = await release(kind, [id]);
    await of.migrate();
    expect(await rows(of)).toEqual([["up", id]]);
    await of.rollback("main", id);
    expect(await rows(of)).toEqual([["down", id]]);
  });
});

it("keeps equal names, which many histories have", async () => {
  const of = await release("sqlite", ["1_update_indexes", "2_update_indexes"]);
  expect(await of.migrate().catch(String)).not.toBeTypeOf("string");
});

it("makes a negative number of an id, and leaves numbers alone", () => {
  expect(versionNumber("20240101000000")).toBe("20240101000000");
  const made = ["2_b", "2_c", "0.27/00__x"].map(versionNumber);
  expect(new Set(made).size).toBe(3);
  for (const number of made) {
    expect(BigInt(number)).toBeLessThan(0n);
    expect(BigInt.asIntN(64, BigInt(number))).toBe(BigInt(number));
  }
});
