import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { defineMigration } from "../../src/core/language/migration-definition.ts";
import { readFiles } from "../../src/core/plan/read-files.ts";
import { migrationMap } from "../../src/engine/discovery/map.ts";
import { recorded, refusal, source, tree } from "./migration-tree.ts";

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
    [
      "a policy that is no object",
      "export default { up() {}, policy: 500 }",
      { code: "migration_invalid", message: "file m/13_sample.ts: policy is not an object" },
    ],
    [
      "a policy with a setting that there is not",
      "export default { up() {}, policy: { lockTimeout: 500 } }",
      { code: "migration_invalid", message: "file m/13_sample.ts: policy has no lockTimeout" },
    ],
    [
      "a policy without a lock timeout",
      "export default { up() {}, policy: { lockTimeoutMs: 0 } }",
      {
        code: "migration_invalid",
        message:
          "file m/13_sample.ts: policy.lockTimeoutMs is 0, which is not a whole number of milliseconds from 1 to 2147483647",
      },
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

describe("SQL", () => {
  test("is loaded with the checksum that its text has, and is not read for it again", async () => {
    const from = source({
      "m/1_whole.sql": "-- ä\nselect 1",
      "m/2_pair.up.sql": "select 2",
      "m/2_pair.down.sql": "select 3",
      "m/3_half.up.sql": "select 4",
    });
    const { files } = await from.list();
    expect(files.map(({ version }) => version)).toEqual(["1", "2", "3"]);
    for (const file of files) {
      const { checksum } = await from.load(file, "postgres");
      expect(checksum, file.id).toMatch(/^sql:[0-9a-f]{32}$/);
      expect(checksum, file.id).toBe(await from.checksum(file));
    }
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

  test("gives files only when a migration is loaded", async () => {
    const files = () => Promise.resolve({ "x.sql": "select 1" });
    const from = migrationMap([{ id: "1_a", load: definition, files }]);
    const { readFile } = await from.load((await from.list()).files[0]!, "postgres");
    expect(readFile?.("x.sql")).toBe("select 1");
  });
});
