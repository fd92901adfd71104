/** Values that a migration records: written exactly, or refused. */

import { isFragment } from "../model/fragment.ts";
import { InvalidOperation } from "./defaults.ts";

/**
 * The options as they can be kept, with each bigint of a default as text of the same number.
 * Refuses a value that JSON or SQL would change in silence: a `Map` would become `{}`.
 *
 * @throws {InvalidOperation} with the path of the value
 */
export function keepable<Options extends object>(options: Options, owner: string): Options {
  try {
    return keepOptions(options, owner) as Options;
  } catch (error) {
    if (!(error instanceof InvalidOperation)) throw error;
    // Anew, because a stack is cut after ten calls, and the line of the migration is read from it.
    throw new InvalidOperation(error.message, { hint: error.hint });
  }
}

/** A value for people, whatever it is. */
export function shownValue(value: unknown): string {
  if (typeof value === "bigint") return `the bigint ${value}n`;
  if (typeof value === "number") return `the number ${Object.is(value, -0) ? "-0" : value}`;
  if (typeof value !== "object" || value === null) {
    return value === undefined ? "undefined" : `a ${typeof value}`;
  }
  if (value instanceof Date) return "an invalid Date";
  return `an object of the class ${value.constructor?.name || "(unnamed)"}`;
}

function keepOptions(value: unknown, path: string): unknown {
  if (typeof value === "number" || typeof value === "bigint") {
    return typeof value === "number" && Number.isFinite(value)
      ? value
      : refuse(path, value, "Give a number.");
  }
  if (Array.isArray(value)) return value.map((item, i) => keepOptions(item, `${path}[${i}]`));
  if (typeof value !== "object" || value === null) {
    return typeof value === "function" || typeof value === "symbol" ? refuse(path, value) : value;
  }
  if (!isPlain(value)) return refuse(path, value);
  if ("kind" in value && value.kind === "run") return value;
  const changesDefault = "kind" in value && /^(set|drop)_default$/.test(String(value.kind));
  return mapped(value, (item, key) => {
    const place = `${path}: ${key}`;
    if (key === "default" || (key === "was" && changesDefault)) return keepValue(item, place);
    if (key !== "parameters" || !Array.isArray(item)) return keepOptions(item, place);
    return item.map((one, i) => keepParameter(one, `${place}[${i}]`));
  });
}

function keepValue(value: unknown, path: string): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value))
      ? Number(value)
      : { kind: "fragment", sql: String(value) };
  }
  const isBytes = value instanceof Uint8Array;
  if (value === undefined || isBytes || Number.isNaN(value) || isInfinite(value)) return value;
  refuseInside(value, path, { above: [], inJson: false });
  return value;
}

function keepParameter(value: unknown, path: string): unknown {
  if (typeof value === "bigint" && !Number.isSafeInteger(Number(value)))
    return refuse(path, value, "Give it as text.");
  return keepValue(value, path);
}

/** Lists and objects become JSON, or an array of PostgreSQL. */
function refuseInside(
  value: unknown,
  path: string,
  around: { readonly above: readonly unknown[]; readonly inJson: boolean },
): void {
  const above = [...around.above, value];
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0)) return;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return;
  if (typeof value !== "object") refuse(path, value);
  if (around.above.includes(value)) {
    throw new InvalidOperation(`${path} is part of itself`, { hint });
  }
  if (isFragment(value) && !around.inJson) return;
  if (Array.isArray(value)) {
    // By index, because forEach passes over holes.
    for (let i = 0; i < value.length; i++)
      refuseInside(value[i], `${path}[${i}]`, { ...around, above });
    return;
  }
  if (!isPlain(value) || isFragment(value)) refuse(path, value);
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === "symbol") refuse(`a key of ${path}`, key);
    refuseInside(value[key as keyof typeof value], `${path}.${String(key)}`, {
      above,
      inJson: true,
    });
  }
}

const hint =
  "Give text, a finite number, a boolean, null, a list, a plain object, a Date, bytes or sql`…`.";

function refuse(path: string, value: unknown, words = hint): never {
  throw new InvalidOperation(
    `${path} is ${isFragment(value) ? "sql`…` inside of JSON" : shownValue(value)}`,
    { hint: words },
  );
}

function isInfinite(value: unknown): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function mapped(value: object, map: (item: unknown, key: string) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, key)]));
}
