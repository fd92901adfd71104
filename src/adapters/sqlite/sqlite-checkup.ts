/**
 * Finds the traits of an SQLite file, and of its place, that will keep a migration from working, or
 * hurt while it does. Writes nothing.
 */
import { accessSync, constants, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Diagnosis } from "../../core/model/diagnosis.ts";
import type { Row } from "../adapter.ts";
import { numberIn, textIn } from "../facts-of-rows.ts";
import type { Looking } from "../looks.ts";

type Query = (sql: string) => Promise<readonly Row[]>;
type Seen = Omit<Diagnosis, "check">;

/** `path`: of the file; nothing for a database in memory, and for one that is somewhere else. */
export function sqliteLooks(query: Query, path: string | undefined): readonly Looking[] {
  const one = async (sql: string) => (await query(sql))[0];
  const pragma = async (name: string) =>
    textIn(await one(`SELECT ${name} AS value FROM pragma_${name}`), "value") ?? "";
  const local = path === undefined || path === ":memory:" || path === "" ? undefined : path;
  return [
    {
      check: "server",
      at: async () => ({
        state: "good",
        found: `SQLite ${textIn(await one("SELECT sqlite_version() AS version"), "version")}`,
      }),
    },
    { check: "rights", at: async () => (local === undefined ? undefined : rights(local)) },
    { check: "settings", at: async () => settings(await pragma("journal_mode")) },
    {
      check: "disk",
      at: async () => {
        const pages =
          numberIn(await one("SELECT page_count AS n FROM pragma_page_count"), "n") ?? 0;
        const size = numberIn(await one("SELECT page_size AS n FROM pragma_page_size"), "n") ?? 0;
        return local === undefined ? undefined : disk(local, pages * size);
      },
    },
  ];
}

/** The journal stands beside the file, so its folder must be writable too. https://www.sqlite.org/tempfiles.html */
function rights(path: string): Seen {
  for (const place of [path, dirname(path)]) {
    if (!isThere(place) || isWritable(place)) continue;
    return {
      state: "bad",
      found: `this user may not write ${place}`,
      advice: `Give it the right: chown or chmod u+w ${place}`,
    };
  }
  return { state: "good", found: "the file and its folder can be written" };
}

/** https://www.sqlite.org/wal.html */
function settings(mode: string): Seen {
  if (mode === "wal" || mode === "memory")
    return { state: "good", found: `journal_mode is ${mode}` };
  return {
    state: "warning",
    found: `journal_mode is ${mode}: while a migration writes, nobody reads`,
    advice: "PRAGMA journal_mode = wal; once, unless the file is on a network.",
  };
}

/** A table that is made anew is there twice until the end, and once more in the journal. */
function disk(path: string, bytes: number): Seen | undefined {
  const folder = dirname(path);
  if (!isThere(folder)) return undefined;
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const found = `${sized(free)} free, and the database has ${sized(bytes)}`;
  if (free > bytes * 2) return { state: "good", found };
  return {
    state: "warning",
    found,
    advice: "Make room: a table that is made anew is there twice until its migration ends.",
  };
}

function sized(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1_000 ** power).toPrecision(3))} ${units[power]}`;
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
