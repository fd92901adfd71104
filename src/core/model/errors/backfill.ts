/** Refusals of a backfill, and the ways in which one fails. */
import type { Version } from "../migration.ts";
import type { Catalogue } from "./entry.ts";
import { named } from "./words.ts";

type Which = { readonly repo: string; readonly version: Version; readonly name: string };

export type BackfillErrors = {
  backfill_refused: Which & { readonly reason: string; readonly hint: string };
  backfill_changed: Which;
  backfill_table_replaced: Which & { readonly table: string };
  backfill_stopped: Which & {
    readonly state: "paused" | "cancelled" | "failed";
    readonly reason?: string | undefined;
  };
  backfill_failed: Which & {
    readonly reason: string;
    /** How many rows are kept as dead letters. */
    readonly dead: number;
  };
  backfill_unknown: { readonly version: Version; readonly repos: readonly string[] };
  backfill_ambiguous: { readonly version: Version; readonly repos: readonly string[] };
};

export const backfillErrors: Catalogue<BackfillErrors> = {
  backfill_refused: {
    exitCode: 4,
    message: (d) => `repo ${d.repo}: ${named(d.version, d.name)} cannot run: ${d.reason}`,
    hint: (d) => d.hint,
  },
  backfill_changed: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} is under way, and this release has another definition of it`,
    hint: () =>
      "To run the new definition on the rows that are left, add --accept-changed. Otherwise restore the old definition.",
  },
  backfill_table_replaced: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} is under way, and ${d.table} is another table than the one it was begun on`,
    hint: (d) =>
      `To begin at the first row of the new table, run: slipway backfill restart ${d.version}. If that table has the rows that are done, continue with the others: add --accept-changed.`,
  },
  backfill_stopped: {
    exitCode: (d) => (d.state === "failed" ? 1 : 4),
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} is ${d.state}${d.reason ? `: ${d.reason}` : ""}`,
    hint: (d) => `Continue with: slipway backfill resume ${d.version}`,
  },
  backfill_failed: {
    exitCode: 1,
    message: (d) => `repo ${d.repo}: ${named(d.version, d.name)} failed: ${d.reason}`,
    hint: (d) =>
      d.dead > 0
        ? `Look at the rows with: slipway backfill show ${d.version}. Fix the cause, then run: slipway backfill retry-dead ${d.version}`
        : `Fix the cause, then run: slipway backfill resume ${d.version}`,
  },
  backfill_unknown: {
    exitCode: 2,
    message: (d) => `no backfill has version ${d.version} in ${d.repos.join(", ")}`,
    hint: () => "Look them up with: slipway backfill list",
  },
  backfill_ambiguous: {
    exitCode: 2,
    message: (d) => `several repos have a backfill ${d.version}: ${d.repos.join(", ")}`,
    hint: (d) => `Name one of them: --repo ${d.repos[0] ?? "NAME"}`,
  },
};
