import { expect, test } from "vitest";
import { defineRelease } from "../../src/index.ts";
import { testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const kinds = ["postgres", "pglite"] as const;

async function migrate(kind: (typeof kinds)[number], migrations: Record<string, string>) {
  const database = await testDatabase(kind);
  const { adapter } = database;
  const release = defineRelease({ app: "settings", repos: { main: { adapter, migrations } } });
  await release.using(recorder().world).migrate();
  return database;
}

test.each(kinds)(
  "on %s: what one migration sets reaches neither its history row nor the next",
  async (kind) => {
    const database = await migrate(kind, {
      // As pg_dump writes it: then no table is found without its schema.
      "1_dump":
        "SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE public.posts ();",
      "2_role": "SET ROLE pg_monitor;",
      "3_users": "CREATE TABLE users ();",
    });
    expect(await database.tables()).toEqual(["posts", "users"]);
    await database.dispose();
  },
);

test.each(kinds)("on %s: a migration may begin with the mode of its transaction", async (kind) => {
  const database = await migrate(kind, {
    "1_posts": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; CREATE TABLE posts ();",
  });
  expect(await database.tables()).toEqual(["posts"]);
  await database.dispose();
});
