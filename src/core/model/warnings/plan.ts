/** Warnings about migrations before they run. */
import type { MigrationsErrors } from "../errors/migrations.ts";
import { migrationsErrors } from "../errors/migrations.ts";
import type { RunErrors } from "../errors/run.ts";
import { list, named } from "../errors/words.ts";
import type { ErrorCode } from "../errors.ts";
import type { Direction, Version } from "../migration.ts";
import type { WarningWords } from "./entry.ts";

/** An operation that `safe: "auto"` has replaced, in words. */
export type Replacement = { readonly operation: string; readonly by: readonly string[] };

/** A migration in a phase that its operations do not ask for. */
type Misplaced = {
  readonly version: Version;
  readonly name: string;
  /** Whether only a part of it belongs into the other phase. */
  readonly isPart: boolean;
};

export type PlanWarnings = {
  out_of_order: { readonly version: Version; readonly newest: Version };
  history_shared: {
    readonly repo: string;
    readonly table: string;
    readonly id: string;
    /** The migration with the same version, in another repo. */
    readonly other: { readonly repo: string; readonly id: string };
    /** How many more there are of this repo. */
    readonly more: number;
  };
  version_unknown: { readonly version: Version; readonly nearest: Version | undefined };
  edit_allowed: MigrationsErrors["migration_edited"];
  looks_edited: { readonly origin: string };
  rolled_back_from_history: { readonly id: string };
  not_what_ran: { readonly origin: string };
  history_sends: { readonly id: string; readonly sql: string };
  half_done: {
    readonly id: string;
    readonly direction: Direction;
    readonly done: number;
    readonly inDoubt: number;
  };
  half_applied: RunErrors["half_applied"];
  does_nothing: { readonly origin: string };
  data_gone: { readonly id: string; readonly things: readonly string[] };
  operation_replaced: { readonly origin: string } & Replacement;
  tenants_share: {
    readonly origin: string;
    /** The object that every tenant's transaction locks: `public.countries`. */
    readonly object: string;
    readonly mode?: string | undefined;
    readonly statement: string;
  };
  would_be_refused: {
    readonly error: ErrorCode;
    readonly reason: string;
    readonly hint: string;
    readonly details: object;
  };
  breaks_old_code: Misplaced & { readonly breaks: readonly string[] };
  late_for_new_code: Misplaced & { readonly gives: readonly string[] };
};

export const planWarnings: WarningWords<PlanWarnings> = {
  out_of_order: (d) =>
    `You are running migration ${d.version} but a newer migration with version ${d.newest} has already run. ` +
    `A rollback would revert ${d.newest} before ${d.version}; give it a later version if that matters.`,
  history_shared: (d) =>
    `repos ${d.other.repo} and ${d.repo} are in one database and keep their history in one table, ${d.table}, which knows versions alone: ` +
    `where ${d.other.id} has run, ${d.id} never runs${d.more === 0 ? "" : `, and ${d.more} more never run either`}; give one of the two a separate historyTable`,
  version_unknown: (d) =>
    `no migration has version ${d.version}${d.nearest === undefined ? "" : `; did you mean ${d.nearest}?`}`,
  edit_allowed: migrationsErrors.migration_edited.message,
  looks_edited: (d) => `${d.origin} was edited after it ran, in its looks only`,
  rolled_back_from_history: (d) =>
    `${d.id} is not in this release; it is rolled back by the plan that the history keeps`,
  not_what_ran: (d) =>
    `${d.origin} is not what ran; what ran is rolled back, by the plan that the history keeps (--from-files takes the file)`,
  history_sends: (d) => `${d.id} will send: ${d.sql.replace(/\s+/g, " ").trim()}`,
  half_done: (d) => {
    const areDone = d.done === 1 ? "is" : "are";
    const what = `${d.done} of its statements ${areDone} done and will not run again`;
    const inDoubt = d.inDoubt === 1 ? "is" : "are";
    const doubt = d.inDoubt === 0 ? "" : `, ${d.inDoubt} ${inDoubt} in doubt`;
    return `${d.id} stopped in the middle of going ${d.direction}: ${what}${doubt}`;
  },
  half_applied: (d) =>
    `${named(d.version, d.name)} is applied in part and not touched by this: finish it, roll it back or mark it; see status`,
  does_nothing: (d) =>
    `${d.origin} does nothing: it counts as applied, and what you write into it afterwards does not run (--strict refuses it)`,
  data_gone: (d) => `${d.id}: ${list(d.things)} comes back empty: what was in it is gone`,
  operation_replaced: (d) => `${d.origin}: ${d.operation} is replaced by ${d.by.join("; ")}`,
  tenants_share: ({ origin, object, mode }) =>
    mode === undefined
      ? `${origin}: every tenant's transaction changes ${object}, which is there once for all: do it in a migration of what belongs to all`
      : `${origin}: every tenant's transaction takes ${mode} on ${object}, which all share: the tenants wait there for each other, and so do those who write to it`,
  would_be_refused: (d) => d.reason,
  breaks_old_code: (d) => {
    const mend = d.isPart ? "split it into two, and let that part run after" : give("after");
    return `${named(d.version, d.name)} runs before the deploy, but ${list(d.breaks)}, which the code that runs now may need: ${mend}`;
  },
  late_for_new_code: (d) => {
    const mend = d.isPart ? "split it into two, and let that part run before" : give("before");
    return `${named(d.version, d.name)} runs after the deploy, but the new code may need ${list(d.gives)}: ${mend}`;
  },
};

function give(phase: "before" | "after"): string {
  return `give it phase "${phase}"`;
}
