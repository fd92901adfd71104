/** A query that Kysely builds is an operation like any other SQL, with its parameters. */
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import type { MigrationBuilder } from "../../src/core/language/builder.ts";
import { apply } from "./apply.ts";
import { openPlace } from "./places.ts";

type Database = { settings: { key: string; value: string | null } };

const kysely = new Kysely<Database>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

describe.each(["postgres", "pglite"] as const)("on %s", async (name) => {
  const place = (await openPlace(name))!;
  afterAll(() => place.close());

  it("runs what Kysely compiles, data and schema", async () => {
    const { session } = place;
    const rows = () => session.query("SELECT key, value FROM settings ORDER BY key");
    const setup = () =>
      kysely.schema.createTable("settings").addColumn("key", "text").addColumn("value", "text");
    const change = {
      up: (m: MigrationBuilder) => {
        m.execute(setup());
        m.execute(
          kysely.insertInto("settings").values([
            { key: "a", value: "it's" },
            { key: "b", value: null },
          ]),
        );
        m.execute(kysely.updateTable("settings").set({ value: "z" }).where("key", "=", "b"));
      },
      down: (m: MigrationBuilder) => {
        m.execute(kysely.deleteFrom("settings").where("key", "in", ["a", "b"]));
      },
    };
    await place.empty();
    await apply(session, { migration: change }, "up");
    expect(await rows()).toEqual([
      { key: "a", value: "it's" },
      { key: "b", value: "z" },
    ]);
    await apply(session, { migration: change }, "down");
    expect(await rows()).toEqual([]);
  });

  it("is undone by the SQL that stands beside it", async () => {
    const { session } = place;
    await place.empty();
    await session.query("CREATE TABLE settings (key text, value text)");
    const migration = {
      change: (m: MigrationBuilder) =>
        m.execute(kysely.insertInto("settings").values({ key: "a", value: "b" }), {
          down: "DELETE FROM settings",
        }),
    };
    await apply(session, { migration }, "up");
    expect(await session.query("SELECT key FROM settings")).toEqual([{ key: "a" }]);
    await apply(session, { migration }, "down");
    expect(await session.query("SELECT key FROM settings")).toEqual([]);
  });
});
