import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isReleaseError } from "../../../src/core/model/errors.ts";
import {
  compareVersions,
  type MigrationFile,
  type Target,
} from "../../../src/core/model/migration.ts";
import { warning } from "../../../src/core/model/warnings.ts";
import { type PlanInput, plan } from "../../../src/core/plan/plan.ts";

function file(version: number | string, name = `m${version}`): MigrationFile {
  return {
    id: `${version}_${name}`,
    version: String(version),
    name,
    origin: `${version}_${name}.ts`,
  };
}

function planned(input: {
  files: readonly number[];
  applied: readonly number[];
  target: Target;
  strict?: boolean;
}): readonly number[] {
  return plan(inputOf(input)).files.map((planned) => Number(planned.version));
}

function inputOf(input: {
  files: readonly number[];
  applied: readonly number[];
  target: Target;
  strict?: boolean;
}): PlanInput {
  const applied = input.applied.map((version) => ({ version: String(version) }));
  return {
    repo: "main",
    files: input.files.map((version) => file(version)),
    applied,
    target: input.target,
    strictVersionOrder: input.strict,
  };
}

function errorOf(work: () => unknown): { code: string; message: string } {
  try {
    work();
  } catch (error) {
    if (isReleaseError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("nothing was thrown");
}

const up = "up";
const down = "down";

describe("plan", () => {
  const cases: [string, number[], number[], Target, number[]][] = [
    ["30: up skips what is applied", [10], [10], { direction: up, all: true }, []],
    ["30: down skips what is not applied", [1, 2, 3], [2], { direction: down, all: true }, [2]],
    ["31: one step", [12, 13, 14], [12], { direction: up, step: 1 }, [13]],
    ["31: two steps", [12, 13, 14], [12], { direction: up, step: 2 }, [13, 14]],
    ["31: more steps than there are", [12, 13, 14], [12], { direction: up, step: 3 }, [13, 14]],
    ["32: to the first", [12, 13, 14], [12], { direction: up, to: "13" }, [13]],
    ["32: to the last", [12, 13, 14], [12], { direction: up, to: "14" }, [13, 14]],
    ["32: to a version beyond the last", [12, 13, 14], [12], { direction: up, to: "15" }, [13, 14]],
    ["33: up to, exclusive", [12, 13, 14], [12], { direction: up, toExclusive: "14" }, [13]],
    ["33: down to, exclusive", [1, 2, 3], [1, 2, 3], { direction: down, toExclusive: "1" }, [3, 2]],
    [
      "down to takes the version along, newest first",
      [1, 2, 3],
      [1, 2, 3],
      { direction: down, to: "2" },
      [3, 2],
    ],
    ["down, one step", [1, 2, 3], [1, 2, 3], { direction: down, step: 1 }, [3]],
    ["sorted as integers", [100, 20, 3], [], { direction: up, all: true }, [3, 20, 100]],
    ["up fills a hole", [1, 2, 3], [1, 3], { direction: up, all: true }, [2]],
    ["down all leaves what has no file", [1, 3], [1, 2, 3], { direction: down, all: true }, [3, 1]],
  ];
  it.each(cases)("%s", (_name, files, applied, target, expected) => {
    expect(planned({ files, applied, target })).toEqual(expected);
  });

  it("32: tells that `to` is a version that no migration has, and which one may be meant", () => {
    const told = plan(
      inputOf({
        files: [20200118045751],
        applied: [],
        target: { direction: up, to: "20200118045752" },
      }),
    );
    expect(told.warnings).toEqual([
      warning("version_unknown", { version: "20200118045752", nearest: "20200118045751" }),
    ]);
  });

  it("refuses to roll back to a version that nobody has, because that would roll back too much", () => {
    const error = errorOf(() =>
      planned({ files: [1, 2], applied: [1, 2], target: { direction: down, to: "0" } }),
    );
    expect(error).toEqual({ code: "version_unknown", message: "repo main has no migration 0" });
  });

  it("refuses to roll back what this release does not contain", () => {
    const error = errorOf(() =>
      planned({ files: [1], applied: [1, 2], target: { direction: down, to: "1" } }),
    );
    expect(error.code).toBe("not_in_release");
  });

  it("29: refuses two files of one version, also when that version has run", () => {
    const files = [file(13, "hello"), file(13, "other")];
    for (const applied of [[], [{ version: "13" }]]) {
      const error = errorOf(() =>
        plan({ repo: "main", files, applied, target: { direction: up, all: true } }),
      );
      expect(error.message).toBe(
        "migrations can't be executed, migration version 13 is duplicated: 13_hello.ts, 13_other.ts",
      );
    }
  });

  it("29, otherwise: two files may have one name, for real histories have them", () => {
    const files = [file(13, "hello"), file(14, "hello")];
    const target = { direction: up, all: true } as const;
    expect(plan({ repo: "main", files, applied: [], target }).files).toEqual(files);
  });

  it("4: warns when a pending migration is older than an applied one", () => {
    const told = plan(
      inputOf({ files: [0, 1, 2, 3], applied: [1, 2, 3], target: { direction: up, all: true } }),
    );
    expect(told.warnings).toEqual([warning("out_of_order", { version: "0", newest: "3" })]);
  });

  it("5, 6: refuses that in strict order, before anything runs, and names every late one", () => {
    const error = errorOf(() =>
      planned({
        files: [0, 1, 2, 3],
        applied: [2, 3],
        target: { direction: up, all: true },
        strict: true,
      }),
    );
    expect(error.code).toBe("several");
    expect(error.message.split("\n")).toEqual([
      "repo main: 0_m0 is pending, but the newer 3 has already run",
      "repo main: 1_m1 is pending, but the newer 3 has already run",
    ]);
  });
});

describe("for any history and target", () => {
  const versions = fc.uniqueArray(fc.bigInt({ min: 0n, max: 9_999_999_999_999_999n }), {
    maxLength: 30,
  });
  const histories = versions.chain((all) =>
    fc.record({ files: fc.constant(all), applied: fc.subarray(all), target: targets(all) }),
  );

  it("the plan is sorted, has nothing applied going up and nothing unapplied going down", () => {
    fc.assert(
      fc.property(histories, ({ files, applied, target }) => {
        const input = {
          repo: "main",
          files: files.map((version) => file(String(version))),
          applied: rows(applied),
          target,
        };
        const versions = plan(input).files.map((planned) => planned.version);
        const order = target.direction === "up" ? 1 : -1;
        expect(versions).toEqual(versions.toSorted((a, b) => order * compareVersions(a, b)));
        const done = new Set(applied.map(String));
        expect(
          versions.filter((version) => done.has(version) === (target.direction === "up")),
        ).toEqual([]);
      }),
    );
  });

  it("running the plan twice does nothing the second time, unless it counts steps", () => {
    fc.assert(
      fc.property(histories, ({ files, applied, target }) => {
        fc.pre(!("step" in target));
        const migrationFiles = files.map((version) => file(String(version)));
        const first = plan({
          repo: "main",
          files: migrationFiles,
          applied: rows(applied),
          target,
        }).files.map((planned) => planned.version);
        const before = applied.map(String);
        const after =
          target.direction === "up"
            ? [...before, ...first]
            : before.filter((version) => !first.includes(version));
        const second = plan({
          repo: "main",
          files: migrationFiles,
          applied: after.map((version) => ({ version })),
          target,
        });
        expect(second.files).toEqual([]);
      }),
    );
  });

  function rows(applied: readonly bigint[]) {
    return applied.map((version) => ({ version: String(version) }));
  }

  function targets(all: readonly bigint[]): fc.Arbitrary<Target> {
    const direction = fc.constantFrom<"up" | "down">("up", "down");
    const counted = [
      fc.record({ direction, all: fc.constant(true as const) }),
      fc.record({ direction, step: fc.integer({ min: 1, max: 40 }) }),
    ];
    if (all.length === 0) return fc.oneof(...counted);
    const version = fc.constantFrom(...all).map(String);
    return fc.oneof(
      ...counted,
      fc.record({ direction, to: version }),
      fc.record({ direction, toExclusive: version }),
    );
  }
});
