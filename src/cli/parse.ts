/** From the words of a command line to values. */
import { ReleaseError } from "../core/model/errors.ts";
import type { SettingKind } from "../core/model/lock-policy.ts";
import { type MigrationId, type VersionInput, versionFromInput } from "../core/model/migration.ts";
import type { Parse } from "./flags.ts";

/** Any text but the empty one. */
export const name: Parse<string> = (text, flag) => {
  if (text.trim() === "") throw invalid(text, flag, "a name");
  return text;
};

/** A path, as the user wrote it. */
export const path: Parse<string> = (text, flag) => {
  if (text.trim() === "") throw invalid(text, flag, "a path");
  return text;
};

/** A path of a module that Node and bundlers read as one. */
export const modulePath: Parse<string> = (text, flag) => {
  if (!/[^/\\]\.m?[jt]s$/.test(text))
    throw invalid(text, flag, "a path that ends in .ts, .mts, .js or .mjs");
  return text;
};

/** A version: exact also beyond 2^53, and then a `bigint`. */
export const version: Parse<VersionInput> = (text, flag) => {
  // The id of a migration whose number is not its own.
  if (
    /^(?:[vV]?\d[\w.:/-]*[A-Za-z][\w.:/-]*|R__\S+|\S+\.sql(?::\S+)?)$/.test(text) &&
    versionFromInput(text) !== undefined
  )
    return text as MigrationId;
  const digits = /^\d{1,19}$/.test(text) ? BigInt(text) : -1n;
  const input = digits <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(digits) : digits;
  if (versionFromInput(input) === undefined) {
    throw invalid(text, flag, "a version such as 20210718153339");
  }
  return input;
};

/** How many: at least one. */
export const count: Parse<number> = (text, flag) => {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (!Number.isSafeInteger(number) || number < 1) {
    throw invalid(text, flag, "a whole number from 1");
  }
  return number;
};

/** A port that a program may listen on; 0 is any that is free. */
export const port: Parse<number> = (text, flag) => {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (number < 0 || number > 65_535)
    throw invalid(text, flag, "a port from 1 to 65535, or 0 for a free one");
  return number;
};

/** A version of PostgreSQL, such as 14, 14.5 or 9.6: its major number. */
export const serverVersion: Parse<number> = (text, flag) => {
  const major = /^\d{1,2}(\.\d{1,2}){0,2}$/.test(text) ? Number(text.split(".")[0]) : 0;
  if (major < 9 || major > 19) throw invalid(text, flag, "a version of PostgreSQL such as 14");
  return major;
};

/** Seconds on the command line, milliseconds inside. */
export const seconds: Parse<number> = (text, flag) => {
  if (!/^\d{1,9}(\.\d+)?$/.test(text)) throw invalid(text, flag, "a number of seconds");
  return Number(text) * 1000;
};

/** A setting of the lock policy: whole milliseconds, or one of its words. */
export function setting<Value extends number | string = number>(kind: SettingKind): Parse<Value> {
  return (text, flag) => {
    const value = /^\d+$/.test(text) ? Number(text) : text;
    if (!kind.holds(value)) throw invalid(text, flag, kind.words);
    return value as Value;
  };
}
/** `90s`, `5m`, `1h`, or a number of seconds; milliseconds inside. */
export const duration: Parse<number> = (text, flag) => {
  const [, number = "", unit = "s"] = /^(\d{1,9}(?:\.\d+)?)(s|m|h)?$/.exec(text) ?? [];
  if (number === "") throw invalid(text, flag, "a duration such as 90s, 5m or 1h");
  return Number(number) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as "s" | "m" | "h"];
};

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Parse<Word> {
  return (text, flag) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw invalid(text, flag, `one of ${words.join(", ")}`);
    return found;
  };
}

/** The error for a word that does not fit its flag. */
export function invalid(text: string, flag: string, expected: string): ReleaseError {
  const details = { option: flag, value: text === "" ? '""' : text, expected };
  return new ReleaseError("option_invalid", details);
}
