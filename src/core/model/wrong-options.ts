/** Checks options from JavaScript: their names, and the kind of each value. */
import { ReleaseError } from "./errors.ts";
import { isName, type Kind, type Kinds, object } from "./kind.ts";
import { nearWords } from "./near-words.ts";

export const milliseconds: Kind = {
  words: "a number of milliseconds",
  holds: (value) => typeof value === "number" && value >= 0,
};
export const folders: Kind = {
  words: "a folder or a list of folders",
  holds: (value) => [value].flat().every(isName),
};
/** For options that other code checks, or that may be anything. */
export const anything: Kind = { words: "anything", holds: () => true };

/** All that is wrong with options: those that nothing knows, as a typing error gives, and wrong values. */
export function wrongOptions(
  given: unknown,
  at: { readonly of: string; readonly kinds: Kinds; readonly path?: string },
): readonly ReleaseError[] {
  const { of, kinds, path = "" } = at;
  if (!object.holds(given)) return [invalid(`the argument of ${of}`, given, object.words)];
  const known = Object.keys(kinds);
  return Object.entries(given as object).flatMap(([option, value]) => {
    const kind = Object.hasOwn(kinds, option) ? kinds[option] : undefined;
    if (kind === undefined) {
      const alike = known.filter((one) =>
        one.toLowerCase().startsWith(option.slice(0, 3).toLowerCase()),
      );
      const near = alike.length > 0 ? alike : nearWords(option, known);
      const meant = near.length > 0 ? near : known;
      return [new ReleaseError("option_unknown", { option, of, known: meant })];
    }
    if (value === undefined || kind.holds(value)) return [];
    return [invalid(`${path}${option}`, value, kind.words)];
  });
}

/** Gives the error of an option with a wrong value. */
export function invalid(option: string, value: unknown, expected: string): ReleaseError {
  return new ReleaseError("option_invalid", { option, value: shown(value), expected });
}

/** A value for people. Names only the kind of objects and URLs: a password may stand in them. */
function shown(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return value.includes("://") ? "a URL" : JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Object.keys(value).length === 0) return Array.isArray(value) ? "[]" : "{}";
  return Array.isArray(value) ? "a list" : "an object";
}
