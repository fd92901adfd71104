/** The name of a file or folder → version and name. */
import { type MigrationFile, type Version, versionFromDigits } from "../../core/model/migration.ts";
import { isNumber } from "../../core/model/version-key.ts";

export type MigrationName = {
  readonly version: Version;
  readonly name: string;
  readonly problem?: never;
};

/** Where `version` is the whole id: the number that the name starts with. */
export type Numbered = { readonly number?: Version | undefined };

/** A name that starts with a version which cannot be used, and why. */
export type VersionProblem = { readonly problem: string };

/**
 * Reads `20210718153339_create_posts` and `V1.create-posts`, and what other tools write; `undefined` when there is
 * no version. From the name alone, so that a version never depends on what else lies in the folder.
 */
export function migrationName(id: string): MigrationName | VersionProblem | undefined {
  const repeatable = /^R__(.+)$/.exec(id);
  if (repeatable !== null) return { version: id, name: repeatable[1]! };
  const dotted = /^[vV](\d+(?:[_.]\d+)+)__(.+)$/.exec(id);
  if (dotted !== null) return flyway(dotted[1]!, dotted[2]!);
  const [, digits, name] = date(id) ?? /^[vV]?(\d+)[-_.]+(.+)$/.exec(id) ?? [];
  if (digits === undefined || name === undefined) return undefined;
  // It is known by its whole id then.
  if (!isNumber(versionFromDigits(digits))) return { version: id, name };
  return { version: versionFromDigits(digits), name };
}

/** True for `V1_2__name`, whose version has several parts. */
export function isDotted(id: string): boolean {
  return /^[vV]\d+[_.]\d[\d_.]*__/.test(id);
}

/** Dates with separators, which are none of the version. */
function date(id: string): readonly [string, string, string] | undefined {
  const kysely = /^(\d{8})T(\d{6,9})Z[-_.]+(.+)$/.exec(id);
  if (kysely !== null) return [id, kysely[1]! + kysely[2]!, kysely[3]!];
  const diesel = /^(\d{4})[-_](\d\d)[-_](\d\d)[-_](\d{6})(?:-(\d{4}))?[-_.]+(.+)$/.exec(id);
  if (diesel === null) return undefined;
  const second = diesel.slice(1, 5).join("");
  return [id, diesel[5] === undefined ? second : counted(second, diesel[5]), diesel[6]!];
}

/**
 * Newer versions of diesel count behind the second, 2026-07-30-140000-0000_name, from 0 and after a name without count.
 * Four more digits would put it behind all others, so the count continues from the second:
 * 20260730140001.
 */
function counted(second: string, count: string): string {
  return String(BigInt(second) + BigInt(count) + 1n);
}

/** Up to three parts of four digits each are one number: 0_0_10 is 10, 1_2 is 1 0002 0000. */
function flyway(version: string, name: string): MigrationName | VersionProblem {
  const parts = version.split(/[_.]/).map(Number);
  if (parts.length > 3 || parts.some((part) => part > 9999)) {
    return { problem: `its version ${version} is not up to three numbers of up to four digits` };
  }
  const digits = [0, 1, 2].map((i) => String(parts[i] ?? 0).padStart(4, "0")).join("");
  return { version: versionFromDigits(digits), name };
}

/** `R__name`. */
export function isNamedRepeatable(id: string): boolean {
  return /^R__./.test(id);
}

/** `B3__name`: it stands for all up to its version. */
export function isNamedBaseline(id: string): boolean {
  return /^B\d/.test(id);
}

/** Its parts; `undefined` for another name. */
export function baselineName(id: string): (MigrationName & Numbered) | undefined {
  const [, standsFor] = /^B(\d[\d._]*__.+)$/.exec(id) ?? [];
  if (standsFor === undefined) return undefined;
  const like = migrationName(`V${standsFor}`);
  const number = like?.problem === undefined ? like?.version : undefined;
  return { version: id, number, name: standsFor.replace(/^.*?__/, "") };
}

const inSql = /^[ \t]*--\s*slipway:[^\n]*\brepeatable[=:]true\b/m;
const inModule = /^[^/\n]*\brepeatable["']?\s*:\s*true\b/m;

/** Whether the text says it. A module is not run to find out. */
export function saysRepeatable(text: string, kind: "sql" | "module"): boolean {
  return (kind === "sql" ? inSql : inModule).test(text);
}

/** The file with its mark. */
export function marked(file: MigrationFile, isRepeatable: boolean): MigrationFile {
  return isRepeatable ? { ...file, repeatable: true } : file;
}
