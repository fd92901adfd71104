/** The values that other tools write into the columns of their rows, made from a file. Pure. */
import { splitStatements } from "../core/sql/statements.ts";
import type { FileFacts, Hashes, TextRow } from "./foreign-history.ts";

/** The words after the number. */
export function wordsOf({ stem }: FileFacts): string {
  return stem.replace(/^\d+[-_.]?/, "");
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Of a file and all that come before it by name, as its line in `atlas.sum` has it. */
export function atlasSum(file: FileFacts, files: readonly FileFacts[], { sha256 }: Hashes): string {
  const upTo = files.filter(({ base }) => base <= file.base);
  const text = upTo
    .toSorted((a, b) => (a.base < b.base ? -1 : 1))
    .filter((one) => !/^--\s*atlas:sum ignore\b/m.test(one.text))
    .map((one) => one.base + one.text);
  return btoa(String.fromCharCode(...bytesOf(sha256(text.join("")))));
}

/** As its rows call the file; a new one lies where all others do. */
export function changelogOf(own: string, rows: readonly TextRow[]): string | undefined {
  const names = rows.flatMap(({ filename }) => filename ?? []);
  const folders = [...new Set(names.map((name) => name.replace(/[^/]*$/, "")))];
  const same = names.find((name) => name.replace(/^.*\//, "") === own);
  return same ?? (folders.length === 1 ? `${folders[0]}${own}` : undefined);
}

export function statementsOf(text: string): readonly string[] {
  try {
    return splitStatements(text, "postgres").map(({ sql }) => sql);
  } catch {
    return [text];
  }
}

/** Drizzle 1.0: the second that the name of a folder begins with, in UTC. */
export function folderTime(stem: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?!\d)/.exec(stem) ?? [];
  if (year === undefined) return undefined;
  return Date.UTC(
    +year,
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
}

/** Without the ends of the lines, as Flyway reads it. */
export function lines(text: string, { crc32 }: Hashes): number {
  return crc32(
    text
      .replace(/^\uFEFF/, "")
      .split(/\r\n|\r|\n/)
      .join(""),
  );
}

/** `V1_2__add_x.sql`: version 1.2, "add x". */
export function flywayName(script: string): {
  readonly version: string | null;
  readonly description: string;
} {
  const [, version, words = ""] = /^(?:[VB]([\d._]+)|R)__(.*)\.sql$/.exec(script) ?? [];
  return {
    version: version?.replaceAll("_", ".") ?? null,
    description: words.replaceAll("_", " "),
  };
}

export function uuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
