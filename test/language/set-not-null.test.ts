/** The ways to NOT NULL of old and new servers end alike. */
import { afterAll, expect, it } from "vitest";
import { postgresDialectOf } from "../../src/adapters/postgres/dialect.ts";
import { readCatalog } from "../support/catalog.ts";
import { openPlace } from "./places.ts";

const place = (await openPlace("postgres"))!;
afterAll(() => place.close());

it.each([undefined, 15, 18])("on a server of version %s", async (major) => {
  const { session } = place;
  const form = {
    form: "set_not_null",
    table: { name: "posts" },
    column: "title",
    proof: "posts_title_not_null",
  } as const;
  const make = async () => {
    await place.empty();
    await session.query("create table posts (id int primary key, title text)");
  };
  await make();
  await session.query("alter table posts alter title set not null");
  const plain = await readCatalog(session);

  await make();
  const dialect = postgresDialectOf(major);
  const parts = dialect.safely(form);
  expect(parts).toHaveLength(major === 18 ? 2 : 3);
  for (const { operations = [] } of parts)
    for (const op of operations) await session.execute(dialect.compile(op));
  expect(await readCatalog(session)).toEqual(plain);
});
