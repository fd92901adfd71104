/** Shows one migration: its work, both ways, whom it makes wait, the findings, and its outcome. */
import type { Finding } from "../../check/finding.ts";
import { safeLines } from "../../check/safe-lines.ts";
import { againCommand } from "../../core/plan/status-notes.ts";
import type { HistoryEvent, RepoInventory, StatusRow, Verification } from "../../index.ts";
import type { PageContext } from "../context.ts";
import { readRepos, type Wrong, wrongOf } from "../facts.ts";
import { type Content, html } from "../html.ts";
import type { JudgedEntry } from "../judged.ts";
import type { PageView } from "../layout.ts";
import { halfDone, runNote, wrongNote } from "../parts.ts";
import { rowState } from "../repo-state.ts";
import { statusWord } from "../status-word.ts";
import { heavyWords, stepActions } from "../step-parts.ts";
import { timeLine } from "../time-line.ts";
import { moment, span } from "../words.ts";

type Entry = RepoInventory["migrations"][number];

export async function migration(
  repo: string,
  version: string,
  context: PageContext,
): Promise<PageView | undefined> {
  const { reader, where, query, place } = context;
  const isData = query.has("data");
  const repos = await reader.read("repos", (look) => readRepos(look, reader.of, where));
  const one = repos.find((view) => view.repo === repo);
  if (one === undefined) return undefined;
  const rows = (isData ? one.status?.dataMigrations : one.status?.migrations) ?? [];
  const row = rows.find((known) => known.version === version);
  if (row === undefined && one.wrong === undefined) return undefined;
  const files = await filesOf(repo, context);
  const lane =
    "wrong" in files ? [] : isData ? files.inventory.dataMigrations : files.inventory.migrations;
  const entry = lane.find(({ file }) => file.version === version);
  const judged =
    "wrong" in files || entry === undefined ? undefined : files.judged.get(entry.file.id);
  const events = one.events.filter((event) => event.version === version);
  const edited = row?.edited ? await editedOf(repo, version, context) : undefined;
  const run = one.status?.run;
  const path = `migrations/${encodeURIComponent(repo)}${isData ? "?data" : ""}`;
  const state = row && rowState(row);
  const at = { repo, flag: isData ? " --data" : "" };
  return {
    title: row?.name ?? version,
    nav: "migrations",
    live: true,
    sections: [
      {
        id: "head",
        content: html`<p class="crumbs"><a href="${place.to(path)}">Migrations of ${repo}</a> / ${version}</p><div class="top"><h1>${row?.name ?? version}</h1>${state && statusWord(state.tone, state.words)}</div>
${one.wrong && wrongNote(one.wrong)}${run !== undefined && run.version === version && runNote(run)}${row && halfDone(row, at)}${row && failure(row, at)}
${row?.share !== undefined && html`<p><a href="${place.backfill(repo, version)}">Its backfill: ${row.share}</a></p>`}`,
      },
      { id: "facts", content: row && facts(row, entry, events, context) },
      { id: "edited", content: edited },
      { id: "does", content: "wrong" in files ? wrongNote(files.wrong) : doesPart(entry, row) },
      { id: "safety", content: entry && safety(entry, judged) },
      {
        id: "events",
        content: html`<section class="card"><h2>What was done</h2>${timeLine([{ ...one, events }], place, context.now)}</section>`,
      },
    ],
  };
}

type Files =
  | { readonly inventory: RepoInventory; readonly judged: ReadonlyMap<string, JudgedEntry> }
  | { readonly wrong: Wrong };

/** Files change only with a release, so they are read seldom. */
function filesOf(repo: string, { reader }: PageContext): Promise<Files> {
  return reader.readFiles(repo, async () => {
    try {
      const inventory = (await reader.of.using({}).inventory()).find((one) => one.repo === repo);
      if (inventory === undefined)
        return { wrong: { message: "its files are not here", hint: "" } };
      const { judgedEntries } = await import("../judged.ts");
      return { inventory, judged: await judgedEntries(inventory) };
    } catch (error) {
      return { wrong: wrongOf(error) };
    }
  });
}

function failure(row: StatusRow, at: Parameters<typeof againCommand>[1]): Content {
  const { failed, part, version, name = "" } = row;
  if (failed === undefined) return undefined;
  return html`<div class="note bad"><p><strong>The last try ${failed.result === "failed" ? "failed" : "was stopped"}</strong></p>${failed.reason !== undefined && html`<pre>${failed.reason.slice(0, 2_000)}</pre>`}${part === undefined && html`<p class="quiet">Mend ${version}_${name}, then: <code>${againCommand(row, at)}</code></p>`}</div>`;
}

function facts(
  row: StatusRow,
  entry: Entry | undefined,
  events: readonly HistoryEvent[],
  { now }: PageContext,
): Content {
  const ran = events.find(({ result }) => result === "applied");
  const step = entry?.step;
  const fact = (name: string, value: Content) =>
    value !== undefined &&
    value !== "" &&
    html`<div><dt>${name}</dt><dd class="plain">${value}</dd></div>`;
  const by = [ran?.user, ran?.host && `on ${ran.host}`].filter(Boolean).join(" ");
  return html`<section class="card"><dl class="facts">${fact("Version", row.version)}${fact("Ran", row.appliedAt && moment(row.appliedAt, now))}${fact("Took", ran?.durationMs === undefined ? undefined : span(ran.durationMs))}${fact("Release", ran?.release)}${fact("By", by)}${fact("When", step && (step.phase === "before" ? "before the deploy" : "after the deploy"))}${fact("Runs", step && step.backfill === undefined ? (step.transactional ? "in one transaction" : "without a transaction") : undefined)}${fact("File", entry?.file.origin)}</dl></section>`;
}

async function editedOf(repo: string, version: string, context: PageContext): Promise<Content> {
  const { reader, where } = context;
  const found = await reader.read(`verify ${repo}`, (look) =>
    look.release.verify({ repo, ...where }).catch((error: unknown): Wrong => wrongOf(error)),
  );
  if ("message" in found) return wrongNote(found);
  const edited = found
    .flatMap((one: Verification) => one.edited)
    .find((one) => one.version === version);
  return (
    edited &&
    html`<section class="card"><h2>The file has changed since it ran</h2><p class="quiet">“-” is what ran, “+” is what the file says now.</p><pre>${edited.diff.join("\n").slice(0, 6_000)}</pre></section>`
  );
}

function doesPart(entry: Entry | undefined, row: StatusRow | undefined): Content {
  if (entry === undefined)
    return html`<section class="card"><p>${row?.inRelease === false ? "This release has no file for it." : "Its file is not here."}${row?.hasPlan === true && " The history keeps how it is rolled back."}</p></section>`;
  const { step, plan } = entry;
  const { down } = plan;
  const back =
    "refused" in down
      ? html`<p>It cannot be rolled back: ${down.refused}.</p>`
      : html`<ul class="list">${down.actions.slice(0, 60).map((action) => html`<li>${action.words}</li>`)}</ul>${sqlDown(down.actions)}`;
  return html`<section class="card"><h2>Going up</h2>${step.backfill === undefined ? stepActions(step.actions, "open") : html`<p>In batches, beside the app.</p><pre>${JSON.stringify(JSON.parse(step.backfill.meaning), undefined, 2).slice(0, 3_000)}</pre>`}</section>
<section class="card"><h2>Going back</h2>${back}</section>`;
}

function sqlDown(actions: readonly object[]): Content {
  const text = actions
    .flatMap((action) =>
      "statements" in action ? (action.statements as readonly { sql?: string }[]) : [],
    )
    .flatMap(({ sql }) => (sql === undefined ? [] : [`${sql};`]))
    .join("\n");
  return (
    text !== "" && html`<details><summary>SQL</summary><pre>${text.slice(0, 4_000)}</pre></details>`
  );
}

function safety({ step }: Entry, judged: JudgedEntry | undefined): Content {
  const answers = Object.entries(step.safe ?? {});
  const { findings = [], heavy = [], locks = [] } = judged ?? {};
  return html`<section class="card"><h2>Beside a running app</h2>
${judged === undefined && html`<p class="quiet">It was not judged: there are no rules for its database here, or their parser is not installed.</p>`}
${judged !== undefined && findings.length === 0 && html`<p>${statusWord("good", "no findings")}</p>`}
${findings.map(findingNote)}
${heavy.map(({ does, table, waits }) => html`<p>${heavyWords[does]} ${table}: ${waits === "nobody" ? "nobody waits for its end" : waits === "writers" ? "writers wait for its end" : "readers and writers wait for its end"}.</p>`)}
${locks.length > 0 && html`<h3>Locks</h3><ul class="list">${locks.slice(0, 30).map(({ mode, table }) => html`<li class="top"><span>${table}</span><span class="quiet">${mode}</span></li>`)}</ul>`}
${answers.length > 0 && html`<h3>Answers</h3><dl>${answers.map(([rule, why]) => html`<dt><strong>${rule}</strong></dt><dd>${String(why)}</dd>`)}</dl>`}
</section>`;
}

function findingNote(finding: Finding): Content {
  const { rule, message, statement } = finding;
  const safe = safeLines(finding).join("\n");
  return html`<div class="note warn"><p><strong>${rule}</strong></p><p>${message.slice(0, 1_000)}</p>${statement !== "" && html`<pre class="small">${statement.slice(0, 600)}</pre>`}${safe !== "" && html`<p>Safe form:</p><pre class="small">${safe.slice(0, 2_000)}</pre>`}</div>`;
}
