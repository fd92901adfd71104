/** The migrations that are written for two schemas of PostgreSQL, run by a release: there, and back. */
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { postgresCatalog } from "../../src/adapters/postgres/catalog/postgres-catalog.ts";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { operationCode } from "../../src/cli/templates/operation-code.ts";
import type { SchemaCatalog } from "../../src/core/catalog/catalog.ts";
import { catalogChanges, changeLines } from "../../src/core/catalog/changes.ts";
import { difference } from "../../src/core/difference/difference.ts";
import { refusedChanges } from "../../src/core/difference/refused.ts";
import { safeParts } from "../../src/core/difference/safe-parts.ts";
import { freshDatabase } from "../support/postgres.ts";
import { chanceOf } from "../support/random.ts";
import { isDrawn, pairSeeds, pairsOn, readOn, releaseOf } from "./random/pairs.ts";
import { emptiedPostgres, randomPostgresSchema } from "./random/postgres.ts";

/**
 * What went too late or was refused: a view on one that is made anew, what a new type is computed of, a part of an
 * index, a partition that is NOT NULL before its parent.
 */
const failedOnce: readonly number[] = [
  20, 147_750_174, 625_712_674, 610_892_334, 437_553_893, 764_511_746, 1_433_400_521,
];
const pairs = pairsOn("written");

it(`${pairs} pairs of schemas as they are written, there and back`, {
  timeout: pairs > 200 ? 7_200_000 : 240_000,
}, async () => {
  const database = await freshDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await database.drop();
  });
  const adapter = postgres({ url: database.url });
  const read = () => readOn(adapter, postgresCatalog);
  const make = async (statements: readonly string[]): Promise<SchemaCatalog> => {
    for (const sql of [emptiedPostgres, ...statements])
      await client.query(sql).catch(() => undefined);
    return read();
  };
  const seedOfPair = pairSeeds("written difference");
  let changed = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const seed = isDrawn ? seedOfPair(pair) : (failedOnce[pair] ?? pair);
    const chance = chanceOf(seed);
    const more = chanceOf(~seed);
    const [first, second] = [
      randomPostgresSchema(chance, more),
      randomPostgresSchema(chance, more),
    ];
    const to = await make(second);
    const from = await make(first);
    if (refusedChanges({ from, to }).length > 0) continue;
    let codes: readonly string[] = [];
    try {
      const words = postgresCatalog.words!;
      const steps = difference({ from, to, words, compile: postgresDialect.compile });
      codes = safeParts(steps, { from, to, words }).map(({ lines }) =>
        lines.map(({ operation }) => operationCode(operation)).join("\n"),
      );
      changed += codes.length;
      const release = releaseOf(adapter, codes);
      await release.migrate();
      expect(changeLines(catalogChanges(to, await read())).join("\n"), "there").toBe("");
      if (codes.length > 0) await release.rollback("main", { all: true });
      expect(changeLines(catalogChanges(from, await read())).join("\n"), "and back").toBe("");
    } catch (error) {
      const { message, cause } = error as Error;
      throw new Error(
        `SLIPWAY_SEED=${seed} SLIPWAY_TEST_PAIRS=1: ${message} ${cause ?? ""}\n${codes.join("\n---\n")}`,
      );
    }
  }
  expect(changed).toBeGreaterThan(0);
});
