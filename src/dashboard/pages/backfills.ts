/** All backfills that were begun, those that are not finished first. */
import type { PageContext } from "../context.ts";
import { type Where, wrongOf } from "../facts.ts";
import { html, type Markup } from "../html.ts";
import type { PageView } from "../layout.ts";
import { bar, wrongNote } from "../parts.ts";
import type { PageReading } from "../reader.ts";
import { backfillProgress, backfillTone } from "../repo-state.ts";
import { statusWord } from "../status-word.ts";
import { count, holdWords, moment, span } from "../words.ts";

type Listed = Awaited<ReturnType<PageReading["release"]["backfills"]["list"]>>[number];

export async function backfills(context: PageContext): Promise<PageView> {
  const { reader, where } = context;
  const repos = await reader.read("backfills", (look) => readAll(look, reader.of.repos(), where));
  const all = repos.flatMap(({ list }) => list);
  const open = all.filter(({ state }) => state !== "finished");
  const done = all.filter(({ state }) => state === "finished").toReversed();
  return {
    title: "Backfills",
    nav: "backfills",
    live: true,
    sections: [
      {
        id: "head",
        content: html`<h1>${open.length === 0 ? "No backfill is open" : `${count(open.length)} ${open.length === 1 ? "backfill is" : "backfills are"} open`}</h1>${repos.map(({ wrong }) => wrong && wrongNote(wrong))}`,
      },
      {
        id: "open",
        content:
          open.length > 0 && html`<div class="grid">${open.map((one) => card(one, context))}</div>`,
      },
      {
        id: "done",
        content:
          done.length > 0 &&
          html`<section class="card"><h2>Finished</h2><ul class="list">${done.map((one) => line(one, context))}</ul></section>`,
      },
    ],
  };
}

function readAll(look: PageReading, repos: readonly string[], where: Where) {
  return Promise.all(
    repos.map(async (repo) => {
      try {
        return { list: await look.release.backfills.list({ repo, ...where }) };
      } catch (error) {
        return { list: [], wrong: wrongOf(error) };
      }
    }),
  );
}

function card(one: Listed, { place }: PageContext): Markup {
  const { tone, words } = backfillTone(one);
  const { repo, version, name, rowsSeen, rowsExpected, rowsDead, idleMs, held } = one;
  const reason = held === undefined ? one.reason : holdWords(held);
  const share = rowsExpected === 0 ? 0 : rowsSeen / rowsExpected;
  return html`<section class="card"><div class="top"><h2><a href="${place.backfill(repo, version)}">${name}</a></h2>${statusWord(tone, words)}</div>
<p class="quiet small mono">${repo} · ${version}</p>
${bar(share, `${name}: ${backfillProgress(one)}`, tone === "quiet" ? "busy" : tone)}
<p>${backfillProgress(one)} · ${count(rowsSeen)} rows${rowsDead > 0 && ` · ${count(rowsDead)} failed`}${idleMs !== undefined && ` · last batch ${span(Math.floor(idleMs / 1_000) * 1_000)} ago`}</p>
${reason !== undefined && html`<p class="quiet">${reason.slice(0, 300)}</p>`}</section>`;
}

function line({ repo, version, name, rowsChanged, finishedAt }: Listed, context: PageContext) {
  return html`<li class="top"><a href="${context.place.backfill(repo, version)}">${name}</a><span class="quiet">${count(rowsChanged)} rows changed${finishedAt !== undefined && html`, ${moment(finishedAt, context.now)}`}</span></li>
`;
}
