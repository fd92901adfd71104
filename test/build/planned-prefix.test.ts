/** A prefix that is put into a plan of a release is put in as it is. */
import { expect, it } from "vitest";
import { plannedManifest } from "../../src/built/planned-lane.ts";
import { prefixMark } from "../../src/core/plan/planned-release.ts";

it.each(["shop", "shop$$eu", "shop$eu", "a$&b"])("%s", async (prefix) => {
  const file = { id: "1_a", version: "1", name: "a", origin: "m/1_a.ts" };
  const plan = (sql: string) =>
    ({
      meaning: {},
      touches: {},
      phase: "before",
      checksum: "c",
      up: { actions: [{ kind: "statements", words: "a", statements: [{ sql }] }] },
      down: { refused: { code: "irreversible", details: {} } },
    }) as never;
  const manifest = plannedManifest({ main: { migrations: [file], dataMigrations: [] } } as never, {
    plans: () =>
      ({
        compiledFor: { main: { dialect: "postgres", defaults: {} } },
        plans: { main: { migrations: { "1_a": plan('CREATE TABLE "a" ()') } } },
      }) as never,
    prefixed: () =>
      ({
        main: { migrations: { "1_a": plan(`CREATE TABLE "${prefixMark}"."a" ()`) } },
      }) as never,
    checksums: () => ({ main: { migrations: { "1_a": "c" } } }),
    modules: () => ({}),
  });
  const { source } = (manifest.main?.migrations ?? {}) as never as {
    source: { load: (one: unknown) => Promise<{ planned: (given: unknown) => unknown }> };
  };
  const { planned } = await source.load(file);
  const given = { dialect: { name: "postgres" }, defaults: {}, prefix };
  if (prefix.includes("&")) {
    expect(() => planned(given)).toThrow(/prefix/);
    return;
  }
  expect(JSON.stringify(planned(given))).toContain(
    JSON.stringify(`CREATE TABLE "${prefix}"."a" ()`).slice(1, -1),
  );
});
