/** `tables`: for the DBA, from sources and from a built release alike. */
import { expect, it } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { main } from "../../src/cli/main.ts";
import { defineRelease } from "../../src/index.ts";

const nobody = () => {
  throw new Error("tables connects to nothing");
};

async function inside(...args: readonly string[]) {
  const release = defineRelease({
    app: "my_app",
    repos: {
      main: { adapter: postgres({ url: nobody }), migrations: {} },
      more: { adapter: mysql({ url: nobody }), migrations: {}, historyTable: "old_history" },
      side: { adapter: sqlite({ path: nobody }), migrations: {} },
    },
  });
  let text = "";
  const world = {
    write: (part: string) => {
      text += part;
    },
    tell: (part: string) => {
      text += part;
    },
    styled: false,
    env: {},
  };
  const door = { release: async () => release, built: true, world, commands, slipway: "0.0.0" };
  const code = await main(["tables", ...args], { ...door, name: "bin/my_app" });
  return { code, text };
}

it("lists every table of Slipway's own, of each repo", async () => {
  const own =
    "slipway_events, slipway_journal, slipway_schema, slipway_backfills, slipway_backfill_ranges, slipway_backfill_dead, data_migrations, slipway_lock";
  expect(await inside()).toEqual({
    code: 0,
    text: `repo main: schema_migrations, ${own}\n\nrepo more: old_history, ${own}\n\nrepo side: schema_migrations, ${own}\n`,
  });
});

it("prints what makes them and the rights of the three users, with names that are quoted", async () => {
  const { code, text } = await inside("main", "--sql", "--prefix", "app", "--reader", 'r"1');
  expect(code).toBe(0);
  const lines = text.split("\n");
  expect(lines[0]).toBe("-- repo main, on PostgreSQL: the tables of Slipway");
  expect(lines.filter((line) => line.startsWith("CREATE TABLE IF NOT EXISTS"))).toHaveLength(9);
  expect(lines.filter((line) => line.startsWith("GRANT "))).toEqual([
    'GRANT USAGE, CREATE ON SCHEMA "app" TO "migrator";',
    expect.stringMatching(
      /^GRANT SELECT, INSERT, UPDATE, DELETE ON "app"."schema_migrations", .* TO "migrator";$/,
    ),
    'GRANT USAGE ON SCHEMA "app" TO "app", "r""1";',
    'GRANT SELECT ON "app"."schema_migrations", "app"."data_migrations" TO "app";',
    expect.stringMatching(/^GRANT SELECT ON "app"."schema_migrations", .* TO "r""1";$/),
  ]);
});

it("knows the accounts of MySQL, and that SQLite has none", async () => {
  const more = await inside("more", "--sql", "--app", "web@10.0.0.%");
  expect(more.text).toContain("GRANT SELECT ON `old_history` TO 'web'@'10.0.0.%';");
  const side = await inside("side", "--sql");
  expect(side.text).toContain("-- SQLite has no users: ");
  expect(side.text).toContain("CREATE TABLE IF NOT EXISTS slipway_lock (");
});

it("refuses a repo that is not there", async () => {
  expect(await inside("nope")).toMatchObject({ code: 2 });
});
