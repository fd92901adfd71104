/** Two repos in one database know each other's migrations by their versions, unless one names a table of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineRelease, type MigrationsOption, type RepoConfig } from "slipway";
import { sqlite } from "slipway/sqlite";
import { afterEach, expect, it } from "vitest";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** What `migrate` warns of, and the migrations that ran. */
async function migrated(
  one: MigrationsOption,
  two: MigrationsOption,
  { path, ...options }: Partial<RepoConfig> & { readonly path?: string } = {},
) {
  const root = mkdtempSync(join(tmpdir(), "slipway-shared-"));
  roots.push(root);
  const adapter = (file: string) => sqlite({ path: join(root, file) });
  const heard: string[] = [];
  const release = defineRelease({
    app: "shop",
    root,
    repos: {
      one: { adapter: adapter("data"), migrations: one },
      two: { adapter: adapter(path ?? "data"), migrations: two, ...options },
    },
  }).using({
    emit: (event) => event.type === "warning" && heard.push(`${event.repo}: ${event.message}`),
    write: () => undefined,
  });
  const outcomes = await release.migrate();
  return { heard, ran: outcomes.map(({ migrations }) => migrations.length) };
}

const a = { "1_a": "CREATE TABLE a (id int);" };
const b = { "1_b": "CREATE TABLE b (id int);", "2_c": "CREATE TABLE c (id int);" };

it("warns where one version is two migrations", async () => {
  const again = { "1_a": a["1_a"], "2_d": "CREATE TABLE d (id int);" };
  expect((await migrated(again, { ...a, "2_c": b["2_c"] })).heard).toContain(
    "two: repos one and two are in one database and keep their history in one table, schema_migrations, which knows versions alone: where 2_d has run, 2_c never runs; give one of the two a separate historyTable",
  );
});

it("says nothing where versions differ, or the same migration has one", async () => {
  const { heard } = await migrated(a, { ...a, "2_c": b["2_c"] });
  expect(heard.filter((text) => text.includes("historyTable"))).toEqual([]);
});

it("says nothing where each has a table or a database of its own, and runs all", async () => {
  for (const options of [{ historyTable: "two_migrations" }, { path: "other" }]) {
    const { heard, ran } = await migrated(a, b, options);
    expect([heard, ran]).toEqual([[], [1, 2]]);
  }
});
