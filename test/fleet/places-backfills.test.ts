/** Backfills of tenants that have a file each: summed up, listed one by one, and commanded by the tenant's name. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { backfillList } from "../../src/cli/backfill-text.ts";
import { defineBackfill, sql } from "../../src/index.ts";
import { failing, firstTwo, placesRelease } from "./places-support.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-places-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fill = defineBackfill({
  ...{ table: "posts", key: "id", batchSize: 2, maxFailures: 0 },
  each: (row) => {
    if (row.title === "bad") throw new Error("no good");
    return { body: String(row.title) };
  },
  columns: ["title"],
});
const again = defineBackfill({ table: "posts", key: "id", set: { body: sql`body || '!'` } });

const at = (name: string) => join(folder, `${name}.db`);

async function run(name: string, text: string) {
  const session = await sqlite({ path: at(name) }).open({ role: "work", application: "test" });
  try {
    return await session.query(text);
  } finally {
    await session.close();
  }
}

/** Three tenants with two posts each, of which `bolt` has one that fails. */
async function failed() {
  const files = Object.fromEntries(["acme", "bolt", "core"].map((name) => [name, at(name)]));
  const more = { tenantDataMigrations: { "20_fill": fill, "21_again": again } };
  const made = placesRelease(sqlite({ path: at("shared") }), { files }, firstTwo, more);
  await made.release.migrate();
  for (const name of ["acme", "bolt", "core"])
    await run(name, `INSERT INTO posts (title) VALUES ('a'), ('${name === "bolt" ? "bad" : "b"}')`);
  await failing(made.release.migrateData());
  return { ...made, files };
}

it("are summed up by version, with the state that somebody has to look at", async () => {
  const { release } = await failed();
  const [first, second, ...more] = await release.backfills.list();
  expect(more).toEqual([]);
  expect(first).toMatchObject({
    ...{ repo: "main", version: "20", state: "failed", tenants: { finished: 2, failed: 1 } },
    ...{ rowsChanged: 5, rowsDead: 1, rowsExpected: 6 },
  });
  expect(second).toMatchObject({ version: "21", state: "finished", tenants: { finished: 2 } });
  const { idleMs: _, ...shown } = await release.backfills.show(20);
  expect({ ...first, dead: [] }).toMatchObject(shown);
  expect(backfillList([first!]).split("\n")[1]).toMatch(
    /^main {2}20 {7}fill \(tenants\) {2}failed {2}2 of 3 tenants {2}1 /,
  );
});

it("are listed one by one, of all tenants or of one", async () => {
  const { release } = await failed();
  const listed = await release.backfills.list({ tenants: true });
  expect(listed.map(({ tenant, version, state }) => [tenant, version, state])).toEqual([
    ...[
      ["acme", "20", "finished"],
      ["acme", "21", "finished"],
      ["bolt", "20", "failed"],
    ],
    ...[
      ["core", "20", "finished"],
      ["core", "21", "finished"],
    ],
  ]);
  expect(backfillList(listed)).toContain("fill (bolt)");
  const { idleMs: _, ...bolt } = listed[2]!;
  const one = await release.backfills.list({ tenant: "bolt" });
  expect(one).toMatchObject([bolt]);
  expect(await failing(release.backfills.list({ tenant: "nobody" }))).toMatchObject({
    code: "tenants_unknown",
  });
});

it("are shown, retried and continued by the name of the tenant", async () => {
  const { release } = await failed();
  const shown = await release.backfills.show(20, { tenant: "bolt" });
  expect(shown).toMatchObject({ state: "failed", dead: [{ key: ["2"], error: "no good" }] });
  await run("bolt", "UPDATE posts SET title = 'good' WHERE title = 'bad'");
  await release.backfills.retryDead(20, { tenant: "bolt" });
  expect(await release.backfills.show(20, { tenant: "bolt" })).toMatchObject({ state: "finished" });
  expect(await run("bolt", "SELECT body FROM posts ORDER BY id")).toEqual([
    ...[{ body: "a" }, { body: "good" }],
  ]);
  await release.migrateData();
  expect(await release.backfills.list()).toMatchObject([
    ...[
      { version: "20", state: "finished", tenants: { finished: 3 } },
      { version: "21", state: "finished", tenants: { finished: 3 } },
    ],
  ]);
});

it("are paused and resumed for one tenant, and all at once only by its name", async () => {
  const { release } = await failed();
  await release.backfills.cancel(20, { tenant: "bolt" });
  expect(await release.backfills.show(20, { tenant: "bolt" })).toMatchObject({
    state: "cancelled",
  });
  expect(await failing(release.backfills.pause(20))).toMatchObject({
    ...{ code: "usage_invalid", exitCode: 2 },
    message: "20 is a backfill of the tenants of repo main, and each keeps its own",
    hint: "Name the tenant with --tenant, or run all of them: slipway migrate-data --repo main --tenants-only",
  });
  expect(await failing(release.backfills.work(20))).toMatchObject({ code: "usage_invalid" });
  expect(await failing(release.backfills.show(99))).toMatchObject({ code: "backfill_unknown" });
});

it("say which tenants are missing in the sums", async () => {
  const { release, heard } = await failed();
  await writeFile(at("acme"), "this is no database, and long enough to be read as one".repeat(20));
  expect(await release.backfills.list()).toMatchObject([
    ...[
      { version: "20", tenants: { finished: 1, failed: 1 } },
      { version: "21", tenants: { finished: 1 } },
    ],
  ]);
  expect(heard.events.filter(({ type }) => type === "warning").at(-1)).toMatchObject({
    ...{ code: "tenants_unread", details: { unreachable: [{ tenant: "acme" }] } },
  });
});
