/** Leaves a note of a run in `pg_stat_activity.query`, for whoever looks at the server. */
import { type Blocker, shownQuery } from "../../core/model/blocker.ts";
import { mayBeOwn, onlySettles } from "../../core/sql/own-statement.ts";
import type { BlockedTry } from "../adapter.ts";

/**
 * By default the server keeps only the first bytes of a query.
 * https://www.postgresql.org/docs/current/runtime-config-statistics.html#GUC-TRACK-ACTIVITY-QUERY-SIZE
 */
const longestTry = 900;
const mostBlockers = 2;
const longestQuery = 100;

/** A comment with the name of the migration at work. */
export function workMark(work: string): string {
  return `/* slipway ${work.replace(/[^\w .-]/g, "_")} */`;
}

/** The mark in a text that is sent. */
export function markIn(sql: string): string | undefined {
  return /\/\* slipway [\w .-]+ \*\//.exec(sql)?.[0];
}

/** A query that does nothing, and names the blockers of a try. */
export function tryMark({ work, attempt, wanted, blockers }: BlockedTry): string {
  const shown = blockers.slice(0, mostBlockers).map(shortened);
  for (let count = shown.length; count >= 0; count -= 1) {
    const data = { work, attempt, wanted, blockers: shown.slice(0, count) };
    const text = inComment(JSON.stringify(data));
    if (Buffer.byteLength(text) <= longestTry) return `/* slipway blocked ${text} */`;
  }
  return workMark(work);
}

function shortened({ query, ...blocker }: Blocker): Blocker {
  return query === undefined ? blocker : { ...blocker, query: query.slice(0, longestQuery) };
}

/** Nothing in it may end the comment, or begin one in it. */
function inComment(json: string): string {
  return json.replaceAll("*", "\\u002a");
}

/**
 * The facts in a query of a run of ours: the migration, its statement, or a try that was blocked.
 */
export type SeenQuery = {
  readonly migration?: string;
  readonly running?: string;
  readonly tried?: BlockedTry;
};

/**
 * The query may be cut off at its end. Behind the mark stands a statement of the migration, or,
 * where nothing does, before it. A query without a mark is shown only where it cannot be Slipway's
 * own.
 */
export function readQuery(query: string): SeenQuery {
  const [, json] = /^\/\* slipway blocked (\{.*\}) \*\/$/s.exec(query) ?? [];
  if (json !== undefined) return triedIn(json);
  const [, before = "", migration, behind = ""] =
    /^(.*?)\/\* slipway ([\w .-]+) \*\/\s*;?\s*(.*)$/s.exec(query) ?? [];
  if (migration === undefined) return mayBeOwn(query) ? {} : { running: shownQuery(query) };
  if (behind === "")
    return onlySettles(before) ? { migration } : { migration, running: shownQuery(before) };
  const [statement = "", ...more] = behind.split("\n;\n");
  const others = more.filter((sql) => sql.trim() !== "").length;
  const running = shownQuery(statement);
  return { migration, running: others === 0 ? running : `${running}; …` };
}

function triedIn(json: string): SeenQuery {
  try {
    const tried = { held: [], ...JSON.parse(json) } as BlockedTry;
    return { migration: tried.work, tried };
  } catch {
    return {};
  }
}
