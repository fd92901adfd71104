/** Random lists of operations: whatever a migration does, going down leaves the catalog as it was. */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { Session } from "../../src/adapters/adapter.ts";
import type { Operation } from "../../src/core/language/operation.ts";
import { reverse } from "../../src/core/language/reverse.ts";
import { full } from "../faults/support/figures.ts";
import { readCatalog, withoutPositions } from "../support/catalog.ts";
import { dialects } from "./families.ts";
import { openPlace, type Place } from "./places.ts";
import { type RandomList, randomLists } from "./random/lists.ts";

/** The seed that a failure printed, to run the same lists again. */
const seed = process.env.SLIPWAY_TEST_SEED;

/** Each operation by itself is in `operation-cases.test.ts`; chance finds more in the full form. */
const count = full ? 2_000 : 200;

describe.each(["pglite", "sqlite"] as const)("on %s", async (name) => {
  const place = await openPlace(name);
  afterAll(() => place?.close());

  test(`up, down, up of ${count} lists`, { timeout: 900_000 }, async () => {
    const lists = randomLists(dialects[place!.family]);
    const options = { numRuns: count, ...(seed === undefined ? {} : { seed: Number(seed) }) };
    await fc.assert(
      fc.asyncProperty(lists, (list) => upDownUp(place!, list)),
      options,
    );
  });
});

async function upDownUp(
  { session, empty }: Place,
  { before, migration }: RandomList,
): Promise<void> {
  const down = migration.toReversed().flatMap(undo);
  await empty();
  await run(session, before);
  const start = await catalog(session);
  await run(session, migration);
  const after = await catalog(session);
  await run(session, down);
  expect(await catalog(session), "down leaves the catalog as it was").toEqual(start);
  await run(session, migration);
  expect(await catalog(session), "the second up gives what the first gave").toEqual(after);
}

function undo(op: Operation): readonly Operation[] {
  const reversed = reverse(op);
  if ("irreversible" in reversed) throw new Error(reversed.irreversible);
  return reversed;
}

async function catalog(session: Session) {
  return withoutPositions(await readCatalog(session));
}

async function run(session: Session, operations: readonly Operation[]): Promise<void> {
  const { dialect } = session;
  const statements = operations.flatMap((op) =>
    op.kind === "run" || op.kind === "safely" ? [] : dialect.compile(op),
  );
  await session.query(dialect.begin);
  try {
    await session.execute(statements);
    await session.query(dialect.commit);
  } catch (error) {
    await session.query(dialect.rollback);
    throw error;
  }
}
