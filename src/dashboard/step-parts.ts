/** Shows a step in words, with its SQL. */
import type { Action } from "../core/plan/action.ts";
import { sqlOf } from "../core/plan/sent-sql.ts";
import { type Content, html } from "./html.ts";

/** The words for work that takes longer the more rows there are. */
export const heavyWords = {
  scan: "Reads each row of",
  index: "Builds an index on",
  rewrite: "Writes anew",
} as const;

/** More of one text is not shown. */
const mostSql = 4_000;
/** More operations are counted, and not shown. */
const mostActions = 60;

/** Each action with its statements, closed up until somebody looks. */
export function stepActions(
  actions: readonly Action[],
  open: "open" | "closed" = "closed",
): Content {
  const sql = actions
    .slice(0, mostActions)
    .flatMap((action) => (action.kind === "run" ? [`-- ${action.words}`] : sqlOf(action)));
  const text = sql
    .map((one) => (/;\s*$|^--/.test(one) ? one.trimEnd() : `${one.trimEnd()};`))
    .join("\n");
  const shown = text.length > mostSql ? `${text.slice(0, mostSql)}\n-- and so on` : text;
  const rest = actions.length - mostActions;
  return html`<ul class="list">${actions.slice(0, mostActions).map((action) => html`<li>${wordsOf(action)}${action.kind !== "run" && action.note !== undefined && html`<br><span class="quiet small">${action.note}</span>`}</li>`)}${rest > 0 && html`<li>and ${rest} more</li>`}</ul>
${text !== "" && html`<details${open === "open" && html` open`}><summary>SQL</summary><pre>${shown}</pre></details>`}`;
}

function wordsOf(action: Action): string {
  if (
    action.kind === "statements" &&
    action.operation?.kind === "execute" &&
    action.form === undefined
  )
    return action.statements.length > 1 ? `${action.statements.length} statements` : "SQL";
  return action.words.slice(0, 300);
}
