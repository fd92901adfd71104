/** The words of `backfill set`: `batch-size=5000 pause=100 parallel=4 throttle.replica-lag-ms=500`. */
import type { PaceChange } from "../backfill/ledger.ts";
import { paceKinds, throttleKinds } from "../core/backfill/check.ts";
import { ReleaseError } from "../core/errors.ts";

/** What can be set, as it is called on the command line. */
const paceNames: { readonly [word: string]: keyof PaceChange } = {
  "batch-size": "maxBatchSize",
  "target-ms": "targetMs",
  "wal-bytes": "walBytes",
  pause: "pauseMs",
  parallel: "parallel",
};

const throttleNames: { readonly [word: string]: string } = {
  "nice-ratio": "niceRatio",
  "replica-lag-ms": "replicaLagMs",
  "slot-bytes": "slotBytes",
  "wal-bytes-per-second": "walBytesPerSecond",
  autovacuum: "autovacuum",
  "active-connections": "activeConnections",
  "long-transaction-ms": "longTransactionMs",
  unreadable: "unreadable",
};

/** `throttle=off` lifts every limit; `throttle.NAME=VALUE` sets one. @throws {ReleaseError} `option_unknown`, `option_invalid` */
export function paceFrom(words: readonly string[]): PaceChange {
  if (words.length === 0) throw unknown("nothing");
  const pace: { [key: string]: unknown } = {};
  for (const word of words) {
    const [name = "", text = ""] = splitAt(word);
    if (name === "throttle" && text === "off") pace.throttle = null;
    else if (name.startsWith("throttle.")) {
      const key = throttleNames[name.slice("throttle.".length)];
      if (key === undefined) throw unknown(name);
      pace.throttle = {
        ...(pace.throttle as object | null),
        [key]: read(name, text, throttleKinds[key]),
      };
    } else {
      const key = paceNames[name];
      if (key === undefined) throw unknown(name);
      pace[key] = read(name, text, paceKinds[key]);
    }
  }
  return pace as PaceChange;
}

function read(
  name: string,
  text: string,
  kind: { readonly words: string; readonly holds: (value: unknown) => boolean } | undefined,
): unknown {
  const value = /^\d+(\.\d+)?$/.test(text)
    ? Number(text)
    : text === "true" || text === "false"
      ? text === "true"
      : text;
  if (kind?.holds(value)) return value;
  const expected = kind?.words ?? "a value";
  throw new ReleaseError("option_invalid", {
    option: name,
    value: text === "" ? '""' : text,
    expected,
  });
}

function splitAt(word: string): readonly string[] {
  const at = word.indexOf("=");
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function unknown(option: string): ReleaseError {
  const known = [
    ...Object.keys(paceNames),
    "throttle=off",
    ...Object.keys(throttleNames).map((name) => `throttle.${name}`),
  ];
  return new ReleaseError("option_unknown", { option, of: "backfill set", known });
}
