import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AppliedMigration, MigrationFile } from "../../src/core/model/migration.ts";
import { underFiles } from "../../src/core/model/version-key.ts";
import { folders } from "../../src/engine/discovery/folders.ts";
import { nameInFolder } from "../../src/engine/discovery/foreign-name.ts";
import { migrationName } from "../../src/engine/discovery/migration-name.ts";
import type { Source } from "../../src/engine/discovery/source.ts";
import { named, recorded, refusal, source, tree } from "./migration-tree.ts";

async function ids(from: Source): Promise<readonly string[]> {
  return (await from.list()).files.map((file) => `${file.version} ${file.name}`);
}

test("a baseline among modules of another tool comes behind what it stands for, whatever their order", async () => {
  const root = tree(
    named(
      "m/20240101000000_a.js",
      "m/20240202000000_b.js",
      "m/20240303000000_c.js",
      "m/B20240202000000__base.sql",
    ),
  );
  for (const order of ["name", "stamp of class"] as const) {
    const modules = { tool: "knex", order, migrationOf: () => undefined } as never;
    expect(await ids(folders("m", { repo: "main", root, modules }))).toEqual([
      "20240101000000 a",
      "20240202000000 b",
      "B20240202000000__base base",
      "20240303000000 c",
    ]);
  }
});

describe("names", () => {
  const names: readonly [string, string, ReturnType<typeof migrationName>][] = [
    ["our own", "20210718153339_create_posts", { version: "20210718153339", name: "create_posts" }],
    ["numbered", "00010-search-files", { version: "10", name: "search-files" }],
    ["zero", "0000_init", { version: "0", name: "init" }],
    ["authelia", "V0001.Initial_Schema", { version: "1", name: "Initial_Schema" }],
    ["Flyway", "V12__add_users", { version: "12", name: "add_users" }],
    ["Flyway, dotted", "V0_0_10__add_counters", { version: "10", name: "add_counters" }],
    ["Flyway, dotted once", "V1.2__add", { version: "100020000", name: "add" }],
    [
      "Flyway, too many dots",
      "V1_2_3_4__add",
      { problem: "its version 1_2_3_4 is not up to three numbers of up to four digits" },
    ],
    ["diesel", "2017-09-23-182408_move_tokens", { version: "20170923182408", name: "move_tokens" }],
    [
      "diesel with a count",
      "2026-07-30-140000-0000_add_index",
      { version: "20260730140001", name: "add_index" },
    ],
    ["Kysely", "20230309T045948368Z-init", { version: "20230309045948368", name: "init" }],
    [
      "Laravel",
      "2021_07_18_153339_create_posts",
      { version: "20210718153339", name: "create_posts" },
    ],
    ["the largest version", "9223372036854775807_x", { version: "9223372036854775807", name: "x" }],
    ["a larger one", "9223372036854775808_x", { version: "9223372036854775808_x", name: "x" }],
    ["no version", "create_posts", undefined],
    ["no name", "20210718153339", undefined],
    ["a name that goes on from the number", "2fa_codes", undefined],
  ];
  test.each(names)("%s", (_, id, expected) => {
    expect(migrationName(id)).toEqual(expected);
  });
});

describe("names of dates with separators", () => {
  test.each([
    ["2024.01.01T00.00.00.users", "users"],
    ["2024-03-24T08:54:00_add.note", "add.note"],
    ["2024-03-24T085400.123Z-x", "x"],
    ["2024-03-24_x", "x"],
    ["2024.01.01.1st", "1st"],
  ])("%s is called %s, and known by all of it", (id, name) => {
    expect(nameInFolder(id)).toEqual({ version: id, number: "2024", name });
  });

  test("a row of an earlier release, under the year, is found again", () => {
    const id = "2024.01.01T00.00.00.users";
    const file = { ...nameInFolder(id)!, id, origin: id } as MigrationFile;
    const row = { version: "2024", name: "01.01T00.00.00.users" } as AppliedMigration;
    expect(underFiles([row], [file])).toEqual([{ ...row, version: id, rowNumber: "2024" }]);
    expect(underFiles([{ ...row, name: "sers" }], [file])).toEqual([{ ...row, name: "sers" }]);
  });
});

describe("folders", () => {
  test("lists what is there, oldest first, without loading it", async () => {
    const from = source({ "m/10_b.ts": "throw new Error()", "m/9_a.sql": "", "m/11_c.up.sql": "" });
    expect(await from.list()).toEqual({
      files: [
        { id: "9_a", version: "9", name: "a", origin: "m/9_a.sql" },
        { id: "10_b", version: "10", name: "b", origin: "m/10_b.ts" },
        { id: "11_c", version: "11", name: "c", origin: "m/11_c.up.sql" },
      ],
      warnings: [],
    });
  });

  test("several folders and their sub-folders are one list", async () => {
    const from = source(
      named(
        "a/12_c.sql",
        "a/2021/10_a.sql",
        "b/11_b.mjs",
        "b/.git/9_x.sql",
        "b/node_modules/8_x.js",
      ),
      ["a", "b"],
    );
    expect(await ids(from)).toEqual(["10 a", "11 b", "12 c"]);
  });

  test("a folder that is named twice counts once", async () => {
    expect(await ids(source(named("m/10_a.sql", "m/sub/11_b.sql"), ["m", "m/sub", "m/"]))).toEqual([
      "10 a",
      "11 b",
    ]);
  });

  test("follows links, as a Kubernetes volume has them", async () => {
    const root = tree(named("data/10_a.sql"));
    mkdirSync(join(root, "m"));
    symlinkSync("../data/10_a.sql", join(root, "m/10_a.sql"));
    expect(await ids(folders("m", { repo: "main", root }))).toEqual(["10 a"]);
  });

  test("ignores silently what is no migration", async () => {
    const from = source(
      named(
        "m/a_sample.ts",
        "m/10_a.d.ts",
        "m/10_a.js.map",
        "m/10_a.test.ts",
        "m/10_a.spec.js",
        "m/.10_a.sql",
        "m/README.md",
        "m/meta/0000_snapshot.json",
        "m/views/posts.sql",
      ),
    );
    expect(await from.list()).toEqual({ files: [], warnings: [] });
  });

  test("names what looks like a migration and is none", async () => {
    const from = source(named("m/create_posts.sql", "m/old/x.sql", "m/old/1_x.sql"));
    const { files, warnings } = await from.list();
    expect(files.map((file) => file.id)).toEqual(["1_x"]);
    expect(warnings.map(({ message }) => message)).toEqual([
      "m/create_posts.sql is not run as a migration: its name does not start with a version",
      "m/old/x.sql is not run as a migration: its name does not start with a version",
    ]);
  });

  test("keeps duplicates for the planner to refuse", async () => {
    expect(
      await ids(source(named("m/1_a.sql", "m/1_a.ts", "m/1_b.up.sql", "m/01_c.up.sql"))),
    ).toEqual(["1 c", "1 a", "1 a", "1 b"]);
  });

  test("takes x.ts, not the x.js that a compiler put beside it", async () => {
    const { files } = await source(named("m/1_a.js", "m/1_a.ts", "m/2_b.js")).list();
    expect(files.map((file) => file.origin)).toEqual(["m/1_a.ts", "m/2_b.js"]);
  });

  test("orders Prisma's dates without a time as midnight", async () => {
    const from = source(
      named(
        "m/20250624235959_a/migration.sql",
        "m/20250625_b/migration.sql",
        "m/20250625000001_c/migration.sql",
      ),
    );
    expect(await ids(from)).toEqual(["20250624235959 a", "20250625000000 b", "20250625000001 c"]);
  });

  test("refuses folders that are not there, all at once", async () => {
    expect(await refusal(source(named("m"), ["m", "db/none"]).list())).toMatchObject({
      code: "several",
    });
    expect(await refusal(source({}, "db/none").list())).toMatchObject({ code: "folder_missing" });
  });
});

describe("layouts", () => {
  const both = { sql: ["up", "down"], transaction: undefined };
  const layouts: readonly [string, { readonly [path: string]: string }, unknown][] = [
    ["one SQL file", { "m/1_a.sql": "-- migrate:up\nup\n-- migrate:down\ndown" }, both],
    ["a pair", { "m/1_a.up.sql": "up", "m/1_a.down.sql": "down" }, both],
    ["a pair of two names", { "m/1_as.up.sql": "up", "m/1_a.down.sql": "down" }, both],
    ["diesel", { "m/1_a/up.sql": "up", "m/1_a/down.sql": "down" }, both],
    [
      "diesel without a transaction",
      {
        "m/1_a/up.sql": "up",
        "m/1_a/down.sql": "down",
        "m/1_a/metadata.toml": "run_in_transaction = false",
      },
      { ...both, transaction: false },
    ],
    ["Prisma with a down", { "m/1_a/migration.sql": "up", "m/1_a/down.sql": "down" }, both],
    [
      "a module",
      {
        "m/1_a.ts":
          "export default { up: (m: any) => m.execute('up'), down: (m: any) => m.execute('down') }",
      },
      both,
    ],
    [
      "named exports",
      {
        "m/1_a.mjs":
          "export const up = (m) => m.execute('up'); export const down = (m) => m.execute('down')",
      },
      both,
    ],
    [
      "CommonJS",
      {
        "m/1_a.cjs": "exports.up = (m) => m.execute('up'); exports.down = (m) => m.execute('down')",
      },
      both,
    ],
    [
      "CommonJS that a compiler wrote",
      {
        "m/1_a.cjs":
          "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = { up: (m) => m.execute('up'), down: (m) => m.execute('down') }",
      },
      both,
    ],
  ];
  test.each(layouts)("%s", async (_, files, expected) => {
    expect(await recorded(source(files))).toEqual(expected);
  });

  test("the name of the up file counts", async () => {
    expect(await ids(source(named("m/1_as.up.sql", "m/1_a.down.sql")))).toEqual(["1 as"]);
  });

  test("a migration that is found is told when it is gone", async () => {
    const from = source(named("m/1_a.sql"));
    expect(
      await refusal(
        from.load({ id: "2_b", version: "2", name: "b", origin: "m/2_b.sql" }, "postgres"),
      ),
    ).toEqual({
      code: "migration_unloadable",
      message: "file m/2_b.sql cannot be loaded: it is gone",
    });
  });
});
