/** Parts that several pages have. */
import { type Blocker, describeLock } from "../core/model/blocker.ts";
import { againCommand } from "../core/plan/status-notes.ts";
import type { RepoStatus, StatusRow } from "../index.ts";
import type { Wrong } from "./facts.ts";
import { type Content, html, type Markup } from "./html.ts";
import { span } from "./words.ts";

/** A note with the error and the hint that says what to do. */
export function wrongNote({ message, hint }: Wrong): Markup {
  return html`<div class="note bad"><p>${message}</p>${hint !== "" && html`<p class="quiet">${hint}</p>`}</div>`;
}

/** A bar that is so full, in words too: `label` says what for. */
export function bar(share: number, label: string, tone: string = "busy"): Markup {
  const width = Math.max(0, Math.min(100, share * 100)).toFixed(1);
  return html`<svg class="bar ${tone}" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${label}"><rect class="track" width="100" height="8" rx="1.2"/><rect class="done" width="${width}" height="8" rx="1.2"/></svg>`;
}

/** The run at work, its start, and the locks in its way. */
export function runNote(run: NonNullable<RepoStatus["run"]>): Markup {
  const { holder, version, name, wait, lastTry } = run;
  const who = [
    holder.application,
    holder.host && `on ${holder.host}`,
    holder.pid && `pid ${holder.pid}`,
  ].filter(Boolean);
  const blocked = wait ?? lastTry;
  return html`<div class="note ${blocked === undefined ? "busy" : "warn"}">
<p><strong>${version === undefined ? "A run is at work" : `Runs ${version} ${name ?? ""}`}</strong></p>
<p class="quiet">lock held by ${who.length === 0 ? "somebody" : who.join(", ")}${holder.since !== undefined && html`, since ${holder.since}`}</p>
${holder.silentMs !== undefined && html`<p>Its process has not been heard of for ${span(holder.silentMs)}: it is frozen, or cut off. The server frees the lock after the lease.</p>${holder.end !== undefined && html`<p class="quiet">To free it now: <code>${holder.end}</code></p>`}`}
${holder.running !== undefined && html`<p><code>${holder.running}</code></p>`}
${blocked !== undefined && html`<p>Waits for ${blocked.wanted === undefined ? "a lock" : describeLock(blocked.wanted)}${lastTry !== undefined && `, try ${lastTry.attempt}, ${span(lastTry.agoMs)} ago`}</p><ul class="tree">${blocked.blockers.map((one) => html`<li>${blockerWords(one)}${one.end !== undefined && html`<br><span class="quiet">let it end, or end it: <code>${one.end}</code></span>`}</li>`)}</ul>`}
</div>`;
}

/** One connection that is in the way. */
export function blockerWords(blocker: Blocker): Content {
  const { pid, user, application, host, state, stateMs, transactionMs, query, prepared } = blocker;
  const facts = [
    application,
    user && `user ${user}`,
    host && `on ${host}`,
    state && (stateMs === undefined ? state : `${state} for ${span(stateMs)}`),
    transactionMs !== undefined && `transaction open for ${span(transactionMs)}`,
  ].filter(Boolean);
  return html`<strong>${prepared === undefined ? `pid ${pid}` : `prepared transaction ${prepared}`}</strong> <span class="quiet">${facts.join(" · ")}</span>${query !== undefined && html`<br><code>${query}</code>`}`;
}

/** How far a migration got that a run stopped in the middle of. */
export function halfDone(row: StatusRow, at: Parameters<typeof againCommand>[1]): Content {
  const { part } = row;
  if (part === undefined) return undefined;
  const units = part.units ?? [];
  const states = { done: "done", in_doubt: "in doubt", to_come: "to come" };
  return html`<div class="note bad"><p><strong>${part.direction === "up" ? "Applied" : "Rolled back"} in part</strong>: ${part.done} done${part.inDoubt > 0 && `, ${part.inDoubt} in doubt`}</p>${units.length > 0 && html`<ol>${units.map(({ words, state }) => html`<li>${words}: ${states[state]}</li>`)}</ol>`}<p class="quiet">To finish it: <code>${againCommand(row, at)}</code></p></div>`;
}
