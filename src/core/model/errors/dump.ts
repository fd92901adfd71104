/** Errors when you write down a schema or load it. */
import type { Catalogue } from "./entry.ts";
import { list } from "./words.ts";

export type DumpErrors = {
  dump_differs: {
    readonly repo: string;
    readonly path: string;
    /** The first line that is another: from 1. */
    readonly line: number;
    readonly expected: string;
    readonly found: string;
  };
  dump_missing: { readonly repo: string; readonly path: string };
  dump_unreadable: { readonly path: string; readonly reason: string };
  dump_unwritable: { readonly path: string; readonly reason: string };
  load_not_empty: { readonly repo: string; readonly found: readonly string[] };
  load_failed: {
    readonly repo: string;
    /** `db/main/structure.sql:12` */
    readonly place: string;
    readonly statement: string;
    readonly reason: string;
    /** Whether what ran before it stays, as on MariaDB and MySQL. */
    readonly stays?: boolean | undefined;
  };
};

export const dumpErrors: Catalogue<DumpErrors> = {
  dump_differs: {
    exitCode: 3,
    message: (d) =>
      `repo ${d.repo}: ${d.path} is not the schema of the database: line ${d.line} is "${d.found}" and would be "${d.expected}"`,
    hint: () => "Run migrate and then dump, and commit the file.",
  },
  dump_missing: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: there is no ${d.path}`,
    hint: () => "Write it with dump, or name the file.",
  },
  dump_unreadable: {
    exitCode: 2,
    message: (d) => `${d.path} cannot be read: ${d.reason}`,
    hint: () => "Name a file that may be read.",
  },
  dump_unwritable: {
    exitCode: 2,
    message: (d) => `${d.path} cannot be written: ${d.reason}`,
    hint: () => "Name a file in a folder that may be written, or --out - for stdout.",
  },
  load_not_empty: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: the database is not empty, it has ${list(d.found.slice(0, 3))}${d.found.length > 3 ? ` and ${d.found.length - 3} more` : ""}`,
    hint: () =>
      "Load into an empty database. --skip-if-loaded does nothing where migrations have run.",
  },
  load_failed: {
    exitCode: 1,
    message: (d) =>
      `${d.place}: repo ${d.repo}: ${d.reason}${d.statement === "" ? "" : `, in ${d.statement}`}`,
    hint: (d) =>
      /out of shared memory/.test(d.reason)
        ? "One transaction locks all that it makes: raise max_locks_per_transaction of the server, and load it again. Nothing of the file was loaded."
        : d.stays === true
          ? "What stands before it was loaded and stays: drop the database before you try again."
          : "Nothing of the file was loaded.",
  },
};
