/** All migrations of a repo, the newest first, in parts that a page can hold. */
import type { StatusRow } from "../../index.ts";
import type { PageContext } from "../context.ts";
import { type RepoView, readRepos } from "../facts.ts";
import { type Content, html, type Markup } from "../html.ts";
import type { PageView } from "../layout.ts";
import { halfDone, runNote, wrongNote } from "../parts.ts";
import { repoState, rowState } from "../repo-state.ts";
import { statusWord } from "../status-word.ts";
import { count, many, moment } from "../words.ts";

/** One page shows at most this many migrations. */
const pageSize = 150;

export async function migrations(
  repo: string | undefined,
  context: PageContext,
): Promise<PageView | undefined> {
  const { reader, where, query } = context;
  const repos = await reader.read("repos", (look) => readRepos(look, reader.of, where));
  const chosen = repo === undefined ? repos[0] : repos.find((one) => one.repo === repo);
  if (chosen === undefined) return undefined;
  const isData = query.has("data");
  return {
    title: `Migrations of ${chosen.repo}`,
    nav: "migrations",
    live: true,
    sections: [
      { id: "head", content: headOf(chosen, repos, context) },
      { id: "list", content: chosen.status && listOf(chosen, isData, context) },
    ],
  };
}

function headOf(chosen: RepoView, repos: readonly RepoView[], { place, query }: PageContext) {
  const { status, wrong, repo } = chosen;
  const { tone, words } = repoState(chosen);
  const path = `migrations/${encodeURIComponent(repo)}`;
  const data = status?.dataMigrations ?? [];
  const isData = query.has("data");
  const tab = (to: string, isHere: boolean, label: string) =>
    html`<li><a href="${place.to(to)}"${isHere && html` aria-current="page"`}>${label}</a></li>`;
  return html`<div class="top"><h1>Migrations of ${repo}</h1>${statusWord(tone, words)}</div>
${repos.length > 1 && html`<nav aria-label="Repos"><ul>${repos.map((one) => tab(`migrations/${encodeURIComponent(one.repo)}`, one.repo === repo, one.repo))}</ul></nav>`}
${data.length > 0 && html`<nav aria-label="Kinds"><ul>${tab(path, !isData, "Schema")}${tab(`${path}?data`, isData, "Data")}</ul></nav>`}
${wrong !== undefined && wrongNote(wrong)}
${status?.run !== undefined && runNote(status.run)}
${status?.migrations.map((row) => halfDone(row, { repo, flag: "" }))}`;
}

function listOf({ repo, status }: RepoView, isData: boolean, context: PageContext): Content {
  const { place, query } = context;
  const all = (isData ? status?.dataMigrations : status?.migrations) ?? [];
  const words = (query.get("q") ?? "").toLowerCase();
  const found = all
    .filter(({ version, name = "" }) => `${version}_${name}`.toLowerCase().includes(words))
    .toReversed();
  const pages = Math.max(1, Math.ceil(found.length / pageSize));
  const page = Math.min(pages, Math.max(1, Number(query.get("page")) || 1));
  const shown = found.slice((page - 1) * pageSize, page * pageSize);
  const path = place.to(`migrations/${encodeURIComponent(repo)}`);
  const to = (number: number) => {
    const asked = new URLSearchParams({ ...(words && { q: words }), page: String(number) });
    return `${path}?${isData ? "data&" : ""}${asked}`;
  };
  return html`<section class="card">
<form class="row" method="get" action="${path}">${isData && html`<input type="hidden" name="data" value="">`}<div><label for="q">Find by version or name</label><input id="q" name="q" type="search" value="${words}"></div><button>Find</button></form>
<p class="quiet small">${many(found.length, "migration")}${words !== "" && ` of ${count(all.length)}`}</p>
${found.length > 0 && tableOf(shown, { repo, isData }, context)}
${pages > 1 && html`<p class="do" role="navigation" aria-label="Parts of the list">${page > 1 && html`<a class="button" rel="prev" href="${to(page - 1)}">Newer</a>`}<span class="button quiet">${page} of ${pages}</span>${page < pages && html`<a class="button" rel="next" href="${to(page + 1)}">Older</a>`}</p>`}
</section>`;
}

function tableOf(
  rows: readonly StatusRow[],
  { repo, isData }: { readonly repo: string; readonly isData: boolean },
  { place, now }: PageContext,
): Markup {
  const line = (row: StatusRow) => {
    const { tone, words } = rowState(row);
    const href = place.migration(repo, row.version, isData ? "data" : "schema");
    return html`<tr><td class="mono">${row.repeatable ? "again" : (row.number ?? row.version)}</td><td><a href="${href}">${row.name ?? row.version}</a></td><td>${statusWord(tone, words)}${row.share !== undefined && ` ${row.share}`}</td><td class="num quiet">${row.appliedAt !== undefined && moment(row.appliedAt, now)}</td></tr>
`;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Migrations"><table><thead><tr><th scope="col">Version</th><th scope="col">Name</th><th scope="col">Status</th><th scope="col" class="num">Ran</th></tr></thead><tbody>
${rows.map(line)}</tbody></table></div>`;
}
