/** Which of a folder's migrations are known by their number, and which by their whole id. */
import { readFileSync } from "node:fs";
import type { ForeignModules } from "../../core/language/foreign-modules.ts";
import { compareVersions, type Version } from "../../core/model/migration.ts";
import type { FoundMigration } from "./read-tree.ts";

export type KeysOptions = {
  /** Whose modules the repo has. Default: Slipway's. */
  readonly modules?: ForeignModules | undefined;
};

/**
 * Files of SQL may share a number, as Prisma's and many tools' do, and so may the modules of another tool: each of those
 * is known by its id, and they run in the order of their ids. Two modules of Slipway's with one number are left to the
 * planner, which refuses them.
 */
export function keyed(
  found: readonly FoundMigration[],
  { modules }: KeysOptions,
): readonly FoundMigration[] {
  const numbers = Map.groupBy(found, ({ file }) => file.version);
  return found.map((one) => {
    const { file } = one;
    const same = numbers.get(file.version) ?? [];
    const ids = new Set(same.map((other) => other.file.id));
    const own = modules === undefined && same.some(({ files }) => files.kind === "module");
    if (ids.size < 2 || own) return one;
    return { ...one, file: { ...file, version: file.id, number: file.version } };
  });
}

/** As the tool runs them whose modules they are. It knows no baselines: each comes behind all that it stands for. */
export function inOrderOfTool(
  byNumber: readonly FoundMigration[],
  keys: KeysOptions,
): readonly FoundMigration[] {
  const isBaseline = ({ file }: FoundMigration) => file.baseline === true;
  const ordered = [
    ...byTool(
      byNumber.filter((one) => !isBaseline(one)),
      keys,
    ),
  ];
  for (const baseline of byNumber.filter(isBaseline)) {
    const last = ordered.findLastIndex(
      (one) => compareVersions(numberOf(one), numberOf(baseline)) <= 0,
    );
    ordered.splice(last + 1, 0, baseline);
  }
  return ordered;
}

function numberOf({ file }: FoundMigration): Version {
  return file.number ?? file.version;
}

function byTool(
  byNumber: readonly FoundMigration[],
  { modules }: KeysOptions,
): readonly FoundMigration[] {
  switch (modules?.order) {
    case undefined:
      return byNumber;
    case "name":
      return byNumber.toSorted((a, b) => (a.file.id < b.file.id ? -1 : 1));
    case "stamp of class": {
      const stamps = new Map(byNumber.map((one) => [one, stampOf(one)]));
      return byNumber.toSorted((a, b) => stamps.get(a)! - stamps.get(b)!);
    }
  }
}

/**
 * The last 13 digits of the class's name, or of the name that it gives itself; of the file where it
 * has none.
 */
function stampOf({ file, files }: FoundMigration): number {
  const text = files.kind === "module" ? readFileSync(files.path, "latin1") : "";
  const [, given] = /\bname\s*(?::\s*string\s*)?=\s*["'`][^"'`]*?(\d{13})["'`]/.exec(text) ?? [];
  const [, written] = /\bclass\s+\w*?(\d{13})\b/.exec(text) ?? [];
  return Number(given ?? written ?? numberOf({ file, files }).slice(-13));
}
