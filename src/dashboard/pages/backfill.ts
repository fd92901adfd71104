/** Shows one backfill: how far it is, how fast, its failures, and the possible actions. */
import { liftCommand, restsLong } from "../../core/backfill/state-words.ts";
import type { PageContext } from "../context.ts";
import { type Content, html, type Markup } from "../html.ts";
import type { PageView } from "../layout.ts";
import { bar } from "../parts.ts";
import { pacePlot } from "../plot.ts";
import type { PageReading } from "../reader.ts";
import { backfillProgress, backfillTone } from "../repo-state.ts";
import { statusWord } from "../status-word.ts";
import { versionInput } from "../version-input.ts";
import { bytes, count, holdWords, many, moment, span } from "../words.ts";

type Details = Awaited<ReturnType<PageReading["release"]["backfills"]["show"]>>;

/** Reads it, and keeps how far it is for the plot. */
export async function readBackfill(
  repo: string,
  version: string,
  { reader, where }: PageContext,
): Promise<Details> {
  const name = `backfill ${repo} ${version}`;
  const details = await reader.read(name, (look) =>
    look.release.backfills.show(versionInput(version), { repo, ...where }),
  );
  reader.samples.add(name, {
    at: Date.now(),
    rows: details.rowsSeen,
    batches: details.batches,
  });
  return details;
}

export async function backfill(
  repo: string,
  version: string,
  context: PageContext,
): Promise<PageView> {
  const one = await readBackfill(repo, version, context);
  const samples = context.reader.samples;
  const key = `backfill ${repo} ${version}`;
  const { tone, words } = backfillTone(one);
  const { place } = context;
  return {
    title: one.name,
    nav: "backfills",
    live: true,
    sections: [
      {
        id: "head",
        content: html`<p class="crumbs"><a href="${place.to("backfills")}">Backfills</a> / ${repo} / ${version}</p><div class="top"><h1>${one.name}</h1>${statusWord(tone, words)}</div>${holdNote(one)}`,
      },
      { id: "progress", content: progress(one, samples.recent(key), context) },
      {
        id: "plot",
        content: html`<section class="card"><h2>Rows a second</h2>${pacePlot(samples.paces(key))}</section>`,
      },
      { id: "ranges", content: ranges(one) },
      { id: "dead", content: dead(one) },
    ],
  };
}

function holdNote(one: Details): Content {
  const { reason, state, restsMs = 0, abandoned, held, version } = one;
  if (reason !== undefined)
    return html`<div class="note ${state === "failed" ? "bad" : "warn"}"><p>${reason.slice(0, 1_000)}</p></div>`;
  if (abandoned)
    return html`<div class="note warn"><p>It is to run, and no worker is there.</p><p class="quiet">Start one: <code>slipway migrate-data</code></p></div>`;
  if (restsLong(one))
    return html`<div class="note${held !== undefined && " warn"}"><p>${held === undefined ? `No batch for ${span(Math.floor(restsMs / 1_000) * 1_000)}: its batch waits, and the log of its worker says for what.` : holdWords(held)}</p><p class="quiet">To lift its limits: <code>${liftCommand(version)}</code></p></div>`;
  return undefined;
}

function progress(one: Details, rate: number | undefined, context: PageContext): Markup {
  const { rowsSeen, rowsExpected, rowsChanged, rowsDead, batches, walBytes, busyMs } = one;
  const { tone } = backfillTone(one);
  const left = Math.max(0, rowsExpected - rowsSeen);
  const speed = rate ?? (rowsSeen * 1_000) / Math.max(1, context.now - one.startedAt.getTime());
  const eta =
    one.state !== "running" ? "" : speed > 0 ? span((left / speed) * 1_000) : "not while it rests";
  const pace = Object.entries(one.pace).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  const fact = (name: string, value: Content, isPlain = false) =>
    html`<div><dt>${name}</dt><dd${isPlain && html` class="plain"`}>${value}</dd></div>`;
  return html`<section class="card"><h2>Progress</h2>
${bar(rowsExpected === 0 ? 0 : rowsSeen / rowsExpected, `${one.name}: ${backfillProgress(one)}`, tone === "quiet" ? "busy" : tone)}
<dl class="facts">${fact("Done", backfillProgress(one))}${eta !== "" && fact("Time left, about", eta)}${one.state === "running" && fact("Rows a second", count(speed))}${fact("Rows seen", `${count(rowsSeen)} of ~${count(Math.max(rowsExpected, rowsSeen))}`)}${fact("Changed", count(rowsChanged))}${fact("Failed", count(rowsDead))}</dl>
<dl class="facts">${fact("Batches", `${count(batches)}${batches > 0 ? `, ${span(busyMs / batches)} each` : ""}`, true)}${walBytes > 0 && fact("Log written", bytes(walBytes), true)}${fact("Pace", pace.length === 0 ? "as the file says" : pace.join(", "), true)}${fact("Begun", moment(one.startedAt, context.now), true)}${one.finishedAt !== undefined && fact("Finished", moment(one.finishedAt, context.now), true)}</dl>
${actions(one, context)}</section>`;
}

function actions({ state, repo, version, rowsDead }: Details, { place }: PageContext): Content {
  if (state === "finished") return undefined;
  const link = (action: string, words: string, danger?: "danger") =>
    html`<a class="button ${danger ?? ""}" href="${place.backfill(repo, version, action)}">${words}</a>`;
  return html`<p class="do">${state === "running" && link("pause", "Pause")}${state !== "running" && link("resume", "Resume")}${link("pace", "Set the pace")}${rowsDead > 0 && link("retry", `Retry ${many(rowsDead, "failed row")}`)}${state !== "cancelled" && link("cancel", "Cancel", "danger")}</p>`;
}

function ranges({ ranges, rangesOpen, latest = [] }: Details): Content {
  if (latest.length === 0) return undefined;
  return html`<section class="card"><h2>Ranges</h2><p class="quiet small">${many(ranges, "range")}, ${count(rangesOpen)} open. Each worker takes one; those worked on last:</p>
<div class="scroll" tabindex="0" role="region" aria-label="Ranges"><table><thead><tr><th scope="col">Range</th><th scope="col">State</th><th scope="col" class="num">Rows</th><th scope="col" class="num">Batches</th><th scope="col">At key</th><th scope="col" class="num">Last batch</th></tr></thead><tbody>
${latest.map(
  (
    one,
  ) => html`<tr><td>${one.number}</td><td>${one.state === "open" ? statusWord("busy", "open") : statusWord("good", "done")}</td><td class="num">${count(one.rowsSeen)}</td><td class="num">${count(one.batches)}</td><td class="mono">${keyWords(one.position)}</td><td class="num quiet">${span(Math.floor(one.idleMs / 1_000) * 1_000)} ago</td></tr>
`,
)}</tbody></table></div></section>`;
}

function dead({ dead: rows, rowsDead }: Details): Content {
  if (rows.length === 0) return undefined;
  return html`<section class="card"><h2>Rows that failed</h2><p class="quiet small">${rows.length < rowsDead ? `The first ${rows.length} of ${count(rowsDead)}.` : `${many(rowsDead, "row")}.`}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Rows that failed"><table><thead><tr><th scope="col">Key</th><th scope="col">Why</th><th scope="col" class="num">Tries</th></tr></thead><tbody>
${rows.map(
  ({
    key,
    error,
    attempts,
  }) => html`<tr><td class="mono">${cut(key.join(", "), 120)}</td><td>${cut(error, 300)}</td><td class="num">${attempts}</td></tr>
`,
)}</tbody></table></div></section>`;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** A key is kept as a list in JSON. */
function keyWords(position = "[]"): string {
  try {
    const parts: unknown = JSON.parse(position);
    return cut(Array.isArray(parts) ? parts.join(", ") : position, 80);
  } catch {
    return cut(position, 80);
  }
}
