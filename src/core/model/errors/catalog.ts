/** What goes wrong when a schema is written down or loaded. */
import type { Catalogue } from "./entry.ts";
import { list, onOneLine } from "./words.ts";

export type CatalogErrors = {
  dump_differs: {
    readonly repo: string;
    readonly path: string;
    /** The first line that is another: from 1. */
    readonly line: number;
    readonly expected: string;
    readonly found: string;
  };
  diff_unsupported: { readonly repo: string; readonly database: string };
  diff_extension_missing: {
    readonly repo: string;
    /** The file that wants it. */
    readonly path: string;
    readonly extension: string;
  };
  diff_pending: {
    readonly repo: string;
    /** What the migrations make of the schema is another than this. */
    readonly to: string;
    /** One line for each object that differs. */
    readonly changes: readonly string[];
  };
  diff_unproven: {
    readonly repo: string;
    /** `there`, or `back`. */
    readonly way: "up" | "down";
    readonly changes: readonly string[];
  };
  diff_tool_missing: { readonly tool: string; readonly install: string };
  diff_tool_failed: { readonly tool: string; readonly reason: string };
  dump_missing: { readonly repo: string; readonly path: string };
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

export const catalogErrors: Catalogue<CatalogErrors> = {
  dump_differs: {
    exitCode: 3,
    message: (d) =>
      `repo ${d.repo}: ${d.path} is not the schema of the database: line ${d.line} is "${d.found}" and would be "${d.expected}"`,
    hint: () => "Run migrate and then dump, and commit the file.",
  },
  diff_unsupported: {
    exitCode: 2,
    message: (d) =>
      `repo ${d.repo}: no migration can be written from a difference on ${d.database}`,
    hint: () => "It is for PostgreSQL and PGlite. Write the migration by hand.",
  },
  diff_extension_missing: {
    exitCode: 2,
    message: (d) =>
      `${d.path}: repo ${d.repo} wants the extension ${d.extension}, which PGlite does not have`,
    hint: () =>
      "Name a server that has it with --shadow: a database is made there and dropped again.",
  },
  diff_pending: {
    exitCode: 3,
    message: (d) =>
      `repo ${d.repo}: the migrations do not make the schema of ${d.to}: ${d.changes.length === 1 ? "1 difference" : `${d.changes.length} differences`}`,
    hint: () => "Write the migration: gen migration NAME --diff with the same --to, and commit it.",
  },
  diff_unproven: {
    exitCode: 1,
    message: (d) =>
      `repo ${d.repo}: nothing was written, because the migration ${d.way === "up" ? "would not give the wished schema" : "could not be rolled back to the schema that was"}: ${d.changes.slice(0, 3).map(onOneLine).join("; ")}${d.changes.length > 3 ? ` and ${d.changes.length - 3} more` : ""}`,
    hint: () => "Please report it with both schemas, and write this change by hand.",
  },
  diff_tool_missing: {
    exitCode: 2,
    message: (d) => `${d.tool} is not installed here`,
    hint: (d) => `Install it: ${d.install}`,
  },
  diff_tool_failed: {
    exitCode: 1,
    message: (d) => `${d.tool} has written no schema: ${d.reason}`,
    hint: (d) => `Run ${d.tool} by itself until it writes SQL, or give a file with --to.`,
  },
  dump_missing: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: there is no ${d.path}`,
    hint: () => "Write it with dump, or name the file.",
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
      d.stays === true
        ? "What stands before it was loaded and stays: drop the database before you try again."
        : "Nothing of the file was loaded.",
  },
};
