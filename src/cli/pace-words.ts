/** The words of `backfill set`: `batch-size=5000 pause=100 parallel=4 throttle.replica-lag-ms=500`. */

import type { PaceChange } from "../backfill/ledger.ts";
import { paceKinds } from "../core/backfill/check.ts";
import { throttleKinds } from "../core/language/throttle.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { Kind } from "../core/model/kind.ts";
import { invalid } from "./parse.ts";

/** Settings whose names differ between the command line and a definition. */
const otherwise: { readonly [word: string]: string } = {
  "batch-size": "maxBatchSize",
  pause: "pauseMs",
};

/** Settings that no single word can express. */
const inCodeOnly: readonly string[] = ["sql", "check", "off"];

/** `throttle=off` lifts every limit; `throttle.NAME=VALUE` sets one. @throws {ReleaseError} `usage_invalid`, `option_unknown`, `option_invalid` */
export function paceFrom(words: readonly string[]): PaceChange {
  if (words.length === 0) {
    const hint = "Such as: slipway backfill set VERSION batch-size=5000 pause=100";
    throw new ReleaseError("usage_invalid", { reason: "what to set is missing", hint });
  }
  const pace: { [key: string]: unknown } = {};
  for (const word of words) {
    const [name = "", text = ""] = splitAt(word);
    const part = name.replace(/^throttle\./, "");
    const key = own(otherwise, part) ?? camelCase(part);
    if (word === "throttle=off") pace.throttle = { off: true };
    else if (part === name) pace[key] = read(name, text, own(paceKinds, key));
    else {
      const kind = inCodeOnly.includes(key) ? undefined : own(throttleKinds, key);
      pace.throttle = { ...(pace.throttle as object | undefined), [key]: read(name, text, kind) };
    }
  }
  return pace as PaceChange;
}

function read(name: string, text: string, kind: Kind | undefined): unknown {
  if (kind === undefined) throw unknown(name);
  const value = /^(\d+(\.\d+)?|true|false)$/.test(text) ? JSON.parse(text) : text;
  if (kind.holds(value)) return value;
  throw invalid(text, name, kind.words);
}

function own<Value>(values: { readonly [key: string]: Value }, key: string): Value | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function splitAt(word: string): readonly string[] {
  const at = word.indexOf("=");
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function camelCase(word: string): string {
  return word.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function unknown(option: string): ReleaseError {
  const limits = Object.keys(throttleKinds).filter((key) => !inCodeOnly.includes(key));
  const known = [
    ...Object.keys(otherwise),
    ...["target-ms", "wal-bytes", "parallel", "throttle=off"],
    ...limits.map(
      (key) => `throttle.${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    ),
  ];
  return new ReleaseError("option_unknown", { option, of: "backfill set", known });
}
