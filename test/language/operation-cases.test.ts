/** Every operation with every option, up, down and up again, on every database that can do it. */
import { afterAll, describe, expect, test } from "vitest";
import { UnsupportedOperation } from "../../src/core/language/dialect.ts";
import { readCatalog, withoutPositions } from "../support/catalog.ts";
import { type Applied, apply } from "./apply.ts";
import { chapters } from "./cases/index.ts";
import type { OperationCase } from "./cases/operation-case.ts";
import { compileCase } from "./compile-case.ts";
import { dialects, type Family, familyOf, placeNames } from "./families.ts";
import { openPlace, type Place } from "./places.ts";

const cases = chapters.flatMap((chapter) => chapter.cases);

for (const name of placeNames) {
  const place = await openPlace(name);
  describe.skipIf(place === undefined)(`on ${name}`, () => {
    afterAll(() => place?.close());
    const able = cases.filter(({ on }) => on === undefined || on.includes(familyOf(name)));
    test.for(able)("$name", async (operation, { skip }) => {
      const reason = operation.except?.[name];
      if (reason !== undefined) skip(reason);
      await upDownUp(place!, operation);
    });
  });
}

async function upDownUp(place: Place, operation: OperationCase): Promise<void> {
  const { session } = place;
  const { setup, defaults, files = {}, movesColumns } = operation;
  const migration: Applied = { migration: operation, defaults, readFile: (path) => files[path] };
  await place.empty();
  if (setup !== undefined) await apply(session, { migration: { up: setup } }, "up");
  const read = async () => {
    const catalog = await readCatalog(session);
    return movesColumns ? withoutPositions(catalog) : catalog;
  };
  const before = await read();
  await apply(session, migration, "up");
  const after = await read();
  expect(after, "up does nothing that can be seen").not.toEqual(before);
  await apply(session, migration, "down");
  expect(await read(), "down leaves the catalog as it was").toEqual(before);
  await apply(session, migration, "up");
  expect(await read(), "the second up gives what the first gave").toEqual(after);
}

describe.each(Object.entries(dialects))("%s refuses by name", (family, dialect) => {
  const unable = cases.filter(({ on, ownSql }) => on && !ownSql && !on.includes(family as Family));
  test.for(unable)("$name", (operation) => {
    const refusal =
      catching(() => compileCase(operation, "up", dialect)) ??
      catching(() => compileCase(operation, "down", dialect));
    expect(refusal).toBeInstanceOf(UnsupportedOperation);
    expect(refusal).toMatchObject({ hint: expect.stringMatching(/\.$/) });
  });
});

function catching(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
