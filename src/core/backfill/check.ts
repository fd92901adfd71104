/** Checks what JavaScript hands over as a backfill: one reason for everything that is wrong. */

import type { BackfillDefinition, BackfillPace } from "../language/backfill-definition.ts";
import { throttleKinds } from "../language/throttle.ts";
import { isFragment } from "../model/fragment.ts";
import {
  aFunction,
  isName,
  isObject,
  type Kind,
  type Kinds,
  type KindsOf,
  wholeFrom,
} from "../model/kind.ts";

/** The ways to change rows. */
export const backfillModes = ["set", "each", "batch", "effect", "insert"] as const;

type Wrong = { readonly reason: string; readonly hint: string };

/** Whether an export is meant to be a backfill: it names a table and no function of a migration. */
export function isBackfillDefinition(exported: object): exported is BackfillDefinition {
  return "table" in exported && !("change" in exported || "up" in exported || "down" in exported);
}

/** Finds everything wrong with a backfill; nothing when it can run. */
export function wrongInBackfill(definition: Readonly<Record<string, unknown>>): readonly Wrong[] {
  const given = Object.entries(definition).filter(([, value]) => value !== undefined);
  const keys = given.map(([key]) => key);
  const missing = (["table", "key"] as const).filter((key) => !keys.includes(key));
  return [
    ...missing.map((key) => wrong(`it has no ${key}`, `Add ${key}: ${kinds[key].words}.`)),
    ...wrongModes(keys),
    ...given.flatMap(([key, value]) => wrongValue(key, value)),
    ...(definition.snapshot === true && definition.effect !== undefined
      ? [
          wrong(
            "snapshot and effect exclude each other",
            "Leave snapshot out: an effect visits each row that is there at its start.",
          ),
        ]
      : []),
  ];
}

/** Finds everything wrong with a change of the pace. */
export function wrongInPace(change: object): readonly Wrong[] {
  return Object.entries(change).flatMap(([key, value]) => {
    if (key === "throttle" && value === null) return [];
    return key === "throttle" || Object.hasOwn(paceKinds, key)
      ? wrongValue(key, value)
      : [wrong(`a pace has no ${key}`, `Use ${Object.keys(paceKinds).join(", ")}, throttle.`)];
  });
}

function wrongModes(keys: readonly string[]): readonly Wrong[] {
  const modes = backfillModes.filter((mode) => keys.includes(mode));
  if (modes.length === 1) return [];
  const reason =
    modes.length === 0 ? "it does nothing" : `${modes.join(" and ")} exclude each other`;
  return [wrong(reason, `Give exactly one of ${backfillModes.join(", ")}.`)];
}

function wrongValue(key: string, value: unknown): readonly Wrong[] {
  const kind = kindIn(kinds, key);
  if (kind === undefined)
    return [wrong(`a backfill has no ${key}`, `Use ${Object.keys(kinds).join(", ")}.`)];
  if (key === "throttle" && isObject(value)) return Object.entries(value).flatMap(wrongThrottle);
  return kind.holds(value)
    ? []
    : [wrong(`its ${key} is not ${kind.words}`, `Give ${key} ${kind.words}.`)];
}

function wrongThrottle([key, value]: readonly [string, unknown]): readonly Wrong[] {
  const kind = kindIn(throttleKinds, key);
  if (kind === undefined)
    return [wrong(`a throttle has no ${key}`, `Use ${Object.keys(throttleKinds).join(", ")}.`)];
  if (value === undefined || kind.holds(value)) return [];
  return [wrong(`throttle.${key} is not ${kind.words}`, `Give throttle.${key} ${kind.words}.`)];
}

function kindIn(all: Kinds, key: string): Kind | undefined {
  return Object.hasOwn(all, key) ? all[key] : undefined;
}

function wrong(reason: string, hint: string): Wrong {
  return { reason, hint };
}

const isNamed = (value: unknown) =>
  isName(value) ||
  (isObject(value) &&
    "name" in value &&
    isName(value.name) &&
    (!("prefix" in value) || value.prefix === undefined || isName(value.prefix)));
const isValue = (value: unknown) =>
  value === null ||
  isFragment(value) ||
  ["string", "number", "bigint", "boolean"].includes(typeof value);
const isValues = (value: unknown) =>
  isObject(value) &&
  !isFragment(value) &&
  Object.keys(value).length > 0 &&
  Object.values(value).every(isValue);
const isNames = (value: unknown) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(isName) &&
  new Set(value).size === value.length;

const fragment: Kind = throttleKinds.sql;

/** How fast, by key: also what may be changed while a backfill runs. */
export const paceKinds = {
  batchSize: wholeFrom(1),
  maxBatchSize: wholeFrom(1),
  targetMs: wholeFrom(1),
  walBytes: wholeFrom(1),
  pauseMs: wholeFrom(0),
  parallel: wholeFrom(1),
} as const satisfies KindsOf<Omit<BackfillPace, "throttle">>;

const kinds = {
  table: { words: "the name of a table", holds: isNamed },
  key: {
    words: "the name of a column, or a list of names",
    holds: (value) => isName(value) || isNames(value),
  },
  where: fragment,
  snapshot: { words: "true", holds: (value) => value === true },
  set: { words: "an object of values and sql`…` by column", holds: isValues },
  each: aFunction,
  batch: aFunction,
  effect: aFunction,
  insert: {
    words: "{ into, columns }",
    holds: (value) =>
      isObject(value) &&
      "into" in value &&
      isNamed(value.into) &&
      "columns" in value &&
      isValues(value.columns) &&
      (!("onConflict" in value) || value.onConflict === undefined || value.onConflict === "skip"),
  },
  columns: { words: "a list of columns", holds: isNames },
  verify: fragment,
  maxFailures: wholeFrom(0),
  rowSecurity: {
    words: '"refuse" or "as-role"',
    holds: (value) => value === "refuse" || value === "as-role",
  },
  lockTimeoutMs: wholeFrom(1),
  timeoutMs: wholeFrom(1),
  leaseMs: wholeFrom(1000),
  throttle: { words: "an object of limits", holds: isObject },
  ...paceKinds,
} as const satisfies KindsOf<BackfillDefinition>;
