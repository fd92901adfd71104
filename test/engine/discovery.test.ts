import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { isReleaseError } from "../../src/core/errors.ts";
import { defineMigration } from "../../src/core/migration.ts";
import { readFiles } from "../../src/core/plan/read-files.ts";
import { folders } from "../../src/engine/discovery/folders.ts";
import { migrationMap } from "../../src/engine/discovery/map.ts";
import { migrationName } from "../../src/engine/discovery/migration-name.ts";
import type { Source } from "../../src/engine/discovery/source.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

/** A root folder with these files, path → text. */
function tree(files: { readonly [path: string]: string }): string {
  const root = mkdtempSync(join(tmpdir(), "slipway-discovery-"));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function source(
  files: { readonly [path: string]: string },
  folder: string | readonly string[] = "m",
): Source {
  return folders(folder, { repo: "main", root: tree(files) });
}

const named = (...paths: readonly string[]) =>
  Object.fromEntries(paths.map((path) => [path, "select 1"]));

async function ids(from: Source): Promise<readonly string[]> {
  return (await from.list()).files.map((file) => `${file.version} ${file.name}`);
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "nothing refused",
    (error: unknown) => {
      if (isReleaseError(error)) return { code: error.code, message: error.message };
      throw error;
    },
  );
}

describe("names", () => {
  const tooLarge = { problem: "its version is larger than 9223372036854775807" };
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
    ["a larger one", "9223372036854775808_x", tooLarge],
    ["no version", "create_posts", undefined],
    ["no name", "20210718153339", undefined],
    ["a name that goes on from the number", "2fa_codes", undefined],
  ];
  test.each(names)("%s", (_, id, expected) => {
    expect(migrationName(id)).toEqual(expected);
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
    const from = source(
      named(
        "m/13_a.sq",
        "m/14_b.tsx",
        "m/create_posts.sql",
        "m/9223372036854775808_x.ts",
        "m/old/x.sql",
        "m/old/1_x.sql",
      ),
    );
    const { files, warnings } = await from.list();
    expect(files.map((file) => file.id)).toEqual(["1_x"]);
    expect(warnings).toEqual([
      "m/13_a.sq is not run as a migration: it ends in .sq, not in .ts, .mts, .js, .mjs, .cjs or .sql",
      "m/14_b.tsx is not run as a migration: it ends in .tsx, not in .ts, .mts, .js, .mjs, .cjs or .sql",
      "m/9223372036854775808_x.ts is not run as a migration: its version is larger than 9223372036854775807",
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

  test("leaves out dotted versions beside plain ones", async () => {
    const { files, warnings } = await source(named("m/V1__a.sql", "m/V1_1__b.sql")).list();
    expect(files.map((file) => file.id)).toEqual(["V1__a"]);
    expect(warnings).toEqual([
      "m/V1_1__b.sql is not run as a migration: its version cannot be ordered beside that of m/V1__a.sql",
    ]);
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

/** What a migration of this source records, in both directions. */
async function recorded(from: Source): Promise<unknown> {
  const { files } = await from.list();
  const { definition } = await from.load(files[0]!, "postgres");
  const sql: string[] = [];
  const m = { execute: (text: string) => sql.push(text.trim()) } as never;
  definition.up?.(m);
  definition.down?.(m);
  return { sql, transaction: definition.transaction };
}

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

describe("modules", () => {
  const bad: readonly [string, string, { readonly code: string; readonly message: string }][] = [
    [
      "no definition",
      "export const a = 1",
      { code: "not_a_migration", message: "file m/13_sample.ts does not define a migration" },
    ],
    [
      "a default that is none",
      "export default class {}",
      { code: "not_a_migration", message: "file m/13_sample.ts does not define a migration" },
    ],
    ["nothing", "\n", { code: "migration_invalid", message: "file m/13_sample.ts: it is empty" }],
    [
      "an empty definition",
      "export default {}",
      {
        code: "migration_invalid",
        message: "file m/13_sample.ts: it has neither change nor up nor down",
      },
    ],
    [
      "an unknown key",
      "export default { change() {}, transacton: false }",
      { code: "migration_invalid", message: "file m/13_sample.ts: a migration has no transacton" },
    ],
    [
      "an unknown export",
      "export const up = () => {}, config = {}",
      { code: "migration_invalid", message: "file m/13_sample.ts: a migration has no config" },
    ],
    [
      "a change that is no function",
      "export default { change: 1 }",
      { code: "migration_invalid", message: "file m/13_sample.ts: change is not a function" },
    ],
    [
      "a transaction that is no boolean",
      "export default { up() {}, transaction: 'no' }",
      { code: "migration_invalid", message: "file m/13_sample.ts: transaction is not a boolean" },
    ],
  ];
  test.each(bad)("refuses %s", async (_, text, expected) => {
    expect(await refusal(recorded(source({ "m/13_sample.ts": text })))).toEqual(expected);
  });

  const thrown: readonly [string, string, string][] = [
    [
      "an error, with its place",
      "\nthrow new Error('no SECRET\\nset');",
      "no SECRET (m/13_sample.ts:2)",
    ],
    ["a syntax error, with its place", "export default {\n  change( {}\n};\n", "(m/13_sample.ts:"],
    ["what is no Error", "throw 'no'", "cannot be loaded: no"],
  ];
  test.each(thrown)("passes on %s", (_, text, expected) => {
    const root = tree({ "m/13_sample.ts": text });
    const url = (path: string) =>
      JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href);
    // Not inside of Vitest, which loads modules in its own way.
    const program = `
      import { folders } from ${url("../../src/engine/discovery/folders.ts")};
      const from = folders("m", { repo: "main", root: ${JSON.stringify(root)} });
      const { files } = await from.list();
      const error = await from.load(files[0], "postgres").catch((error) => error);
      console.log(error.code, error.message);`;
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      encoding: "utf8",
    });
    expect(output).toMatch(/^migration_unloadable file m\/13_sample\.ts cannot be loaded: .*\n$/);
    expect(output).toContain(expected);
  });
});

describe("executeFile", () => {
  const file = { id: "1_a", version: "1", name: "a", origin: "m/1_a.ts" };

  test("takes the text from beside the migration", async () => {
    const from = source({
      "m/1_a.ts": "export default { change() {} }",
      "m/sql/x.sql": "select 1",
    });
    const { readFile } = await from.load((await from.list()).files[0]!, "postgres");
    const operations = [{ kind: "execute_file", path: "sql/x.sql", down: "" }] as const;
    expect(readFiles(file, operations, readFile!)).toEqual([
      { kind: "execute", sql: "select 1", down: "", from: "sql/x.sql" },
    ]);
  });

  test("refuses all the files that are not there, in both directions", () => {
    const operations = [{ kind: "execute_file", path: "x.sql", down: "y.sql" }] as const;
    expect(() => readFiles(file, operations, () => undefined)).toThrow(
      "m/1_a.ts: executeFile finds no x.sql, y.sql",
    );
  });
});

describe("a map", () => {
  const definition = defineMigration({
    up: (m) => m.execute("up"),
    down: (m) => m.execute("down"),
  });
  const both = { sql: ["up", "down"], transaction: undefined };
  const maps: readonly [string, Parameters<typeof migrationMap>[0], unknown][] = [
    ["of definitions", { "1_a": definition }, both],
    ["of functions", { "1_a": () => definition }, both],
    ["of modules", { "./m/1_a.ts": async () => ({ default: definition }) }, both],
    ["of SQL", { "1_a": "-- migrate:up\nup\n-- migrate:down\ndown" }, both],
    [
      "of SQL modules",
      {
        "./m/1_a.sql": async () => ({
          default: "-- migrate:down\ndown\n-- migrate:up transaction:false\nup",
        }),
      },
      { ...both, transaction: false },
    ],
    [
      "of pairs",
      { "1_a": { up: "up", down: "down", transaction: false } },
      { ...both, transaction: false },
    ],
    ["as a list", [{ id: "1_a", load: definition }], both],
  ];
  test.each(maps)("%s", async (_, map, expected) => {
    expect(await recorded(migrationMap(map))).toEqual(expected);
  });

  test("lists its ids, oldest first", async () => {
    expect(await migrationMap({ "10_b": "", "./m/9_a.ts": "" }).list()).toEqual({
      files: [
        { id: "9_a", version: "9", name: "a", origin: "./m/9_a.ts" },
        { id: "10_b", version: "10", name: "b", origin: "10_b" },
      ],
      warnings: [],
    });
  });

  test("refuses an id without a version", async () => {
    expect(await refusal(migrationMap({ create_posts: "" }).list())).toEqual({
      code: "migration_invalid",
      message: "file create_posts: its name does not start with a version",
    });
  });

  test("passes on what a function throws", async () => {
    const from = migrationMap({ "1_a": () => Promise.reject(new Error("no")) });
    expect(await refusal(recorded(from))).toMatchObject({ code: "migration_unloadable" });
  });

  test("has the files of executeFile with it", async () => {
    const from = migrationMap([{ id: "1_a", load: definition, files: { "x.sql": "select 1" } }]);
    const { readFile } = await from.load((await from.list()).files[0]!, "postgres");
    expect([readFile?.("x.sql"), readFile?.("toString")]).toEqual(["select 1", undefined]);
  });
});
