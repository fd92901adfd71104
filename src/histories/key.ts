/** The parts of a file's name that tools use. */
import type { FileFacts } from "./foreign-history.ts";

const moduleEndings = [".js", ".ts", ".cjs", ".mjs", ".cts", ".mts"];

/** The file's name with each ending that a compiler may have given it: it ran as `.js` and lies here as `.ts`. */
export function withEndings({ base, stem }: FileFacts): readonly string[] {
  return moduleEndings.some((ending) => base.endsWith(ending))
    ? moduleEndings.map((ending) => `${stem}${ending}`)
    : [base];
}

/** The digits that a name starts with, as they are written. */
export function leadingDigits({ stem }: FileFacts): readonly string[] {
  const [, digits] = /^[vV]?(\d+)/.exec(stem) ?? [];
  return digits === undefined ? [] : [digits];
}

/** The same as a number, without leading zeros. */
export function leadingNumber(file: FileFacts): readonly string[] {
  return leadingDigits(file).map((digits) => digits.replace(/^0+(?=\d)/, ""));
}

/**
 * A time as databases and tools write it; `undefined` for any other text. Without a zone it is UTC.
 */
export function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const iso = text.trim().replace(" ", "T");
  const zoned = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/.test(iso.slice(10)) ? iso : `${iso}Z`;
  const time = new Date(zoned.replace(/([+-]\d{2})$/, "$1:00"));
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** Milliseconds since 1970 as a time. */
export function timeOfMs(text: string | undefined): Date | undefined {
  return text === undefined || !/^\d+$/.test(text) ? undefined : new Date(Number(text));
}

/** True for any text that databases give for a true boolean. */
export function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(?:t|true|1)$/i.test(text);
}
