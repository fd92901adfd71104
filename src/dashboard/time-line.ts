/** Shows who did what, the newest first: the work of one run is one entry. */
import type { HistoryEvent } from "../index.ts";
import type { RepoView } from "./facts.ts";
import { type Content, html, type Markup } from "./html.ts";
import type { Mount } from "./mount.ts";
import { many, moment, span } from "./words.ts";

/** The page shows at most this many entries, and this many migrations of each. */
const entriesShown = 12;
const namesShown = 3;

type Told = HistoryEvent & { readonly repo: string };

/** The last events of all repos together. */
export function timeLine(repos: readonly RepoView[], place: Mount, now: number): Content {
  const events = repos.flatMap(({ repo, events }) => events.map((one): Told => ({ ...one, repo })));
  const groups = groupsOf(
    events.toSorted((a, b) => (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0)),
  );
  if (groups.length === 0) return html`<p class="quiet">Nothing has happened yet.</p>`;
  return html`<ol class="time">${groups.slice(0, entriesShown).map((group) => entry(group, place, now))}</ol>`;
}

/** The events of one run, which may be of several repos, and with one result. */
function groupsOf(events: readonly Told[]): readonly (readonly Told[])[] {
  const groups = new Map<string, Told[]>();
  for (const [i, event] of events.entries()) {
    const name = `${event.runId ?? i} ${event.result}`;
    groups.set(name, [...(groups.get(name) ?? []), event]);
  }
  return [...groups.values()];
}

function entry(group: readonly Told[], place: Mount, now: number): Markup {
  const [first] = group;
  if (first === undefined) return html``;
  const { at, result, release, host, user, reason } = first;
  const by = [release, user && `by ${user}`, host && `on ${host}`].filter(Boolean).join(" ");
  const took = group.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  const isBad = result === "failed" || result === "interrupted";
  const rest = group.length - namesShown;
  return html`<li class="${isBad ? "bad" : isTold(result) ? "told" : "good"}">
<p><strong>${resultWords[result] ?? result}</strong> ${group.slice(0, namesShown).map((one, i) => html`${i > 0 && ", "}<a href="${place.migration(one.repo, one.version)}">${one.name ?? one.version}</a>`)}${rest > 0 && ` and ${many(rest, "more")}`.replace("mores", "more")}</p>
<p class="quiet small">${moment(at, now)}${took > 0 && ` · took ${span(took)}`}${by !== "" && ` · ${by}`}</p>
${(isBad || result === "held") && reason !== undefined && html`<pre class="small">${reason.slice(0, 600)}</pre>`}
${result === "set" && reason !== undefined && html`<p class="small"><code>${reason}</code></p>`}
</li>`;
}

const resultWords: { readonly [result: string]: string } = {
  applied: "Applied",
  rolled_back: "Rolled back",
  failed: "Failed:",
  interrupted: "Interrupted:",
  marked: "Marked",
  adopted: "Adopted",
  paused: "Paused",
  resumed: "Resumed",
  cancelled: "Cancelled",
  set: "Changed the pace of",
  restarted: "Restarted",
  held: "Held:",
  retried: "Tried dead rows again of",
};

function isTold(result: string): boolean {
  return [
    "paused",
    "resumed",
    "cancelled",
    "set",
    "restarted",
    "retried",
    "marked",
    "held",
  ].includes(result);
}
