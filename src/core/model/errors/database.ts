/** Errors between Slipway and a database. */
import type { Catalogue } from "./entry.ts";

export type DatabaseErrors = {
  env_missing: { readonly variable: string };
  driver_missing: {
    readonly driver: string;
    readonly adapter: string;
    /** Who needs it, where that is no adapter of the release. */
    readonly needs?: string;
    /** The alternative that works without it. */
    readonly instead?: string;
  };
  connection_failed: {
    readonly repo: string;
    readonly target: string;
    readonly reason: string;
    readonly hint: string;
  };
  direct_url_needed: { readonly repo: string; readonly reason: string };
  history_foreign: {
    readonly repo: string;
    readonly table: string;
    /** Whose it is. Left out when nobody knows. */
    readonly tool?: string | undefined;
    /** Whether it stands where ours would be. */
    readonly taken: boolean;
    /** A name for ours. Default: the one that nobody else has. */
    readonly instead?: string | undefined;
  };
  /** The findings of `doctor`: `main: primary`. */
  not_well: { readonly found: readonly string[] };
  history_lost: {
    readonly repo: string;
    readonly table: string;
    /** Where there is one that has rows. Left out when only the events know of it. */
    readonly instead?: string | undefined;
  };
  history_unreadable: {
    readonly repo: string;
    readonly table: string;
    readonly reason: string;
    readonly hint?: string | undefined;
  };
  setup_refused: {
    readonly repo: string;
    /** Completes "cannot …". */
    readonly doing: string;
    readonly reason: string;
    readonly hint?: string | undefined;
  };
  storage_unsupported: {
    readonly repo: string;
    readonly database: string;
    readonly command: string;
  };
  storage_failed: { readonly repo: string; readonly command: string; readonly reason: string };
};

export const databaseErrors: Catalogue<DatabaseErrors> = {
  env_missing: {
    exitCode: 2,
    message: (d) => `the environment variable ${d.variable} is not set`,
    hint: (d) => `Set ${d.variable} where this command runs.`,
  },
  driver_missing: {
    exitCode: 2,
    message: (d) =>
      `${d.needs ?? `the adapter ${d.adapter}`} needs the package ${d.driver}, which is not installed`,
    hint: (d) =>
      d.instead === undefined
        ? `Install it: npm install ${d.driver}`
        : `Install it: npm install --save-dev ${d.driver}, or ${d.instead}`,
  },
  connection_failed: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: cannot connect to ${d.target}: ${d.reason}`,
    hint: (d) => d.hint,
  },
  not_well: {
    exitCode: 2,
    message: (d) => `this keeps migrations from working: ${d.found.join(", ")}`,
    hint: () => "Follow the advice under each line that is marked BAD, and run doctor again.",
  },
  direct_url_needed: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: ${d.reason}`,
    hint: () => "Give the adapter directUrl: the address of the server, past the pooler.",
  },
  history_foreign: {
    exitCode: 2,
    message: (d) =>
      `repo ${d.repo}: the table ${d.table} is ${d.tool === undefined ? "another tool's" : `the history of ${d.tool}`}, not Slipway's`,
    hint: (d) =>
      d.taken
        ? `Add historyTable: "${d.instead ?? "slipway_migrations"}" to repo ${d.repo}, then run slipway adopt ${d.repo} --dry-run.`
        : `Run slipway adopt ${d.repo} --dry-run. If ${d.table} is another app's, add otherHistories: "ignore" to repo ${d.repo}.`,
  },
  history_lost: {
    exitCode: 2,
    message: (d) =>
      d.instead === undefined
        ? `repo ${d.repo}: ${d.table} has no row, but slipway_events says that its migrations have run`
        : `repo ${d.repo}: ${d.table} has no row, and the history is in ${d.instead}`,
    hint: (d) =>
      d.instead === undefined
        ? `Bring ${d.table} back, or say what has run: slipway baseline ${d.repo} --at VERSION. Where nothing of it is left, drop slipway_events too.`
        : `Add historyTable: "${d.instead}" to repo ${d.repo}.`,
  },
  history_unreadable: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: the history table ${d.table} cannot be used: ${d.reason}`,
    hint: (d) =>
      d.hint ?? "Check that the user may read and write it and that no other library made it.",
  },
  setup_refused: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: cannot ${d.doing}: ${d.reason}`,
    hint: (d) =>
      d.hint ?? "Look at what the database says, and at docs/security.md for the rights.",
  },
  storage_unsupported: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: ${d.command} does not work on ${d.database}`,
    hint: () => "Make or remove that database by hand.",
  },
  storage_failed: {
    exitCode: 1,
    message: (d) => `repo ${d.repo}: ${d.command} failed: ${d.reason}`,
    hint: () => "Check the rights of the user and whether others are connected.",
  },
};
