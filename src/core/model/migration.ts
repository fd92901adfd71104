/**
 * The nouns of the house. All of them are plain data; only a `MigrationDefinition` carries functions.
 */

import type { LockPolicySettings } from "./lock-policy.ts";

/**
 * The name by which you identify a migration: its sortable number as canonical decimal digits
 * (`"20210718153339"`), or its whole id where the number repeats in the folder, or where there is
 * none. A string, because real histories have versions beyond 2^53 and JSON has no other exact
 * form. Order with `compareVersions`, never with `<`.
 */
export type Version = string;

/** A version as a user writes it in TypeScript. Beyond 2^53 only a `bigint` is exact; where numbers repeat it is an id. */
export type VersionInput = number | bigint | MigrationId;

/** The whole name of a migration without its ending: `20210718153339_create_posts`. */
export type MigrationId = `${string}${"_" | "-" | "/" | "."}${string}`;

/** Up does, down undoes. */
export type Direction = "up" | "down";

/** A migration on disk or in a bundle. Its identity is `id`: the file name without its ending. */
export type MigrationFile = {
  readonly id: string;
  readonly version: Version;
  /** Where `version` is the id: the number that the name starts with. */
  readonly number?: Version | undefined;
  /** Its place among the others, where the layout sets an order, as a journal does. */
  readonly place?: number | undefined;
  /** It runs again when its meaning changes, after the others. Default: it runs once. */
  readonly repeatable?: true | undefined;
  /** It stands for all up to its version, on a database where nothing has run. Default: for itself. */
  readonly baseline?: true | undefined;
  /** Of one that has run: the number of its row, where that is not its version's own. */
  readonly rowNumber?: string | undefined;
  readonly name: string;
  /** Where it comes from, for people: a path relative to the root, or the key of a map. */
  readonly origin: string;
};

/** One row of the history. Databases that come from Ecto have no more than a version and a time. */
export type AppliedMigration = {
  readonly version: Version;
  /** The number of its row, where that is not its version's own. */
  readonly rowNumber?: string | undefined;
  readonly name?: string | undefined;
  readonly appliedAt?: Date | undefined;
  /** A checksum of its text when it ran. */
  readonly checksum?: string | undefined;
  /** A checksum of its meaning when it ran. */
  readonly meaning?: string | undefined;
  /** Whether the history holds its compiled plan, so that it can be rolled back without its file. */
  readonly hasPlan?: boolean | undefined;
  /** Its phase when it ran. Left out where none was kept, which counts as `before`. */
  readonly phase?: Phase | undefined;
  /** The oldest version of the app that works with it, as its file said. */
  readonly compatibleFrom?: string | undefined;
};

/**
 * When a migration runs in a rollout. `before`: the new code needs it, and the old code lives with it.
 * `after`: the old code must be gone first, as for a drop, a not-null or the last step of a rename.
 */
export type Phase = "before" | "after";

/** At least one of both. */
export type Requirements =
  | {
      /** A data migration. */
      readonly data: VersionInput;
      /** An older migration of the same history. */
      readonly migration?: VersionInput;
    }
  | { readonly data?: never; readonly migration: VersionInput };

/** Settings of a migration besides its operations. SQL files write the same in comments. */
export type MigrationSettings = {
  /**
   * Whether all of it runs in one transaction together with its history row.
   * Default: `true`, unless an operation refuses a transaction (`concurrently: true`).
   */
  readonly transaction?: boolean;
  /** How long it may stand in the way of others, in both directions. Default: what the repo says. */
  readonly policy?: LockPolicySettings;
  /** When it runs in a rollout. Default: `before`. */
  readonly phase?: Phase;
  /** The versions of the migrations that must have run first. Default: none. */
  readonly requires?: Requirements;
  /**
   * The oldest version of the app that works once this has run, such as `2.4.0`. An older release then refuses to
   * start. Default: with phase `before` any; with `after` none but the releases that contain it.
   */
  readonly compatibleFrom?: string;
  /**
   * Why what a safety rule finds in it is meant, by the name of the rule: `{ "drop-column": "no code reads it since 2.4" }`.
   * Default: nothing is meant.
   */
  readonly safe?: { readonly [rule: string]: string };
  /**
   * Whether it runs again when its meaning changes, behind all that run once: for views and functions. A rollback brings
   * the earlier text back. Default: `false`; a file that is called `R__name` always is.
   */
  readonly repeatable?: boolean;
  /** Which repeatable migrations it comes behind, by their whole names without ending. Default: those before it by name. */
  readonly depends?: readonly string[];
};

/** How far to go. `to` includes its version in both directions; `toExclusive` leaves it out. */
export type Target =
  | { readonly direction: Direction; readonly all: true }
  | { readonly direction: Direction; readonly step: number }
  | { readonly direction: Direction; readonly to: Version }
  | { readonly direction: Direction; readonly toExclusive: Version };

/** Orders versions, oldest first: by the numbers that they start with, `0.9/01` before `0.10/00`, then as text. */
export function compareVersions(a: Version, b: Version): number {
  if (isDigits(a) && isDigits(b)) return compareDigits(a, b);
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareDigits(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareDigits(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function isDigits(version: Version): boolean {
  return /^\d+$/.test(version);
}

/** The numbers that it starts with, with nothing but signs between them. */
function numbersOf(version: Version): readonly string[] {
  const [start = ""] = /^[vV]?\d+(?:[._/-]\d+)*/.exec(version) ?? [];
  return (start.match(/\d+/g) ?? []).map(versionFromDigits);
}

/** The canonical form of decimal digits: without leading zeros. */
export function versionFromDigits(digits: string): Version {
  return digits.replace(/^0+(?=\d)/, "");
}

/** Digits as a user would write them in TypeScript: a number while that is exact. */
export function inputFromDigits(digits: string): VersionInput {
  const version = BigInt(digits);
  return version <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(version) : version;
}

/**
 * A user's version as a `Version`; `undefined` when it is none: text is digits or an id, a number exact and not
 * negative.
 */
export function versionFromInput(input: unknown): Version | undefined {
  if (typeof input === "number")
    return Number.isSafeInteger(input) && input >= 0 ? String(input) : undefined;
  if (typeof input === "bigint")
    return input >= 0n && input <= 9223372036854775807n ? String(input) : undefined;
  if (typeof input === "string" && /^\S*[_/.-]\S*$/.test(input)) return input;
  return undefined;
}
