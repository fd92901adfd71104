/** Shows the first page: how each repo is, and what was done last. */
import { againCommand } from "../../core/plan/status-notes.ts";
import type { RepoStatus, StatusRow } from "../../index.ts";
import type { PageContext } from "../context.ts";
import { type RepoView, readRepos } from "../facts.ts";
import { type Content, html, type Markup } from "../html.ts";
import type { PageView } from "../layout.ts";
import type { Mount } from "../mount.ts";
import { bar, runNote, wrongNote } from "../parts.ts";
import { backfillProgress, backfillTone, headline, repoState, rowState } from "../repo-state.ts";
import { statusWord } from "../status-word.ts";
import { timeLine } from "../time-line.ts";
import { count, many } from "../words.ts";

/** The card of a repo names at most this many pending migrations. */
const named = 4;

export async function overview({ reader, place, where, now }: PageContext): Promise<PageView> {
  const repos = await reader.read("repos", (look) => readRepos(look, reader.of, where));
  return {
    title: "Overview",
    nav: "overview",
    live: true,
    sections: [
      { id: "head", content: html`<h1>${headline(repos)}</h1>` },
      {
        id: "repos",
        content: html`<div class="grid">${repos.map((one) => repoCard(one, place))}</div>`,
      },
      {
        id: "events",
        content: html`<section class="card"><h2>What was done last</h2>${timeLine(repos, place, now)}</section>`,
      },
    ],
  };
}

function repoCard(facts: RepoView, place: Mount): Markup {
  const { repo, target, status, wrong } = facts;
  const { tone, words } = repoState(facts);
  return html`<section class="card" aria-labelledby="repo-${repo}">
<div class="top"><h2 id="repo-${repo}"><a href="${place.to(`migrations/${encodeURIComponent(repo)}`)}">${repo}</a></h2>${statusWord(tone, words)}</div>
<p class="quiet small mono">${target}</p>
${wrong !== undefined && wrongNote(wrong)}
${status !== undefined && statusParts(status, place)}
</section>`;
}

function statusParts(status: RepoStatus, place: Mount): Content {
  const { migrations, dataMigrations = [], run, backfills = [], tenants } = status;
  const pending = migrations.filter((row) => row.status === "down");
  const needing = migrations.filter(needsHelp);
  const dataPending = dataMigrations.filter((row) => row.status === "down").length;
  const shown = [...needing, ...pending.filter((row) => !needing.includes(row))];
  return html`
<dl class="facts"><div><dt>Applied</dt><dd>${count(migrations.length - pending.length)}</dd></div><div><dt>Pending</dt><dd>${count(pending.length)}</dd></div>${dataMigrations.length > 0 && html`<div><dt>Data, pending</dt><dd>${count(dataPending)}</dd></div>`}</dl>
${run !== undefined && runNote(run)}
${shown.length > 0 && html`<ul class="list">${shown.slice(0, named).map((row) => migrationLine(row, status.repo, place))}${shown.length > named && html`<li><a href="${place.to(`migrations/${encodeURIComponent(status.repo)}`)}">and ${shown.length - named} more</a></li>`}</ul>`}
${backfills.slice(0, named).map((one) => backfillLine(one, status.repo, place))}
${backfills.length > named && html`<p><a href="${place.to("backfills")}">and ${many(backfills.length - named, "more backfill")}</a></p>`}
${tenants !== undefined && html`<p>${many(tenants.tenants, "tenant")}: ${count(tenants.upToDate)} up to date, ${count(tenants.behind)} behind${tenants.quarantined > 0 && `, ${count(tenants.quarantined)} failed`}</p>${bar(tenants.tenants === 0 ? 1 : tenants.upToDate / tenants.tenants, "tenants that are up to date", "good")}`}`;
}

/** One that a run is at does not need any. */
function needsHelp({ part, failed, running }: StatusRow): boolean {
  return running !== true && (part !== undefined || failed !== undefined);
}

function migrationLine(row: StatusRow, repo: string, place: Mount): Markup {
  const { words, tone } = rowState(row);
  return html`<li class="top"><a href="${place.migration(repo, row.version)}">${row.name ?? row.version}</a>${statusWord(tone, words)}</li>${needsHelp(row) && html`<li class="quiet small">next: <code>${againCommand(row, { repo, flag: "" })}</code></li>`}`;
}

function backfillLine(
  backfill: NonNullable<RepoStatus["backfills"]>[number],
  repo: string,
  place: Mount,
): Markup {
  const { tone, words } = backfillTone(backfill);
  const { version, name, rowsSeen, rowsExpected } = backfill;
  const share = rowsExpected === 0 ? 0 : rowsSeen / rowsExpected;
  return html`<div><p class="top"><a href="${place.backfill(repo, version)}">${name}</a>${statusWord(tone, `${words} · ${backfillProgress(backfill)}`)}</p>${bar(share, `${name}: ${backfillProgress(backfill)}`, tone === "bad" || tone === "warn" ? tone : "busy")}</div>`;
}
