/** The two operations whose way back is documented to be nothing: going down leaves what they did. */
import { afterAll, describe, expect, test } from "vitest";
import type { MigrationBuilder } from "../../src/core/language/builder.ts";
import { readCatalog } from "../support/catalog.ts";
import { apply } from "./apply.ts";
import { users } from "./cases/setups.ts";
import { familyOf, placeNames } from "./families.ts";
import { openPlace } from "./places.ts";

type Body = (m: MigrationBuilder) => void;

const cases: readonly { readonly name: string; readonly setup: Body; readonly change: Body }[] = [
  {
    name: "a validated constraint stays validated",
    setup(m) {
      users(m);
      m.createConstraint("users", "positive", { check: "id > 0", validate: false });
    },
    change: (m) => m.validateConstraint("users", "positive"),
  },
  {
    name: 'SQL with down: "" leaves what it made',
    setup: users,
    change: (m) => m.execute("CREATE TABLE IF NOT EXISTS made (id integer)", { down: "" }),
  },
];

for (const name of placeNames.filter((place) => familyOf(place) === "postgres")) {
  describe(`on ${name}`, async () => {
    const place = await openPlace(name);
    afterAll(() => place?.close());
    test.for(cases)("$name", async ({ setup, change }) => {
      const { session, empty } = place!;
      await empty();
      await apply(session, { migration: { up: setup } }, "up");
      const before = await readCatalog(session);
      await apply(session, { migration: { change } }, "up");
      const after = await readCatalog(session);
      expect(after).not.toEqual(before);
      await apply(session, { migration: { change } }, "down");
      expect(await readCatalog(session)).toEqual(after);
      await apply(session, { migration: { change } }, "up");
      expect(await readCatalog(session)).toEqual(after);
    });
  });
}
