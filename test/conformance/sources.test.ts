/** Conformance 28–33, 36, 37, 43, 44: the same results from files, from a map and from a list. */
import { defineRelease, type MigrateOptions, type MigrationsOption } from "slipway";
import { describe, expect, it } from "vitest";
import { databaseKinds, type TestDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";
import { describeOn, history, refusal, tables, versions } from "./support/release.ts";
import { tableFiles, tree } from "./support/tree.ts";

type Kind = "files" | "a map" | "a list";
const kinds: readonly Kind[] = ["files", "a map", "a list"];

/** A release whose migrations create a table each, given in one of the three ways. */
function releaseWith(kind: Kind, database: TestDatabase, ids: readonly string[]) {
  const root = tree(kind === "files" ? tableFiles(...ids.map((id) => `db/${id}.ts`)) : {});
  const definitions = Object.entries(tables(...ids));
  const migrations: { readonly [Key in Kind]: MigrationsOption } = {
    files: "db",
    "a map": Object.fromEntries(definitions),
    "a list": definitions.map(([id, load]) => ({ id, load })),
  };
  return defineRelease({
    app: "blog",
    root,
    // A table is dropped by hand below, which the rules cannot know.
    repos: { main: { adapter: database.adapter, migrations: migrations[kind], safe: "off" } },
  }).using(recorder().world);
}

describeOn(databaseKinds, (database) => {
  describe.each(kinds)("from %s", (kind) => {
    const from43 = kind === "files" ? "" : ", 43";
    const release = (...ids: readonly string[]) => releaseWith(kind, database(), ids);

    it(`29${from43}: refuses two of one version before anything runs, also when it has run; ours: names both`, async () => {
      await release("13_hello").migrate();
      const both = release("13_hello", "13_other", "14_more");
      const origin = (id: string) => (kind === "files" ? `db/${id}.ts` : id);
      const { code, message } = await refusal(both.migrate());
      expect({ code, message }).toEqual({
        code: "version_duplicated",
        message: `migrations can't be executed, migration version 13 is duplicated: ${origin("13_hello")}, ${origin("13_other")}`,
      });
      expect(await history(database())).toEqual(["13"]);
    });

    it(`29, 44${from43}, ours: two of one name both run; the name is the file's, not a module's`, async () => {
      await release("13_hello").migrate();
      await database().query("drop table hello");
      expect(versions(await release("13_hello", "14_hello").migrate())).toEqual(["14"]);
      expect(await history(database())).toEqual(["13", "14"]);
    });

    it(`30${from43}: up skips what has run, down skips what has not`, async () => {
      await release("10_a").migrate();
      expect(versions(await release("10_a").migrate())).toEqual([]);
      const three = release("9_x", "10_a", "11_y");
      expect(versions(await three.rollback("main", { all: true }))).toEqual(["10"]);
    });

    const upTo: readonly [string, MigrateOptions<"main">, readonly string[]][] = [
      ["31: one step", { step: 1 }, ["13"]],
      ["31: two steps", { step: 2 }, ["13", "14"]],
      ["31: more steps than there are", { step: 3 }, ["13", "14"]],
      ["32: to the first", { to: 13 }, ["13"]],
      ["32: to the last", { to: 14 }, ["13", "14"]],
      ["32: to a version beyond the last, ours with a warning", { to: 15 }, ["13", "14"]],
      ["33: to the last, exclusive", { toExclusive: 14 }, ["13"]],
      ["37, ours: without a strategy all", {}, ["13", "14"]],
    ];
    it.each(upTo)(`%s${from43}`, async (_, options, expected) => {
      expect(versions(await release("13_a", "14_b").migrate(options))).toEqual(expected);
    });

    it(`32, 33${from43}: down to a version takes it along, exclusive leaves it`, async () => {
      const all = release("1_a", "2_b", "3_c");
      await all.migrate();
      expect(versions(await all.rollback("main", { toExclusive: 2 }))).toEqual(["3"]);
      expect(versions(await all.rollback("main", { to: 2 }))).toEqual(["2"]);
      expect(await history(database())).toEqual(["1"]);
    });
  });

  it("28, 43: refuses an entry that is no migration before any other runs", async () => {
    for (const value of [42, null, () => ({ default: 42 })]) {
      const migrations = { ...tables("12_a"), "13_sample": value as never };
      const { world } = recorder();
      const main = { adapter: database().adapter, migrations };
      const release = defineRelease({ app: "blog", repos: { main } }).using(world);
      expect((await refusal(release.migrate())).message).toBe(
        "file 13_sample does not define a migration",
      );
    }
    expect(await history(database())).toBeUndefined();
  });

  it("32, ours: tells that `to` names a version that nobody has, and which one may be meant", async () => {
    const { world, lines } = recorder();
    const release = releaseWith("a map", database(), ["20210718153339_a"]).using(world);
    await release.migrate({ to: 15 });
    await release.migrate({ to: 20210718153399 });
    expect(lines.filter((line) => line.startsWith("warning:"))).toEqual([
      "warning: repo main: no migration has version 15",
      "warning: repo main: no migration has version 20210718153399; did you mean 20210718153339?",
    ]);
  });

  it("36, ours: a version that is text is refused, with what a version is", async () => {
    const release = releaseWith("a map", database(), ["13_a"]);
    const version =
      "a version: a whole number, with an n behind it beyond 2^53, or the id of a migration";
    for (const option of ["to", "toExclusive"]) {
      const options = { [option]: "123" } as MigrateOptions<"main">;
      const { code, message, hint } = await refusal(release.migrate(options));
      expect({ code, message, hint }).toEqual({
        code: "option_invalid",
        message: `${option} is "123", which is not ${version}`,
        hint: `Give ${option} ${version}.`,
      });
    }
    expect(await history(database())).toBeUndefined();
  });

  it("36, ours: a bigint is a version, and exact where a number is not", async () => {
    const release = releaseWith("a map", database(), ["9007199254740993_a", "9007199254740995_b"]);
    expect(versions(await release.migrate({ to: 9007199254740993n }))).toEqual([
      "9007199254740993",
    ]);
    // biome-ignore lint/correctness/noPrecisionLoss: that is what is tested
    expect((await refusal(release.migrate({ to: 9007199254740993 }))).code).toBe("option_invalid");
  });

  it("37, ours: several strategies exclude each other, and `all: false` is none", async () => {
    const release = releaseWith("a map", database(), ["13_a"]);
    const cases: readonly [unknown, string, string][] = [
      [{ step: 1, to: 13 }, "targets_conflict", "step and to exclude each other"],
      [
        { all: false },
        "target_missing",
        "expected one of all, step, to or toExclusive, got all: false",
      ],
    ];
    for (const [options, code, message] of cases) {
      const error = await refusal(release.migrate(options as MigrateOptions<"main">));
      expect({ code: error.code, message: error.message }).toEqual({ code, message });
    }
    expect(await history(database())).toBeUndefined();
  });
});
