/** An older image takes the database back to what it knows, by plans that it does not have. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { readCatalog } from "../support/catalog.ts";
import { freshDatabase } from "../support/postgres.ts";
import { figuresOf } from "./support/figures.ts";
import { type ChildSettings, run } from "./support/start.ts";

const figures = figuresOf("rollback from an older image");

type Place = {
  readonly kind: "postgres" | "sqlite";
  readonly address: string;
  readonly adapter: Adapter;
  dispose(): Promise<void>;
};

async function onPostgres(): Promise<Place> {
  const { url, drop } = await freshDatabase();
  return { kind: "postgres", address: url, adapter: postgres({ url }), dispose: drop };
}

async function onSqlite(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-older-"));
  const path = join(folder, "test.db");
  const dispose = async () => rmSync(folder, { recursive: true });
  return { kind: "sqlite", address: path, adapter: sqlite({ path }), dispose };
}

describe.each([
  ["postgres", onPostgres],
  ["sqlite", onSqlite],
] as const)("on %s", (kind, open) => {
  it("release 1 takes the database from 4 migrations back to its own", async () => {
    const place = await open();
    const image = (version: string): ChildSettings => ({
      kind: place.kind,
      address: place.address,
      scenario: version === "1" ? "older" : kind === "sqlite" ? "newerPlain" : "newer",
      version,
    });
    expect(await run(image("1"), ["migrate"])).toMatchObject({ code: 0 });
    const before = await catalogOf(place.adapter);
    expect(await run(image("2"), ["migrate"])).toMatchObject({ code: 0 });
    expect(await catalogOf(place.adapter)).not.toEqual(before);
    const status = await run(image("1"), ["status"]);
    expect(status.stdout).toMatch(/not in this release/);
    const back = await run(image("1"), ["rollback", "main", "2", "--yes"]);
    expect(back.stderr).toContain("is rolled back by the plan that the history keeps");
    figures.must(`${kind}: exit code`, back.code ?? -1, 0);
    const after = await catalogOf(place.adapter);
    expect(after).toEqual(before);
    const same = JSON.stringify(after) === JSON.stringify(before) ? "as before" : "another";
    figures.must(`${kind}: catalog after it`, same, "as before");
    const left = await run(image("1"), ["migrate"]);
    expect(left.stderr).toContain("Migrations already up");
    expect(await run(image("2"), ["migrate"])).toMatchObject({ code: 0 });
    await place.dispose();
  });
});

/** Everything but the tables of Slipway's own, of which the journal comes with the first index. */
async function catalogOf(adapter: Adapter): Promise<unknown> {
  const session = await adapter.open({ role: "work", application: "test" });
  try {
    const catalog = await readCatalog(session);
    const own = Object.entries(catalog).filter(([object]) => !object.includes("slipway_"));
    return own.sort(([one], [two]) => (one < two ? -1 : 1));
  } finally {
    await session.close();
  }
}
