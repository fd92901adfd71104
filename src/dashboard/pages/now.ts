/**
 * Shows the servers at this moment: who waits for whom, how far builds are, and what the next
 * migration would meet.
 */
import type { Activity, QueuedConnection, WorkAtHand } from "../../core/model/activity.ts";
import type { Blocker } from "../../core/model/blocker.ts";
import { describeLock } from "../../core/model/blocker.ts";
import type { SchemaVerification } from "../../index.ts";
import type { PageContext } from "../context.ts";
import { type Wrong, wrongOf } from "../facts.ts";
import { type Content, html, type Markup } from "../html.ts";
import type { PageView } from "../layout.ts";
import { bar, blockerWords, wrongNote } from "../parts.ts";
import type { PageReading } from "../reader.ts";
import { statusWord } from "../status-word.ts";
import { many, span } from "../words.ts";

type Seen = {
  readonly repo: string;
  /** Nothing: its database does not tell. */
  readonly activity?: Activity | undefined;
  readonly wrong?: Wrong;
};

export async function now(context: PageContext): Promise<PageView> {
  const { reader, query } = context;
  const names = reader.of.repos();
  const seen = await reader.read("activity", (look) =>
    Promise.all(names.map((repo) => see(look, repo, reader.of.app))),
  );
  const drift = query.has("drift") ? await compare(context) : undefined;
  return {
    title: "Now",
    nav: "now",
    live: drift === undefined,
    sections: [
      { id: "head", content: html`<h1>${headOf(seen)}</h1>` },
      ...seen.map((one, i) => ({ id: `repo-${i}`, content: repoPart(one, names.length > 1) })),
      { id: "drift", content: driftPart(drift, context) },
    ],
  };
}

async function see(look: PageReading, repo: string, app: string): Promise<Seen> {
  try {
    const session = await look
      .adapter(repo)
      .open({ role: "work", application: `slipway ${app}`, readsOnly: true });
    return { repo, activity: await session.activity?.() };
  } catch (error) {
    return { repo, wrong: wrongOf(error) };
  }
}

function headOf(seen: readonly Seen[]): string {
  const waiting = seen.reduce((sum, { activity }) => sum + waitingIn(activity).length, 0);
  const work = seen.reduce((sum, { activity }) => sum + (activity?.work.length ?? 0), 0);
  if (waiting > 0) return `${many(waiting, "connection waits", "connections wait")} for a lock`;
  return work > 0 ? `Nobody waits; ${many(work, "statement")} at work` : "Nobody waits for a lock";
}

function waitingIn(activity: Activity | undefined): readonly QueuedConnection[] {
  return (activity?.waits ?? []).filter(({ waitsFor }) => waitsFor.length > 0);
}

function repoPart({ repo, activity, wrong }: Seen, isNamed: boolean): Content {
  const name = isNamed && html`<h2>${repo}</h2>`;
  if (wrong !== undefined) return html`<section class="card">${name}${wrongNote(wrong)}</section>`;
  if (activity === undefined)
    return html`<section class="card">${name}<p class="quiet">The database of ${repo} does not tell what it does.</p></section>`;
  const { waits, work, open, replicas, invalidIndexes } = activity;
  const title = (words: string) => (isNamed ? html`<h3>${words}</h3>` : html`<h2>${words}</h2>`);
  return html`${name}
<section class="card">${title("Who waits for whom")}${waits.length === 0 ? html`<p class="quiet">Nobody waits for a lock.</p>` : tree(waits)}</section>
<section class="card">${title("Work on the schema")}${work.length === 0 ? html`<p class="quiet">No statement is at it.</p>` : work.map(workPart)}</section>
<section class="card">${title("Long transactions")}${openPart(open)}</section>
<section class="card">${title("Invalid indexes")}${invalidPart(invalidIndexes)}</section>
<section class="card">${title("Standbys")}${replicas.length === 0 ? html`<p class="quiet">None is connected.</p>` : html`<ul class="list">${replicas.map(({ name: standby, lagMs }) => html`<li class="top"><span>${standby}</span>${lagMs === undefined ? statusWord("good", "has all") : statusWord(lagMs > 10_000 ? "warn" : "good", `${span(lagMs)} behind`)}</li>`)}</ul>`}</section>`;
}

/** Those that wait for nobody are roots; below each stand those that wait for it. */
function tree(waits: readonly QueuedConnection[]): Markup {
  const known = new Set(waits.map(({ pid }) => pid));
  const isRoot = ({ waitsFor }: QueuedConnection) => !waitsFor.some((pid) => known.has(pid));
  const roots = waits.filter(isRoot);
  const shown = new Set<string>();
  const node = (one: QueuedConnection): Content => {
    if (shown.has(one.pid)) return undefined;
    shown.add(one.pid);
    const below = waits.filter(({ waitsFor }) => waitsFor.includes(one.pid));
    return html`<li>${one.waitsFor.length === 0 ? statusWord("warn", "in the way") : statusWord("bad", "waits")} ${blockerWords(one)}${one.wanted !== undefined && html`<br><span class="quiet">wants ${describeLock(one.wanted)}</span>`}${below.length > 0 && html`<ul>${below.map(node)}</ul>`}</li>`;
  };
  // A circle has no root: it begins where it is met first.
  return html`<ul class="tree">${roots.map(node)}${waits.map(node)}</ul>
<details><summary>End one that is in the way</summary><p class="quiet small">Its transaction is rolled back. Ask its owner first.</p><pre>${roots.map(({ pid }) => `SELECT pg_terminate_backend(${pid});`).join("\n")}</pre></details>`;
}

function workPart({ pid, application, query, forMs, phase, on, share }: WorkAtHand): Markup {
  const known = share !== undefined && share > 0;
  const left = known ? ((1 - share) / share) * forMs : undefined;
  return html`<div><p class="top"><strong>${on ?? `pid ${pid}`}</strong><span class="quiet">${[phase, application, `running for ${span(forMs)}`].filter(Boolean).join(" · ")}</span></p>
<p><code>${query}</code></p>
${share === undefined ? html`<p class="quiet small">The server tells no progress of it.</p>` : html`${bar(share, `${on ?? query}: ${Math.floor(share * 100)} %`)}<p>${Math.floor(share * 100)} % of this phase${left !== undefined && `, about ${span(left)} left`}</p>`}</div>`;
}

function openPart(open: readonly Blocker[]): Content {
  if (open.length === 0)
    return html`<p class="quiet">None that the next migration would wait for.</p>`;
  return html`<p class="quiet small">The next migration may wait for these, and the app behind it.</p><ul class="tree">${open.map((one) => html`<li>${blockerWords(one)}</li>`)}</ul>`;
}

function invalidPart(indexes: Activity["invalidIndexes"]): Content {
  if (indexes.length === 0) return html`<p class="quiet">Every index is valid.</p>`;
  return html`<ul class="list">${indexes.map(({ name, table, isBuilding }) => html`<li class="top"><span><strong>${name}</strong> on ${table}</span>${isBuilding ? statusWord("busy", "being built") : statusWord("bad", "invalid")}</li>`)}</ul>
${indexes.some(({ isBuilding }) => !isBuilding) && html`<p class="quiet small">An invalid index is left of a build that failed: writes keep it up, and no query uses it. <code>slipway migrate</code> builds those of migrations anew.</p>`}`;
}

async function compare({ reader, where }: PageContext) {
  try {
    return await reader.read("drift", (look) => look.own.verifySchema(where));
  } catch (error) {
    return wrongOf(error);
  }
}

function driftPart(
  drift: readonly SchemaVerification[] | Wrong | undefined,
  { place }: PageContext,
): Content {
  if (drift === undefined)
    return html`<section class="card"><h2>Drift</h2><p class="quiet">What somebody changed by hand since the last run.</p><p class="do"><a class="button" href="${place.to("now?drift")}">Compare now</a></p></section>`;
  if ("message" in drift)
    return html`<section class="card"><h2>Drift</h2>${wrongNote(drift)}</section>`;
  return html`<section class="card"><h2>Drift</h2>${drift.map(driftOf)}<p class="do"><a class="button" href="${place.to("now")}">Back to what happens now</a></p></section>`;
}

function driftOf({ repo, drifted }: SchemaVerification): Markup {
  if (drifted.length === 0)
    return html`<p class="top"><strong>${repo}</strong>${statusWord("good", "as the last run left it")}</p>`;
  return html`<p class="top"><strong>${repo}</strong>${statusWord("bad", `${many(drifted.length, "object")} changed by hand`)}</p>${drifted.slice(0, 40).map(({ object, lines }) => html`<p><strong>${object}</strong></p><pre class="small">${lines.join("\n").slice(0, 2_000)}</pre>`)}`;
}
