/** Errors when Slipway writes a migration from a difference. */
import type { Catalogue } from "./entry.ts";
import { onOneLine } from "./words.ts";

export type CatalogErrors = {
  diff_unsupported: { readonly repo: string; readonly database: string };
  diff_refused: {
    readonly repo: string;
    /** Tables that would lose their rows, by the ids of a catalog. */
    readonly tables: readonly { readonly object: string; readonly reason: string }[];
  };
  diff_extension_missing: {
    readonly repo: string;
    /** The file that wants it. */
    readonly path: string;
    readonly extension: string;
  };
  diff_other_dump: {
    readonly repo: string;
    readonly path: string;
    /** `MariaDB or MySQL`: whose dump it is. */
    readonly of: string;
  };
  diff_unreadable: { readonly repo: string; readonly target: string; readonly reason: string };
  diff_pending: {
    readonly repo: string;
    /** The schema that the migrations should have made, and did not. */
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
  diff_takes_ignored: { readonly repo: string; readonly changes: readonly string[] };
  diff_tool_missing: { readonly tool: string; readonly install: string };
  diff_tool_failed: { readonly tool: string; readonly reason: string };
};

export const catalogErrors: Catalogue<CatalogErrors> = {
  diff_unsupported: {
    exitCode: 2,
    message: (d) =>
      `repo ${d.repo}: no migration can be written from a difference on ${d.database}`,
    hint: () =>
      "It is for PostgreSQL, PGlite, SQLite, MariaDB and MySQL. Write the migration by hand.",
  },
  diff_refused: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: nothing was written: ${d.tables.map(({ object, reason }) => `${object}: ${reason}`).join("; ")}`,
    hint: () =>
      "Write this change by hand: make the new one by another name, move the rows with a backfill, then give it the name.",
  },
  diff_extension_missing: {
    exitCode: 2,
    message: (d) =>
      `${d.path}: repo ${d.repo} wants the extension ${d.extension}, which PGlite does not have`,
    hint: () =>
      "Name a server that has it with --shadow: a database is made there and dropped again.",
  },
  diff_other_dump: {
    exitCode: 2,
    message: (d) =>
      `${d.path} is a dump of ${d.of}, which the database of repo ${d.repo} cannot read`,
    hint: () => "Give --to the SQL of the same kind of database as that of the repo.",
  },
  diff_unreadable: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: the schema of ${d.target} cannot be read: ${d.reason}`,
    hint: () => "Read it as the user who owns it: what cannot be seen would be taken to be gone.",
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
  diff_takes_ignored: {
    exitCode: 1,
    message: (d) =>
      `repo ${d.repo}: nothing was written, because the migration would change objects that \`ignore\` leaves alone: ${d.changes.slice(0, 3).map(onOneLine).join("; ")}${d.changes.length > 3 ? ` and ${d.changes.length - 3} more` : ""}`,
    hint: () =>
      "Write this change by hand, or take these objects out of `ignore` and put them into the wished schema.",
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
};
