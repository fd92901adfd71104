/** Spans of tenants, as a collector receives them: schemas of one database, and a file for each. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineMigration, defineRelease } from "slipway";
import { pglite } from "slipway/pglite";
import { sqlite } from "slipway/sqlite";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { tracedWork } from "../../src/engine/traced.ts";
import { type Receiver, treeOf } from "./otlp-receiver.ts";
import { startSdk } from "./sdk.ts";

let receiver: Receiver;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "slipway-tenants-"));
  receiver = await startSdk();
});
beforeEach(() => {
  receiver.spans.length = 0;
});
afterAll(async () => {
  await receiver.stop();
  expect(tracedWork.tenant.hasSubscribers).toBe(false);
  rmSync(folder, { recursive: true });
});

const names = ["acme", "bolt", "core"];
const silent = { emit: () => undefined };
const posts = defineMigration({ up: (m) => m.execute("create table posts (id integer)") });

function tenantSpans() {
  const spans = receiver.spans.filter(({ name }) => name.startsWith("tenant "));
  const parents = spans.map(({ parent }) => receiver.spans.find(({ id }) => id === parent)?.name);
  const results = spans.map(({ attributes, failed }) => [
    attributes["slipway.tenant"],
    attributes["slipway.tenant.result"],
    failed !== undefined,
  ]);
  return { spans, parents: [...new Set(parents)], results: results.toSorted() };
}

it("each schema has one under its repo, with its result and the calls of its driver", async () => {
  const schemas = names.map((name) => `create schema ${name};`).join("");
  const main = {
    adapter: pglite({ dataDir: join(folder, "main") }),
    migrations: {
      "1_schemas": { up: `${schemas} create table bolt.posts (id int)`, down: "select 1" },
    },
    tenantMigrations: { "10_posts": posts },
    tenants: { schemas: names },
  } as const;
  const release = defineRelease({ app: "blog", repos: { main } }).using(silent);
  await expect(release.migrate()).rejects.toThrow(/1 of 3 tenants|tenant bolt/);
  const { spans, parents, results } = tenantSpans();
  expect(results).toEqual([
    ["acme", "done", false],
    ["bolt", "failed", true],
    ["core", "done", false],
  ]);
  expect(parents).toEqual(["repo main"]);
  const [acme] = spans.filter(({ name }) => name === "tenant acme");
  expect(acme?.attributes).toMatchObject({
    "slipway.repo": "main",
    "slipway.direction": "up",
    "slipway.migrations": 1,
  });
  const below = receiver.spans.filter(({ parent }) => parent === acme?.id);
  expect(below.map(({ kind }) => kind)).toContain("client");
});

it("each file has one, and below it stands its run", async () => {
  const main = {
    adapter: sqlite({ path: join(folder, "main.db") }),
    migrations: {},
    tenantMigrations: { "10_posts": posts },
    tenants: {
      files: async () =>
        Object.fromEntries(names.map((name) => [name, join(folder, `${name}.db`)])),
    },
  } as const;
  const release = defineRelease({ app: "blog", repos: { main } }).using(silent);
  await release.migrate();
  const { parents, results } = tenantSpans();
  expect(results).toEqual(names.map((name) => [name, "migrated", false]));
  expect(parents).toEqual(["repo main"]);
  const internal = receiver.spans.filter(({ kind }) => kind === "internal");
  expect(treeOf(internal).join("\n")).toMatch(/tenant acme\n(?: {4,}.*\n)*? +migration 10 posts/);
});
