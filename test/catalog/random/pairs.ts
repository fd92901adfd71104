/** What a difference of texts is tried with: the code that is written for it, run by a release. */
import { defineRelease, type MigrationBuilder, sql } from "slipway";
import { onTestFailed } from "vitest";
import type { Adapter } from "../../../src/adapters/adapter.ts";
import { operationCode } from "../../../src/cli/templates/operation-code.ts";
import type { SchemaCatalog } from "../../../src/core/catalog/catalog.ts";
import type { CatalogAccess } from "../../../src/core/catalog/catalog-access.ts";
import { writtenIn } from "../../../src/core/difference/written/difference.ts";
import { writtenParts } from "../../../src/core/difference/written/parts.ts";
import type { WrittenWords } from "../../../src/core/difference/written/words.ts";
import { full } from "../../faults/support/figures.ts";
import { seedOf } from "../../support/random.ts";

export type Ends = {
  readonly from: SchemaCatalog;
  readonly to: SchemaCatalog;
  readonly words: WrittenWords;
};

/** The code of each migration that makes of `from` the other. */
export function codeOf(ends: Ends): readonly string[] {
  return writtenParts(ends).map(({ lines }) =>
    lines.map(({ operation }) => operationCode(operation)).join("\n"),
  );
}

/** A release that runs the code, and nothing of it is told. */
export function releaseOf(adapter: Adapter, codes: readonly string[]) {
  const migrations = Object.fromEntries(
    codes.map((code, i) => {
      const record = new Function("m", "sql", code);
      const change = (m: MigrationBuilder): void => void record(m, sql);
      return [`${i + 1}_part`, { change }];
    }),
  );
  return defineRelease({ app: "pairs", repos: { main: { adapter, migrations } } }).using({
    write: () => undefined,
    emit: () => undefined,
  });
}

/** The schema without what Slipway makes for itself. */
export async function readOn(adapter: Adapter, access: CatalogAccess): Promise<SchemaCatalog> {
  const session = await adapter.open({ role: "work", application: "pairs" });
  try {
    const { objects, leftOut } = await access.read((text) => session.query(text));
    const own = objects.filter(({ id }) => !/[ .](slipway_|schema_migrations)/.test(id));
    return { objects: own, leftOut };
  } finally {
    await session.close();
  }
}

/** Each object in one spelling. */
export function settledOf(catalog: SchemaCatalog, words: WrittenWords) {
  return Object.fromEntries(
    [...writtenIn(catalog).values()].map((object) => [object.id, words.settled(object)]),
  );
}

/** The parts in which two are not the same, as text; empty where they are. */
export function differing(one: object, other: object): string {
  const [a, b] = [Object.entries(one), Object.entries(other)].map(
    (entries) => new Map(entries.map(([key, value]) => [key, JSON.stringify(value)])),
  ) as [Map<string, string>, Map<string, string>];
  const keys = [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key));
  return keys.map((key) => `${key}: ${a.get(key)}\n  and not ${b.get(key)}`).join("\n");
}

/**
 * How many pairs a database gets in a run of all tests: 300 in sum, most where one is cheap. `written` are those of
 * PostgreSQL whose files are written in their safe forms and run by a release.
 */
const shares = { postgres: 50, written: 20, pglite: 40, mariadb: 40, sqlite: 150 } as const;

/** How many pairs are tried. `npm run faults` tries 2,000 on each database; `SLIPWAY_TEST_PAIRS` says another number. */
export function pairsOn(database: keyof typeof shares): number {
  return Number(process.env.SLIPWAY_TEST_PAIRS ?? (full ? 2_000 : shares[database]));
}

/** A run of all tests takes the same pairs each time; the full form, and one with `SLIPWAY_SEED`, draws others. */
export const isDrawn = full || process.env.SLIPWAY_SEED !== undefined;

/** Seeds of pairs. That of the pair at work is printed when the test fails, also by its time or while a database goes. */
export function pairSeeds(title: string): (pair: number) => number {
  const first = isDrawn ? seedOf(title) : 1;
  let seed = first;
  onTestFailed(() => console.error(`${title}: SLIPWAY_SEED=${seed} SLIPWAY_TEST_PAIRS=1`));
  return (pair) => {
    seed = first + pair;
    return seed;
  };
}
