import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isReleaseError } from "../../src/core/model/errors.ts";
import { compareVersions } from "../../src/core/model/migration.ts";
import { record } from "../../src/core/plan/record.ts";
import type { SqlSyntax } from "../../src/core/sql/token.ts";
import { folders } from "../../src/engine/discovery/folders.ts";

const corpora = process.env.SLIPWAY_CORPORA;
if (!corpora)
  console.warn("real histories: skipped, set SLIPWAY_CORPORA to the folder that has them");

type Expected = {
  readonly name: string;
  readonly syntax: SqlSyntax;
  readonly count: number;
  /** Numbers that more than one migration has, which are then known by their ids. */
  readonly shared: number;
  /** Pairs of neighbours that a sort of the names would get wrong. */
  readonly neighbours: readonly (readonly [string, string])[];
  readonly warnings: readonly string[];
};

const none = { shared: 0, neighbours: [], warnings: [] };

const cases: readonly Expected[] = [
  { ...none, name: "authelia-postgres", syntax: "postgres", count: 26 },
  { ...none, name: "authelia-mysql", syntax: "mysql", count: 26 },
  { ...none, name: "atuin-client", syntax: "sqlite", count: 12 },
  {
    ...none,
    name: "supabase-storage",
    syntax: "postgres",
    count: 63,
    neighbours: [["0009-fix-search-function", "00010-search-files-search-function"]],
  },
  {
    ...none,
    name: "crates-io",
    syntax: "postgres",
    count: 285,
    neighbours: [
      ["2026-05-27-120000_add_username_to_users", "2026-05-27-120000-0000_semver_ord_v2_not_null"],
    ],
    warnings: [
      "crates-io/data_oauth_github.sql is not run as a migration: its name does not start with a version",
    ],
  },
  {
    ...none,
    name: "minder",
    syntax: "postgres",
    count: 117,
  },
  {
    ...none,
    name: "langfuse",
    syntax: "postgres",
    count: 434,
    shared: 6,
  },
  {
    ...none,
    name: "odd-platform",
    syntax: "postgres",
    count: 95,
    neighbours: [["V0_0_9__normalize_dataset_structure", "V0_0_10__add_counters"]],
  },
];

describe.skipIf(!corpora).each(cases)("$name", (expected) => {
  const root = corpora ?? "";
  const here = corpora !== undefined && existsSync(join(root, expected.name));
  const source = () => folders(expected.name, { repo: "main", root });

  test.skipIf(!here)("is listed whole and in order", async () => {
    const { files, warnings } = await source().list();
    const ids = files.map((file) => file.id);
    const numbers = files.map((file) => file.number ?? file.version);
    expect(ids).toHaveLength(expected.count);
    expect(new Set(files.map((file) => file.version)).size).toBe(expected.count);
    expect(numbers.toSorted(compareVersions)).toEqual(numbers);
    const same = [...Map.groupBy(files, (file) => file.number).entries()].filter(
      ([number]) => number !== undefined,
    );
    expect(same).toHaveLength(expected.shared);
    for (const [, shared] of same)
      expect(shared.map((file) => file.version)).toEqual(shared.map((file) => file.id));
    for (const [before, after] of expected.neighbours)
      expect(ids[ids.indexOf(after) - 1]).toBe(before);
    expect(warnings.map(({ message }) => message)).toEqual(expected.warnings);
  });

  test.skipIf(!here)("is read and recorded", async () => {
    const from = source();
    const { files } = await from.list();
    const refused: string[] = [];
    for (const file of files) {
      const { definition } = await from.load(file, expected.syntax);
      try {
        record(file, definition, {
          direction: "up",
          identifierLimit: undefined as never,
          defaults: {},
        });
      } catch (error) {
        if (!isReleaseError(error)) throw error;
        refused.push(file.id);
      }
    }
    expect(refused).toEqual([]);
  });

  const facts = join(root, "corpora.json");
  test.skipIf(!here || !existsSync(facts))("has the checkpoints where its facts say", async () => {
    const known = JSON.parse(await readFile(facts, "utf8")).corpora.find(
      (one: { name: string }) => one.name === expected.name,
    );
    const ids = (await source().list()).files.map((file) => file.id);
    expect(known.count).toBe(expected.count);
    for (const checkpoint of known.checkpoints)
      expect(ids[checkpoint.applied - 1]).toBe(checkpoint.id);
  });
});
