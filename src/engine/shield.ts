/** Keeps policies that hide rows, and triggers, off our tables when a migration puts them on all tables. Pure. */
import type { Dialect } from "../core/language/dialect.ts";
import type { Named } from "../core/model/named.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import type { Action } from "../core/plan/action.ts";
import type { Step } from "../core/plan/step.ts";

/**
 * The statement that goes behind work that may have put them on our tables, and before our own
 * writes. None for most steps.
 */
export function shield(
  { actions }: Step,
  { dialect, history }: { readonly dialect: Dialect; readonly history: Named },
): readonly Statement[] {
  if (dialect.shieldSql === undefined || !actions.some(mayReachAll)) return [];
  return [plain(dialect.shieldSql(history))];
}

/** Whether tables that are made later may be meant too: then ours are made before. */
export function mayReachLater({ actions }: Step): boolean {
  return actions.some(
    (action) =>
      action.kind === "statements" &&
      action.statements.some(({ sql }) => /\bevent\s+trigger\b/i.test(sql)),
  );
}

function mayReachAll(action: Action): boolean {
  if (action.kind !== "statements") return action.kind === "run";
  if ((action.operation?.kind ?? "execute") !== "execute") return false;
  return action.statements.some(({ sql }) => reaching.test(sql));
}

/**
 * Matches SQL about triggers and row security, and SQL that calls functions which may make them.
 */
const reaching = /\btrigger\b|\brow\s+level\s+security\b|^\s*(?:do|call|select|with)\b/i;
