/** What other tools write, name by name → what Slipway reads, in which order. */
import { describe, expect, test } from "vitest";
import { isReleaseError } from "../../src/core/model/errors.ts";
import { folders } from "../../src/engine/discovery/folders.ts";
import { unread } from "../../src/engine/discovery/unread.ts";
import type { FolderTree } from "../../src/engine/discovery/whole.ts";
import { wholeLayout } from "../../src/engine/discovery/whole-layout.ts";
import { named, recorded, source, tree } from "./migration-tree.ts";

/** The tree that has these paths. */
function treeOf(paths: readonly string[], name = ""): FolderTree {
  const parts = paths.map((path) => path.split("/"));
  const inside = Map.groupBy(
    parts.filter((part) => part.length > 1),
    ([folder]) => folder!,
  );
  return {
    name,
    files: parts.filter((part) => part.length === 1).map(([file]) => file!),
    folders: [...inside].map(([folder, below]) =>
      treeOf(
        below.map((part) => part.slice(1).join("/")),
        folder,
      ),
    ),
  };
}

/** `version ← files`, in the order in which they run. */
async function read(paths: readonly string[], texts: { readonly [path: string]: string } = {}) {
  const root = tree({ ...named(...paths.map((path) => `m/${path}`)), ...texts });
  const { files, warnings } = await folders("m", { repo: "main", root }).list();
  return {
    ids: files.map(({ version, name }) => `${version} ${name}`),
    warnings: warnings.map(({ message }) => message),
  };
}

describe("are read as their tool reads them", () => {
  const said = (words: string) => [`m: read as ${words}`];
  const cases: readonly [string, readonly string[], readonly string[], readonly string[]][] = [
    [
      "MikroORM, whose digits are not in front",
      ["Migration20261128175736.ts", "Migration20261129080000_add_tags.ts"],
      ["20261128175736 Migration20261128175736", "20261129080000 add_tags"],
      [],
    ],
    [
      "a date and a time with a T",
      ["20240324T085500-b.ts", "20240324T085400-a.ts"],
      ["20240324085400 a", "20240324085500 b"],
      [],
    ],
    [
      "a date with dashes, which is the whole version",
      ["2024-03-24T09.00.00-b.sql", "2024-03-24T08.54.00_a.sql", "2023-12-31-z.sql"],
      ["2023-12-31-z z", "2024-03-24T08.54.00_a a", "2024-03-24T09.00.00-b b"],
      [],
    ],
    [
      "numbers without a name, as graphile-migrate writes them",
      ["000002.sql", "000001-first.sql", "000010.sql"],
      ["1 first", "2 000002", "10 000010"],
      [],
    ],
    [
      "graphile-migrate, whose current.sql is not committed",
      [
        "committed/000002.sql",
        "committed/000001-first.sql",
        "current.sql",
        "afterReset.sql",
        "fixtures/001_rows.sql",
      ],
      ["1 first", "2 000002"],
      said("graphile-migrate's: what lies in committed/ runs, current.sql does not"),
    ],
    [
      "Drizzle 1.0",
      ["20240101000000_odd_hulk/migration.sql", "20240101000000_odd_hulk/snapshot.json"],
      ["20240101000000 odd_hulk"],
      [],
    ],
    [
      "a folder for each release",
      [
        "0.10/00__c.sql",
        "0.2/01__b.sql",
        "0.2/00__a.sql",
        "0.10.1/00__e.sql",
        "0.10/01__d.sql",
        "LATEST.sql",
      ],
      ["0.2/00__a a", "0.2/01__b b", "0.10/00__c c", "0.10/01__d d", "0.10.1/00__e e"],
      [
        "m/LATEST.sql is not run as a migration: its name does not start with a version",
        "m: read as folders of releases, in the order of their versions: 0.2/00__a.sql is the first",
      ],
    ],
    [
      "Flyway's versions with several parts beside those with one",
      ["V2__d.sql", "V1_10__c.sql", "V1_2_3_4__b.sql", "V1__a.sql"],
      ["1 a", "V1_2_3_4__b b", "V1_10__c c", "2 d"],
      said("Flyway's: in the order of versions such as 1, 1.2, 1.2.3, 2"),
    ],
    [
      "Flyway's versions of three parts, whose numbers stay",
      ["V0_0_9__a.sql", "V0_0_10__b.sql"],
      ["9 a", "10 b"],
      [],
    ],
    [
      "numbers that repeat",
      ["0105-b.sql", "0105-a.sql", "0106-c.sql"],
      ["0105-a a", "0105-b b", "106 c"],
      [],
    ],
  ];
  test.each(cases)("%s", async (_, paths, ids, warnings) => {
    expect(await read(paths)).toEqual({ ids, warnings });
  });

  test("colons in a time", () => {
    // Not every file system can have them, so the names alone are tried.
    const { entries } = wholeLayout(treeOf(["2024-03-24T08:54:00_x.sql"]), { journals: new Map() });
    expect(entries.map((one) => [one.id, one.version, one.number])).toEqual([
      ["2024-03-24T08:54:00_x", "2024-03-24T08:54:00_x", "2024"],
    ]);
  });
});

describe("pairs", () => {
  const both = { sql: ["up", "down"], transaction: undefined };
  const cases: readonly [string, string, string, string][] = [
    ["yoyo", "0001.create.sql", "0001.create.rollback.sql", "1 create"],
    ["Postgrator", "001.do.create.sql", "001.undo.create.sql", "1 create"],
    ["Postgrator, two names", "001.do.create.sql", "1.undo.remove.sql", "1 create"],
    ["Flyway", "V2__create.sql", "U2__remove.sql", "2 create"],
    ["hyphens", "1_create-up.sql", "1_create-down.sql", "1 create"],
    ["@slonik/migrator", "1_create.sql", "down/1_create.sql", "1 create"],
    ["folders", "up/1_create.sql", "down/1_create.sql", "1 create"],
    [
      "db-migrate",
      "sqls/20240101-create-up.sql",
      "sqls/20240101-create-down.sql",
      "20240101 create",
    ],
  ];
  test.each(cases)("%s", async (_, up, down, id) => {
    const files = { [`m/${up}`]: "up", [`m/${down}`]: "down" };
    const from = source(files);
    expect(await recorded(from)).toEqual(both);
    const listed = (await from.list()).files.map(({ version, name }) => `${version} ${name}`);
    expect(listed).toEqual([id]);
  });

  test("the module that reads db-migrate's SQL is not run beside it", async () => {
    const paths = [
      "20240101000000-a.js",
      "sqls/20240101000000-a-up.sql",
      "sqls/20240101000000-a-down.sql",
      "20240102000000-b.js",
    ];
    expect(await read(paths)).toEqual({
      ids: ["20240101000000 a", "20240102000000 b"],
      warnings: ["m: read as db-migrate's: the SQL in sqls/ runs, the modules that read it do not"],
    });
  });

  test("a name may end like a half and be a whole", async () => {
    const paths = ["1_scale-down.sql", "2.rollback.sql", "3_thumbs-up.sql", "4.do.sql"];
    expect((await read(paths)).ids).toEqual(["1 scale-down", "2 rollback", "3 thumbs-up", "4 4"]);
  });
});

describe("Drizzle's journal", () => {
  const journal = (...tags: readonly string[]) => ({
    "m/meta/_journal.json": JSON.stringify({ entries: tags.map((tag, idx) => ({ idx, tag })) }),
  });

  test("says nothing where it is what the names say", async () => {
    expect(await read(["0000_a.sql", "0001_b.sql"], journal("0000_a", "0001_b"))).toEqual({
      ids: ["0 a", "1 b"],
      warnings: [],
    });
  });

  test("has its own order, and names without a version", async () => {
    const paths = ["0001_a.sql", "0000_b.sql", "init.sql", "0002_left.sql"];
    expect(await read(paths, journal("init", "0001_a", "0000_b"))).toEqual({
      ids: ["init init", "1 a", "0 b"],
      warnings: [
        "m: read as Drizzle's: the order is that of meta/_journal.json; 0002_left.sql is not in meta/_journal.json and does not run",
      ],
    });
  });

  const dated = (...tags: readonly (readonly [tag: string, when: string])[]) => ({
    "m/meta/_journal.json": JSON.stringify({
      entries: tags.map(([tag, when], idx) => ({ idx, tag, when: Date.parse(when) })),
    }),
  });

  test("has what gen migration wrote beside it run by its time, before what Drizzle adds later", async () => {
    const [first, second] = ["2025-01-01T10:00:00Z", "2025-03-01T10:00:00Z"];
    const ours = ["20250201100000_b.mts", "20250201100001_c.sql"];
    expect(await read(["0000_a.sql", ...ours], dated(["0000_a", first]))).toEqual({
      ids: ["0 a", "20250201100000 b", "20250201100001 c"],
      warnings: [],
    });
    const more = dated(["0000_a", first], ["0001_d", second]);
    expect(await read(["0000_a.sql", ...ours, "0001_d.sql"], more)).toEqual({
      ids: ["0 a", "20250201100000 b", "20250201100001 c", "1 d"],
      warnings: ["m: read as Drizzle's: the order is that of meta/_journal.json"],
    });
  });

  test("does not take an SQL file for ours where its own have stamps", async () => {
    const paths = ["20250101100000_a.sql", "20250201100000_left.sql", "20250201100001_b.ts"];
    const { ids, warnings } = await read(paths, dated(["20250101100000_a", "2025-01-01"]));
    expect(ids).toEqual(["20250101100000 a", "20250201100001 b"]);
    expect(warnings).toEqual([
      "m: read as Drizzle's: 20250201100000_left.sql is not in meta/_journal.json and does not run",
    ]);
  });

  test("is refused where a file is not there", async () => {
    await expect(read(["0000_a.sql"], journal("0000_a", "0001_b"))).rejects.toMatchObject({
      code: "migration_invalid",
      message: "file m/meta/_journal.json: it names 0001_b, and 0001_b.sql is not there",
    });
  });
});

describe("what is not read is refused", () => {
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ["Rails' migrations in Ruby", ["20210718153339_create_posts.rb"], ["1_a.sql"]],
    ["Ecto's migrations in Elixir", ["20210718153339_create_posts.exs"], ["1_a.sql"]],
    ["Django's migrations in Python", ["0001_initial.py"], ["__init__.py"]],
    ["yoyo's migrations in Python", ["0001.create.py"], ["0002.b.sql"]],
    ["Alembic's migrations in Python", ["versions/1975ea83b712_create.py"], ["env.py", "1_a.sql"]],
    ["Alembic's migrations in Python", ["create.py"], ["README"]],
    ["migrations in PHP", ["2014_10_12_000000_create_users_table.php"], []],
    ["goose's migrations in Go", ["00002_fill.go"], ["00001_a.sql", "embed.go", "1_x_test.go"]],
    ["migrations in Java, Kotlin, C#, Rust or a shell", ["V2__Fill.java"], ["V1__a.sql"]],
    ["a project of sqitch", ["deploy/users.sql", "revert/users.sql", "sqitch.plan"], []],
    ["Liquibase's changelogs", ["db.changelog-master.yaml", "0001_a.xml"], ["1_a.sql"]],
    ["pgroll's or Liquibase's migrations", ["01_create.json"], []],
    ["Flyway's undo migrations", ["U3__base.sql"], ["V1__a.sql"]],
    ["Postgrator's migrations in JavaScript", ["002.undo.fill.js"], ["001.do.a.sql"]],
    ["the way back of a file that is not there", ["0001.create.rollback.sql"], ["0002.b.sql"]],
    ["the way back of a file that is not there", ["down/2_b.sql"], ["1_a.sql"]],
    ["the way back of a file that is not there", ["sqls/1-a-down.sql"], ["1-b.js"]],
    ["SQL without a version in its name", ["create_posts.sql"], ["README.md"]],
    ["another kind of file", ["13_a.sq", "14_b.tsx"], []],
    ["modules whose names do not start with a version", ["create20210718153339.ts"], ["1_a.ts"]],
  ];
  test.each(cases)("%s: %j", (looksLike, files, others) => {
    const names = treeOf([...files, ...others]);
    const found = unread(names, wholeLayout(names, { journals: new Map() }));
    expect(found.map((one) => [one.looksLike, one.files])).toEqual([[looksLike, files.toSorted()]]);
  });

  test("what is written anew under its version may stay beside it", () => {
    const of = (...files: readonly string[]) => {
      const names = treeOf(files);
      return unread(names, wholeLayout(names, { journals: new Map() })).flatMap((one) => one.files);
    };
    expect(of("00002_fill.go", "00002_fill.sql", "00003_more.go", "3_x.ts")).toEqual([
      "00003_more.go",
    ]);
    expect(of("V2__Fill.java", "V2__fill.sql", "db/V2__Fill.java")).toEqual(["db/V2__Fill.java"]);
    expect(of("2_a.rb", "2_a.ts")).toEqual([]);
  });

  test("what lies beside migrations is no migration", () => {
    const names = treeOf([
      "1_a.sql",
      "helper.ts",
      "2fa.ts",
      "schema.sql",
      "env.py",
      "meta/0000_snapshot.json",
      "views/posts.sql",
      "20210718153339_a.test.ts",
      "1_a.ts.map",
      "docs/2021_report.pdf",
    ]);
    expect(unread(names, wholeLayout(names, { journals: new Map() }))).toEqual([]);
  });

  test("all of them are named, with what to do", async () => {
    const files = named(...[1, 2, 3, 4].map((n) => `m/2021071815333${n}_x.rb`), "m/U3__v.sql");
    const error = await source(files)
      .list()
      .catch((thrown: unknown) => thrown);
    if (!isReleaseError(error)) throw new Error("nothing refused");
    expect(error.exitCode).toBe(2);
    expect(error.message.split("\n").toSorted()).toEqual([
      "repo main: 1 file in m would not run: U3__v.sql, which looks like Flyway's undo migrations",
      "repo main: 4 files in m would not run: 20210718153331_x.rb, 20210718153332_x.rb, 20210718153333_x.rb, 1 more, which looks like Rails' migrations in Ruby",
    ]);
    expect(error.hint).toContain("slipway adopt --from rails --accept row-without-file");
  });
});
