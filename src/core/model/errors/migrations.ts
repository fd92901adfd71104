/** Errors in the migrations themselves, found before anything runs. */

import type { Version } from "../migration.ts";
import type { Catalogue } from "./entry.ts";
import { list, named } from "./words.ts";

export type MigrationsErrors = {
  version_duplicated: {
    readonly repo: string;
    readonly version: Version;
    readonly origins: readonly string[];
  };
  version_ambiguous: {
    readonly repo: string;
    readonly version: Version;
    readonly ids: readonly string[];
  };
  out_of_order: {
    readonly repo: string;
    readonly version: Version;
    readonly name: string;
    readonly newest: Version;
  };
  folder_missing: { readonly repo: string; readonly folder: string };
  not_a_migration: { readonly origin: string };
  migration_unloadable: { readonly origin: string; readonly reason: string };
  migration_empty: { readonly repo: string; readonly origin: string };
  migration_invalid: { readonly origin: string; readonly reason: string; readonly hint: string };
  not_utf8: {
    readonly origin: string;
    readonly line: number;
    /** In characters, from 1. */
    readonly column: number;
    readonly found: string;
  };
  callback_missing: { readonly origin: string; readonly callback: "up" | "down" };
  sql_section_missing: { readonly origin: string; readonly section: "up" | "down" };
  operation_invalid: {
    readonly origin: string;
    /** Where it stands in the file, when that can be known. */
    readonly line?: number | undefined;
    readonly reason: string;
    readonly hint: string;
  };
  irreversible: {
    readonly origin: string;
    /** Where the operation stands in the file, when that can be known: a bundle has no files. */
    readonly line?: number | undefined;
    readonly operation: string;
    readonly fix: string;
  };
  operation_unsupported: {
    readonly origin: string;
    readonly operation: string;
    readonly database: string;
    readonly hint: string;
  };
  baseline_partly: { readonly repo: string; readonly baseline: string; readonly newest: Version };
  not_in_release: {
    readonly repo: string;
    readonly version: Version;
    readonly name?: string | undefined;
    /** Why the plan in the history does not do either. Default: there is none. */
    readonly reason?: string | undefined;
    /** The release that ran it, as far as the history says. */
    readonly release?: string | undefined;
  };
  migration_edited: {
    readonly repo: string;
    readonly version: Version;
    readonly name: string;
    readonly origin: string;
    /** `- ` a statement that ran, `+ ` one that is in the file now. */
    readonly diff: readonly string[];
  };
  prefix_mismatch: { readonly origin: string; readonly given: string; readonly expected: string };
};

export const migrationsErrors: Catalogue<MigrationsErrors> = {
  version_duplicated: {
    exitCode: 4,
    message: (d) =>
      `migrations can't be executed, migration version ${d.version} is duplicated: ${list(d.origins)}`,
    hint: () => "Give one of them another version, or delete it.",
  },
  version_ambiguous: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: ${d.ids.length} migrations start with ${d.version}`,
    hint: (d) => `Name one of them: ${list(d.ids)}`,
  },
  out_of_order: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} is pending, but the newer ${d.newest} has already run`,
    hint: (d) =>
      `Give ${d.version} a version after ${d.newest}, or run without --strict-version-order.`,
  },
  folder_missing: {
    exitCode: 2,
    message: (d) => `repo ${d.repo} has no migrations folder ${d.folder}`,
    hint: (d) =>
      `Make it with: slipway gen migration NAME --repo ${d.repo}. Or name another folder in release.ts.`,
  },
  not_a_migration: {
    exitCode: 2,
    message: (d) => `file ${d.origin} does not define a migration`,
    hint: () => "Export one: export default defineMigration({ change(m) { … } }).",
  },
  migration_unloadable: {
    exitCode: 2,
    message: (d) => `file ${d.origin} cannot be loaded: ${d.reason}`,
    hint: () => "Fix the file. Nothing has run yet.",
  },
  migration_empty: {
    exitCode: 4,
    message: (d) => `repo ${d.repo}: ${d.origin} does nothing`,
    hint: () => "Fill the file in, or remove it. Without --strict, Slipway records it as applied.",
  },
  migration_invalid: {
    exitCode: 2,
    message: (d) => `file ${d.origin}: ${d.reason}`,
    hint: (d) => d.hint,
  },
  not_utf8: {
    exitCode: 2,
    message: (d) => `file ${d.origin}:${d.line}:${d.column} is not UTF-8: ${d.found}`,
    hint: () => "Open the file in its encoding, and save it as UTF-8. Nothing has run.",
  },
  callback_missing: {
    exitCode: 4,
    message: (d) => `${d.origin} does not implement ${d.callback} or change`,
    hint: (d) => `Add ${d.callback}(m) { … } to it.`,
  },
  sql_section_missing: {
    exitCode: 4,
    message: (d) => `${d.origin} has no ${d.section} part`,
    hint: (d) =>
      d.section === "up"
        ? "Start its first part with a line -- migrate:up."
        : "Add a part that starts with a line -- migrate:down, or a .down.sql file beside it.",
  },
  operation_invalid: {
    exitCode: 2,
    message: (d) => `${placeOf(d)}: ${d.reason}`,
    hint: (d) => d.hint,
  },
  irreversible: {
    exitCode: 4,
    message: (d) => `${placeOf(d)}: cannot reverse migration operation: ${d.operation}`,
    hint: (d) => d.fix,
  },
  operation_unsupported: {
    exitCode: 4,
    message: (d) => `${d.origin}: ${d.database} cannot ${d.operation}`,
    hint: (d) => d.hint,
  },
  baseline_partly: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: the database has a part of what ${d.baseline} stands for, up to ${d.newest}, and the rest has no file any more`,
    hint: (d) =>
      `Bring those files back, or run the release that has them first. Where the database has it all: slipway mark ${d.repo} ${d.baseline} applied`,
  },
  not_in_release: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} is applied, but this release cannot roll it back: ` +
      (d.reason ?? "it does not contain it, and the history has no plan of it"),
    hint: (d) =>
      `Roll it back with ${d.release ? `the release ${d.release}, which ran it` : "the release that contains it"}.`,
  },
  migration_edited: {
    exitCode: 4,
    message: (d) =>
      [
        `repo ${d.repo}: ${d.origin} has run, and says something else now`,
        ...d.diff.map((line) => `  ${line}`),
      ].join("\n"),
    hint: () =>
      "Put the file back as it was, and write a new migration for the change. If you mean the difference, add --allow-edited.",
  },
  prefix_mismatch: {
    exitCode: 2,
    message: (d) =>
      `${d.origin}: the prefix ${d.given} does not match the migrator's prefix ${d.expected}`,
    hint: () => "Leave the prefix out of the operation, or run without a prefix.",
  },
};

function placeOf({ origin, line }: MigrationsErrors["operation_invalid" | "irreversible"]): string {
  return line === undefined ? origin : `${origin}:${line}`;
}
