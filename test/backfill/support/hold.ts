/** A backfill that a throttle holds, on a server of the test's own. */
import { expect } from "vitest";
import type { Adapter } from "../../../src/adapters/adapter.ts";
import { defineBackfill, sql, type Throttle } from "../../../src/index.ts";
import { releaseOn } from "../../conformance/support/release.ts";

/** What a test has of a database. */
export type Place = {
  readonly adapter: Adapter;
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
};

/** More than a held backfill may touch. */
export const rows = 3_000;

/** A backfill of the table `numbers` in batches of a hundred, held by a throttle that is asked ten times a second. */
export function counting(place: Place, throttle: Throttle, { pauseMs = 150 } = {}) {
  const backfill = defineBackfill({
    ...{ table: "numbers", key: "id", set: { n: sql`n + 1` } },
    // Slow enough to be seen in the middle: some signals tell something from their second reading on.
    ...{ batchSize: 100, maxBatchSize: 100, pauseMs },
    throttle: { checkEveryMs: 100, ...throttle },
  });
  const { release, events } = releaseOn(place, {}, { dataMigrations: { "1_count": backfill } });
  /** Why it holds now, or that it does not. */
  const held = (): string | undefined => {
    const last = events.findLast((event) => event.type === "backfill_held");
    return last?.type === "backfill_held" ? last.reason : undefined;
  };
  const everHeld = () => events.some((event) => event.type === "backfill_held");
  return { release, held, everHeld };
}

/** Waits for something that comes by itself. */
export async function until<Found>(
  find: () => Found | Promise<Found>,
): Promise<Exclude<Found, undefined | false>> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(20)) {
    const found = await find();
    if (found !== undefined && found !== false) return found as Exclude<Found, undefined | false>;
  }
  throw new Error(`it never came: ${find}`);
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** How many rows were changed once; throws when one was changed twice. */
export async function counted(place: Place): Promise<number> {
  const [row] = await place.query(
    "select sum(case when n = 1 then 1 else 0 end) as once, sum(case when n > 1 then 1 else 0 end) as twice from numbers",
  );
  expect(Number(row?.twice)).toBe(0);
  return Number(row?.once);
}

/** Expects that it holds for this reason, that no row changes meanwhile, and gives the reason. */
export async function holding(
  place: Place,
  held: () => string | undefined,
  reason: RegExp,
): Promise<string> {
  const words = await until(() => held());
  expect(words).toMatch(reason);
  const before = await counted(place);
  await pause(600);
  expect(held()).toMatch(reason);
  expect([before < rows, await counted(place)]).toEqual([true, before]);
  return words;
}
