/** Errors from locks that others hold, and from statements that take too long. */
import {
  type Blocker,
  describeBlockers,
  describeLock,
  describeMs,
  type NamedLock,
} from "../blocker.ts";
import type { Catalogue } from "./entry.ts";
import { afterDone, type FailedMigration, failedWhere, named } from "./words.ts";

export type BlockedErrors = {
  blocked: FailedMigration & {
    /** The reason why each try ended, in the database's words. */
    readonly reason: string;
    readonly tries: number;
    readonly waitedMs: number;
    readonly wanted?: NamedLock | undefined;
    readonly blockers: readonly Blocker[];
  };
  statement_timed_out: FailedMigration & { readonly timeoutMs: number };
  online_timed_out: FailedMigration & { readonly timeoutMs: number };
  copy_refused: FailedMigration & { readonly reason: string };
};

export const blockedErrors: Catalogue<BlockedErrors> = {
  blocked: {
    exitCode: 1,
    message: (d) =>
      `${failedAt(d)}: ${d.reason}; ${wantedWords(d.wanted)}in the way: ${describeBlockers(d.blockers)}; ` +
      `gave up after ${d.tries === 1 ? "one try" : `${d.tries} tries`} in ${describeMs(d.waitedMs)}${afterDone(d.done)}`,
    hint: (d) =>
      `${left(d)} Run it again when they are done, or end them: ${endWords(d.blockers)} --retry-for MS tries for longer, --end-idle-blockers-after MS ends those that sit idle in a transaction.`,
  },
  statement_timed_out: {
    exitCode: 1,
    message: (d) =>
      `${failedAt(d)}: it took longer than ${describeMs(d.timeoutMs)}, for which others may have waited${afterDone(d.done)}`,
    hint: (d) =>
      `${left(d)} Change it in steps that hold no lock for long, or let it take longer with --statement-timeout MS.`,
  },
  online_timed_out: {
    exitCode: 1,
    message: (d) =>
      `${failedAt(d)}: it was cancelled after ${describeMs(d.timeoutMs)}${afterDone(d.done)}`,
    hint: () =>
      "Run it again. Slipway first clears away what was left half made. The statement waits for the transactions that were open when it began. If it needs longer, add --online-timeout MS.",
  },
  copy_refused: {
    exitCode: 4,
    message: (d) =>
      `${failedAt(d)}: the server can make this change only while nobody writes to the table: ${d.reason}${afterDone(d.done)}`,
    hint: () =>
      'Change it in steps that need no copy, or with a tool that copies beside the writers. When nobody writes, answer: safe: { "mysql-copy-blocks-writes": "why" }, in SQL -- slipway: safe mysql-copy-blocks-writes "why", or --online-ddl allow-copy.',
  },
};

function failedAt(failed: FailedMigration): string {
  const { repo, version, name, direction } = failed;
  return `repo ${repo}: ${named(version, name)} failed going ${direction}${failedWhere(failed)}`;
}

function wantedWords(wanted: NamedLock | undefined): string {
  return wanted === undefined ? "" : `it waited for ${describeLock(wanted)}; `;
}

/** No process holds a prepared transaction, so none can be ended. */
function endWords(blockers: readonly Blocker[]): string {
  const names = blockers.flatMap(({ prepared }) => prepared ?? []);
  if (names.length === 0) return "SELECT pg_terminate_backend(PID).";
  return names
    .map((name) => name.replaceAll("'", "''"))
    .map((name) => `ROLLBACK PREPARED '${name}'; (or COMMIT PREPARED)`)
    .join(" ");
}

function left({ transactional }: FailedMigration): string {
  return transactional
    ? "It left nothing."
    : "What ran before it stays, and the next run continues after it.";
}
