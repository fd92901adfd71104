/** What cannot be undone goes up, and going down is refused before anything runs. */
import { afterAll, describe, expect, test } from "vitest";
import { ReleaseError } from "../../src/core/model/errors.ts";
import { readCatalog } from "../support/catalog.ts";
import { apply } from "./apply.ts";
import { type IrreversibleCase, irreversible } from "./cases/irreversible.ts";
import { familyOf, placeNames } from "./families.ts";
import { openPlace, type Place } from "./places.ts";

for (const name of placeNames) {
  const place = await openPlace(name);
  describe.skipIf(place === undefined)(`on ${name}, nothing undoes`, () => {
    afterAll(() => place?.close());
    const able = irreversible.filter(({ on }) => on.includes(familyOf(name)));
    test.for(able)("$name", (operation) => upAndRefused(place!, operation));
  });
}

async function upAndRefused(place: Place, operation: IrreversibleCase): Promise<void> {
  const { session } = place;
  const { setup, change, operation: words, fix } = operation;
  // A line before it, which could be undone: nothing of the way back may run.
  const migration = {
    change: (m: Parameters<typeof change>[0]) => {
      change(m);
      m.createTable("later", (t) => t.id());
    },
  };
  const readFile = () => "CREATE VIEW titles AS SELECT title FROM posts";
  await place.empty();
  if (setup !== undefined) await apply(session, { migration: { up: setup } }, "up");
  await apply(session, { migration, readFile }, "up");
  const after = await readCatalog(session);
  const error = await apply(session, { migration, readFile }, "down").catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ReleaseError);
  const { code, message, hint, exitCode } = error as ReleaseError;
  expect({ code, message, hint, exitCode }).toEqual({
    code: "irreversible",
    message: `1_case.ts: cannot reverse migration operation: ${words}`,
    hint: `Write ${fix}, or write up(m) and down(m).`,
    exitCode: 4,
  });
  expect(await readCatalog(session)).toEqual(after);
}
