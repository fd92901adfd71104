/** How a run can end, other than well. */

import type { Version } from "../migration.ts";
import type { Catalogue } from "./entry.ts";
import {
  afterDone,
  type DoneMigration,
  describeHolder,
  type FailedMigration,
  failedWhere,
  type LockHolder,
  list,
  named,
} from "./words.ts";

export type RunErrors = {
  baseline_refused: {
    readonly repo: string;
    readonly version: Version;
    readonly newer: Version;
    readonly name?: string | undefined;
  };
  lock_held: {
    readonly repo: string;
    readonly waitedMs: number;
    readonly holder?: LockHolder | undefined;
  };
  lock_lost: { readonly repo: string; readonly done: readonly DoneMigration[] };
  migration_failed: FailedMigration & { readonly reason: string };
  transaction_broken: RunErrors["migration_failed"] & { readonly how: "ended" | "left_open" };
  rows_hidden: {
    readonly repo: string;
    readonly version: Version;
    readonly name: string;
    readonly reason: string;
    readonly done?: readonly DoneMigration[];
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
    /** Default: up. */
    readonly direction?: "up" | "down";
    /** It is one that runs again, and an earlier text of it ran. Default: it runs once. */
    readonly again?: true;
    readonly operation: string;
  };
  rollback_unclear: RunErrors["journal_mismatch"];
  half_applied: { readonly repo: string; readonly version: Version; readonly name: string };
  rollback_unfinished: { readonly repo: string; readonly version: Version; readonly name: string };
  nothing_to_mark: { readonly repo: string; readonly version: Version };
  partly_failed: {
    readonly done: readonly string[];
    readonly failed: string;
    readonly reason: string;
  };
  migrations_pending: {
    readonly repos: readonly { readonly repo: string; readonly pending: readonly Version[] }[];
  };
  interrupted: {
    readonly signal: string;
    readonly done: readonly DoneMigration[];
    /** Modules of the user's that were still loading. Default: none. */
    readonly loading?: readonly string[];
  };
};

const brokenWords = {
  ended: "ended the transaction of the migration with its own COMMIT or ROLLBACK",
  left_open: "began a transaction and left it open",
} as const;

/** One that runs again is pending when it has no row, and only then for sure. */
function beginAnew({ repo, version, again }: RunErrors["journal_mismatch"]): string {
  return again
    ? `To run what it says now from its beginning, say: slipway mark ${repo} ${version} pending --reason TEXT.`
    : `If you undo it by hand, say: slipway mark ${repo} ${version} anew.`;
}

export const runErrors: Catalogue<RunErrors> = {
  lock_held: {
    exitCode: 5,
    message: (d) =>
      `repo ${d.repo}: the migration lock is held by ${describeHolder(d.holder)}; gave up after ${Math.round(d.waitedMs / 1000)} s`,
    hint: () =>
      "Wait until that run ends, and run this again. To wait longer, add --lock-wait SECONDS. To see what it does, run: slipway status",
  },
  lock_lost: {
    exitCode: 1,
    message: (d) =>
      `repo ${d.repo}: the migration lock was lost, so the run was stopped${afterDone(d.done)}`,
    hint: () => "Run it again. What is committed is in the history, and the rest left nothing.",
  },
  migration_failed: {
    exitCode: 1,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} failed going ${d.direction}${failedWhere(d)}` +
      `: ${d.reason}${afterDone(d.done)}`,
    hint: (d) =>
      d.transactional
        ? "It was rolled back whole. Fix the cause and run this again."
        : `It does not run in a transaction, so what ran before the failure stays. To see what that is, run: slipway status. Fix the cause and run this again. To undo that part instead, run: slipway rollback ${d.repo} ${d.version}. If you undo it by hand, say: slipway mark ${d.repo} ${d.version} anew`,
  },
  transaction_broken: {
    exitCode: 1,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} failed going ${d.direction}` +
      `${d.operation ? ` at "${d.operation}"` : ""}: its code ${brokenWords[d.how]}` +
      `${d.reason === "" ? "" : `, and then failed: ${d.reason}`}${afterDone(d.done)}`,
    hint: (d) =>
      d.how === "ended"
        ? "What it committed, and what it did after that, stays, and the history has no row of it. Put the database back by hand. In the code, take BEGIN, COMMIT and ROLLBACK out, or write savepoints instead. Then run this again."
        : "That transaction was rolled back, and what the code did before it stays. Look at the database. Let the code end each transaction that it begins, and run this again.",
  },
  rows_hidden: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} would not see all rows: ${d.reason}${afterDone(d.done ?? [])}`,
    hint: () =>
      'Run it as a role with BYPASSRLS, or as the owner of a table without FORCE ROW LEVEL SECURITY. To change only what this role sees, give a backfill rowSecurity: "as-role", or begin the data migration with: set local row_security = on',
  },
  statement_interrupted: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} was interrupted at "${d.operation}", and nobody but its author can tell whether that had its effect`,
    hint: (d) =>
      `Look at the database. If the statement had its effect, say: slipway mark ${d.repo} ${d.version} done. If it had none, say: slipway mark ${d.repo} ${d.version} again. Then run this again.`,
  },
  journal_mismatch: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} was edited after a part of it ran; the first difference is "${d.operation}"`,
    hint: (d) =>
      d.direction === "down"
        ? `Put its way back as it was, and roll it back to its end. If you undo the rest by hand, say: slipway mark ${d.repo} ${d.version} pending --reason TEXT`
        : `Put the file back as it was, and run it to its end. To undo the part that is done instead, run: slipway rollback ${d.repo} ${d.version}. ${beginAnew(d)} If you do the rest by hand, say: slipway mark ${d.repo} ${d.version} applied --reason TEXT`,
  },
  half_applied: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} is applied in part, and this would leave that part behind`,
    hint: (d) =>
      `Look with slipway status. To finish it, run: slipway migrate --repo ${d.repo}. To undo it, run: slipway rollback ${d.repo} ${d.version}. If you undo it by hand, say: slipway mark ${d.repo} ${d.version} anew`,
  },
  rollback_unfinished: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} was rolled back in part, so it can neither continue nor begin`,
    hint: (d) =>
      `To roll it back to its end, run: slipway rollback ${d.repo} ${d.version}. If you undo the rest by hand, say: slipway mark ${d.repo} ${d.version} pending --reason TEXT. If you put back what is undone, say: slipway mark ${d.repo} ${d.version} applied --reason TEXT`,
  },
  rollback_unclear: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: a part of ${named(d.version, d.name)} ran, and nobody but its author can tell whether "${d.operation}" undoes that part`,
    hint: (d) =>
      `Leave in its way back only what undoes that part, and run: slipway rollback ${d.repo} ${d.version} --from-files. If you undo it by hand, say: slipway mark ${d.repo} ${d.version} anew. If you do the rest by hand, say: slipway mark ${d.repo} ${d.version} applied --reason TEXT`,
  },
  baseline_refused: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.newer, d.name ?? "")} has run already, which is newer than the baseline ${d.version}`,
    hint: () =>
      "Use a baseline only on a database without a history. To record a single migration, say: slipway mark REPO VERSION applied",
  },
  nothing_to_mark: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: no statement of ${d.version} was interrupted`,
    hint: (d) =>
      `Look with slipway status. The answers done and again are only for a statement that an interrupted run left in doubt. For a half-done migration: if you undo it by hand, say: slipway mark ${d.repo} ${d.version} anew. If you do the rest by hand, say: slipway mark ${d.repo} ${d.version} applied --reason TEXT`,
  },
  partly_failed: {
    exitCode: 6,
    message: (d) => `${list(d.done)} done, but ${d.failed} failed: ${d.reason}`,
    hint: () => "Fix the cause and run this again. Slipway does not do twice what is done.",
  },
  migrations_pending: {
    exitCode: 3,
    message: (d) =>
      `there are pending migrations: ${d.repos.map((r) => `${r.repo} (${list(r.pending)})`).join("; ")}`,
    hint: () => "Run: slipway migrate",
  },
  interrupted: {
    exitCode: (d) => (d.signal === "SIGINT" ? 130 : d.signal === "SIGHUP" ? 129 : 143),
    message: ({ signal, done, loading = [] }) =>
      `stopped by ${signal}${loading.length === 0 ? "" : ` while ${list(loading)} had not finished loading`}${afterDone(done)}`,
    hint: ({ loading = [] }) =>
      loading.length === 0
        ? "It is safe to run this again: it continues where it stopped."
        : "Nothing has run. A migration's module must finish loading by itself: look at what it awaits.",
  },
};
