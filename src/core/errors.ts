/**
 * Every error that Slipway can end with: code, message, hint and exit code stand together here,
 * and nowhere else is such a text built.
 */
import type { Version } from "./migration.ts";

/** Who holds the migration lock, as far as the database tells. */
export type LockHolder = {
  readonly pid?: string | undefined;
  readonly host?: string | undefined;
  readonly application?: string | undefined;
  readonly since?: string | undefined;
  readonly running?: string | undefined;
};

/** A migration that ended well before another one failed. */
export type DoneMigration = {
  readonly repo: string;
  readonly version: Version;
  readonly name: string;
};

/** The closed list of codes, each with what is known when it happens. */
export type ErrorDetails = {
  usage_invalid: { readonly reason: string; readonly hint: string };
  option_unknown: {
    readonly option: string;
    readonly of: string;
    readonly known: readonly string[];
  };
  option_invalid: { readonly option: string; readonly value: string; readonly expected: string };
  targets_conflict: { readonly given: readonly string[] };
  target_missing: { readonly given: string };
  repo_unknown: { readonly repo: string; readonly known: readonly string[] };
  repo_missing: { readonly known: readonly string[] };
  version_missing: { readonly repo: string };
  version_unknown: {
    readonly repo: string;
    readonly version: Version;
    readonly nearest?: Version | undefined;
  };
  version_duplicated: {
    readonly repo: string;
    readonly version: Version;
    readonly origins: readonly string[];
  };
  name_duplicated: {
    readonly repo: string;
    readonly name: string;
    readonly origins: readonly string[];
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
  migration_invalid: { readonly origin: string; readonly reason: string; readonly hint: string };
  callback_missing: { readonly origin: string; readonly callback: "up" | "down" };
  sql_section_missing: { readonly origin: string; readonly section: "up" | "down" };
  operation_invalid: { readonly origin: string; readonly reason: string; readonly hint: string };
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
  env_missing: { readonly variable: string };
  driver_missing: { readonly driver: string; readonly adapter: string };
  connection_failed: {
    readonly repo: string;
    readonly target: string;
    readonly reason: string;
    readonly hint: string;
  };
  direct_url_needed: { readonly repo: string; readonly reason: string };
  history_unreadable: { readonly repo: string; readonly table: string; readonly reason: string };
  lock_held: {
    readonly repo: string;
    readonly waitedMs: number;
    readonly holder?: LockHolder | undefined;
  };
  lock_lost: { readonly repo: string; readonly done: readonly DoneMigration[] };
  migration_failed: {
    readonly repo: string;
    readonly version: Version;
    readonly name: string;
    readonly direction: "up" | "down";
    readonly operation?: string | undefined;
    readonly reason: string;
    readonly transactional: boolean;
    readonly done: readonly DoneMigration[];
  };
  statement_interrupted: {
    readonly repo: string;
    readonly version: Version;
    readonly name: string;
    readonly operation: string;
  };
  journal_mismatch: {
    readonly repo: string;
    readonly version: Version;
    readonly name: string;
    readonly operation: string;
  };
  nothing_to_mark: { readonly repo: string; readonly version: Version };
  partly_failed: {
    readonly done: readonly string[];
    readonly failed: string;
    readonly reason: string;
  };
  migrations_pending: {
    readonly repos: readonly { readonly repo: string; readonly pending: readonly Version[] }[];
  };
  interrupted: { readonly signal: string; readonly done: readonly DoneMigration[] };
  release_missing: { readonly looked: readonly string[] };
  release_invalid: { readonly path: string; readonly reason: string };
  name_taken: { readonly name: string; readonly origin: string };
  file_exists: { readonly path: string };
  storage_unsupported: {
    readonly repo: string;
    readonly database: string;
    readonly command: string;
  };
  storage_failed: { readonly repo: string; readonly command: string; readonly reason: string };
  confirmation_missing: { readonly command: string };
  several: { readonly errors: readonly ReleaseError[] };
};

export type ErrorCode = keyof ErrorDetails;

type Entry<Code extends ErrorCode> = {
  readonly exitCode: number | ((details: ErrorDetails[Code]) => number);
  readonly message: (details: ErrorDetails[Code]) => string;
  readonly hint: (details: ErrorDetails[Code]) => string;
};

/**
 * Anything that Slipway refuses or fails at.
 * `code` is for programs, `message` says what is wrong, `hint` what to do next; `exitCode` is the command line's.
 */
export class ReleaseError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "ReleaseError";
  readonly code: Code;
  readonly details: ErrorDetails[Code];
  readonly hint: string;
  readonly exitCode: number;

  constructor(code: Code, details: ErrorDetails[Code], options?: ErrorOptions) {
    const entry: Entry<Code> = errors[code];
    super(entry.message(details), options);
    this.code = code;
    this.details = details;
    this.hint = entry.hint(details);
    this.exitCode = typeof entry.exitCode === "number" ? entry.exitCode : entry.exitCode(details);
  }

  /** Everything but the stack, for `--json`. */
  toJSON(): {
    code: Code;
    message: string;
    hint: string;
    exitCode: number;
    details: ErrorDetails[Code];
  } {
    const { code, message, hint, exitCode, details } = this;
    return { code, message, hint, exitCode, details };
  }
}

/** True for an error of ours, also when it comes from another copy of this package. */
export function isReleaseError(error: unknown): error is ReleaseError {
  return error instanceof Error && error.name === "ReleaseError" && "exitCode" in error;
}

/** Throws what was found: nothing, the one error, or all of them as `several`. */
export function refuse(found: readonly ReleaseError[]): void {
  const [first, second] = found;
  if (first === undefined) return;
  if (second === undefined) throw first;
  throw new ReleaseError("several", { errors: found });
}

const list = (words: readonly string[]): string => words.join(", ");
const named = (version: Version, name: string | undefined): string =>
  name ? `${version}_${name}` : version;
/** What was done before a failure: all of a few, or how many and the last. */
function afterDone(done: readonly DoneMigration[]): string {
  const words = done.map((m) => `${m.version} (${m.repo})`);
  if (words.length === 0) return "";
  return words.length <= 3
    ? `; done before it: ${list(words)}`
    : `; ${words.length} done before it, the last ${words.at(-1)}`;
}

/** Words for whoever holds the lock, as far as known. */
export function describeHolder(holder: LockHolder | undefined): string {
  if (holder === undefined) return "another process";
  const words = [
    holder.application,
    holder.pid && `pid ${holder.pid}`,
    holder.host && `on ${holder.host}`,
    holder.since && `since ${holder.since}`,
    holder.running && `running: ${holder.running}`,
  ].filter(Boolean);
  return words.length === 0 ? "another process" : words.join(", ");
}

const errors: { readonly [Code in ErrorCode]: Entry<Code> } = {
  usage_invalid: { exitCode: 2, message: (d) => d.reason, hint: (d) => d.hint },
  option_unknown: {
    exitCode: 2,
    message: (d) => `${d.of} has no option ${d.option}`,
    hint: (d) => (d.known.length === 0 ? "Leave it out." : `Use one of: ${list(d.known)}.`),
  },
  option_invalid: {
    exitCode: 2,
    message: (d) => `${d.option} is ${d.value}, which is not ${d.expected}`,
    hint: (d) => `Give ${d.option} ${d.expected}.`,
  },
  targets_conflict: {
    exitCode: 2,
    message: (d) => `${d.given.join(" and ")} exclude each other`,
    hint: () => "Give only one of them.",
  },
  target_missing: {
    exitCode: 2,
    message: (d) => `expected one of all, step, to or toExclusive, got ${d.given}`,
    hint: () => "Say how far to go, for example { all: true }.",
  },
  repo_unknown: {
    exitCode: 2,
    message: (d) => `the release has no repo ${d.repo}`,
    hint: (d) => `Use one of: ${list(d.known)}.`,
  },
  repo_missing: {
    exitCode: 2,
    message: () => "rollback needs the name of a repo",
    hint: (d) => `Name one of: ${list(d.known)}.`,
  },
  version_missing: {
    exitCode: 2,
    message: (d) => `rollback of ${d.repo} needs the version to go back to`,
    hint: () => "Look it up with status; the version that you name is rolled back too.",
  },
  version_unknown: {
    exitCode: 2,
    message: (d) => `repo ${d.repo} has no migration ${d.version}`,
    hint: (d) =>
      d.nearest === undefined
        ? "Look the version up with status."
        : `Did you mean ${d.nearest}? Look it up with status.`,
  },
  version_duplicated: {
    exitCode: 4,
    message: (d) =>
      `migrations can't be executed, migration version ${d.version} is duplicated: ${list(d.origins)}`,
    hint: () => "Give one of them another version, or delete it.",
  },
  name_duplicated: {
    exitCode: 4,
    message: (d) =>
      `migrations can't be executed, migration name ${d.name} is duplicated: ${list(d.origins)}`,
    hint: () => "Rename the one that has not run anywhere yet.",
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
      `Make it with: slipway gen migration NAME --repo ${d.repo}; or name another one in release.ts.`,
  },
  not_a_migration: {
    exitCode: 2,
    message: (d) => `file ${d.origin} does not define a migration`,
    hint: () => "Export one: export default defineMigration({ change(m) { … } }).",
  },
  migration_unloadable: {
    exitCode: 2,
    message: (d) => `file ${d.origin} cannot be loaded: ${d.reason}`,
    hint: () => "Fix the file; nothing has run.",
  },
  migration_invalid: {
    exitCode: 2,
    message: (d) => `file ${d.origin}: ${d.reason}`,
    hint: (d) => d.hint,
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
    message: (d) => `${d.origin}: ${d.reason}`,
    hint: (d) => d.hint,
  },
  irreversible: {
    exitCode: 4,
    message: (d) =>
      `${d.origin}${d.line === undefined ? "" : `:${d.line}`}: cannot reverse migration operation: ${d.operation}`,
    hint: (d) => d.fix,
  },
  operation_unsupported: {
    exitCode: 4,
    message: (d) => `${d.origin}: ${d.database} cannot ${d.operation}`,
    hint: (d) => d.hint,
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
      "Put it back as it was and write a new migration; or, if the difference is meant, add --allow-edited.",
  },
  prefix_mismatch: {
    exitCode: 2,
    message: (d) =>
      `${d.origin}: the prefix ${d.given} does not match the migrator's prefix ${d.expected}`,
    hint: () => "Leave the prefix out of the operation, or run without a prefix.",
  },
  env_missing: {
    exitCode: 2,
    message: (d) => `the environment variable ${d.variable} is not set`,
    hint: (d) => `Set ${d.variable} where this command runs.`,
  },
  driver_missing: {
    exitCode: 2,
    message: (d) =>
      `the adapter ${d.adapter} needs the package ${d.driver}, which is not installed`,
    hint: (d) => `npm install ${d.driver}`,
  },
  connection_failed: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: cannot connect to ${d.target}: ${d.reason}`,
    hint: (d) => d.hint,
  },
  direct_url_needed: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: ${d.reason}`,
    hint: () => "Give the adapter directUrl: the address of the server, past the pooler.",
  },
  history_unreadable: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: the history table ${d.table} cannot be used: ${d.reason}`,
    hint: () => "Check that the user may read and write it and that no other library made it.",
  },
  lock_held: {
    exitCode: 5,
    message: (d) =>
      `repo ${d.repo}: the migration lock is held by ${describeHolder(d.holder)}; gave up after ${Math.round(d.waitedMs / 1000)} s`,
    hint: () => "Wait for it to end and run this again; --lock-wait SECONDS waits longer.",
  },
  lock_lost: {
    exitCode: 1,
    message: (d) =>
      `repo ${d.repo}: the migration lock was lost, so the run was stopped${afterDone(d.done)}`,
    hint: () => "Run it again: what is committed is in the history, and the rest has left nothing.",
  },
  migration_failed: {
    exitCode: 1,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} failed going ${d.direction}` +
      `${d.operation ? ` at "${d.operation}"` : ""}: ${d.reason}${afterDone(d.done)}`,
    hint: (d) =>
      d.transactional
        ? "It was rolled back whole. Fix the cause and run this again."
        : "It does not run in a transaction, so what ran before the failure stays. Look at the database, fix the cause, run this again.",
  },
  statement_interrupted: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} was interrupted at "${d.operation}", and nobody but its author can tell whether that had its effect`,
    hint: (d) =>
      `Look at the database, then say: slipway mark ${d.repo} ${d.version} done, or: slipway mark ${d.repo} ${d.version} again; and run this again.`,
  },
  journal_mismatch: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} was edited after a part of it ran; the first difference is "${d.operation}"`,
    hint: () => "Put it back as it was, run it to its end, and write a new migration.",
  },
  nothing_to_mark: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: no statement of ${d.version} was interrupted`,
    hint: () => "Look at status; only what an interrupted run left in doubt can be marked.",
  },
  partly_failed: {
    exitCode: 6,
    message: (d) => `${list(d.done)} done, but ${d.failed} failed: ${d.reason}`,
    hint: () => "Fix the cause and run this again: what is done is not done twice.",
  },
  migrations_pending: {
    exitCode: 3,
    message: (d) =>
      `there are pending migrations: ${d.repos.map((r) => `${r.repo} (${list(r.pending)})`).join("; ")}`,
    hint: () => "Run migrate.",
  },
  interrupted: {
    exitCode: (d) => (d.signal === "SIGINT" ? 130 : 143),
    message: (d) => `stopped by ${d.signal}${afterDone(d.done)}`,
    hint: () => "It is safe to run this again: it goes on where it stopped.",
  },
  release_missing: {
    exitCode: 2,
    message: (d) => `no release file found: looked for ${list(d.looked)}`,
    hint: () => "Write one with: slipway gen release; or name it with --release PATH.",
  },
  release_invalid: {
    exitCode: 2,
    message: (d) => `${d.path} cannot be used: ${d.reason}`,
    hint: () => "It must export Release = defineRelease({ … }).",
  },
  name_taken: {
    exitCode: 2,
    message: (d) =>
      `migration can't be created, there is already a migration file with name ${d.name}: ${d.origin}`,
    hint: () => "Choose another name.",
  },
  file_exists: {
    exitCode: 2,
    message: (d) => `${d.path} exists already`,
    hint: () => "Delete it first if you want a new one.",
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
  confirmation_missing: {
    exitCode: 2,
    message: (d) => `${d.command} was not confirmed, so nothing was done`,
    hint: () => "Answer yes, or add --yes.",
  },
  several: {
    exitCode: (d) => d.errors[0]?.exitCode ?? 2,
    message: (d) => d.errors.map((error) => error.message).join("\n"),
    hint: (d) => [...new Set(d.errors.map((error) => error.hint))].join("\n"),
  },
};
