/** Asks once more before an action, and says its effect. */
import type { PageContext } from "../context.ts";
import { type Content, html } from "../html.ts";
import type { PageView } from "../layout.ts";
import { paceFields, paceIn } from "../pace.ts";
import { type BackfillAction, backfillActions } from "../tell.ts";
import { readBackfill } from "./backfill.ts";

/** The question before an action on a backfill. Nothing where there is no such action. */
export async function confirmTold(
  {
    repo,
    version,
    action,
  }: { readonly repo: string; readonly version: string; readonly action: string },
  context: PageContext,
): Promise<PageView | undefined> {
  if (!Object.hasOwn(backfillActions, action)) return undefined;
  const { words, does, tone } = backfillActions[action as BackfillAction];
  const { name, pace } = await readBackfill(repo, version, context);
  const { place, query } = context;
  const asks = action === "pace" && !query.has("batchSize");
  const title = `${words} ${name}?`;
  return {
    title,
    nav: "backfills",
    sections: [
      {
        id: "head",
        content: html`<p class="crumbs"><a href="${place.to("backfills")}">Backfills</a> / <a href="${place.backfill(repo, version)}">${name}</a></p><h1>${asks ? `The pace of ${name}` : title}</h1><p class="lead">${does}</p>`,
      },
      {
        id: "form",
        content: asks
          ? paceForm(pace, place.backfill(repo, version, action), place.backfill(repo, version))
          : html`<section class="card">${action === "pace" && changes(query)}<form method="post" action="${place.backfill(repo, version, action)}"><input type="hidden" name="token" value="${context.formToken}">${action === "pace" && paceFields.map(({ name: field }) => html`<input type="hidden" name="${field}" value="${query.get(field) ?? ""}">`)}<p class="do"><button class="main ${tone}">${words}</button><a class="button" href="${place.backfill(repo, version)}">Leave it as it is</a></p></form></section>`,
      },
    ],
  };
}

function changes(query: URLSearchParams): Content {
  const asked = Object.entries(paceIn(query));
  if (asked.length === 0) return html`<p>Nothing would change.</p>`;
  return html`<p>${asked.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ")}</p>`;
}

function paceForm(pace: object, path: string, back: string): Content {
  const known = new Map<string, unknown>(Object.entries(pace));
  return html`<section class="card"><form method="get" action="${path}"><div class="fields">${paceFields.map(({ name, words }) => html`<div><label for="${name}">${words}</label><input id="${name}" name="${name}" inputmode="numeric" pattern="[0-9.]*" value="${String(known.get(name) ?? "")}"></div>`)}</div><p class="quiet small">A field that stays empty is left as it is.</p><p class="do"><button class="main">Continue</button><a class="button" href="${back}">Leave it as it is</a></p></form></section>`;
}

/** The question before pending migrations run. Nothing: this dashboard may not. */
export function confirmMigrate({ allow, place, formToken }: PageContext): PageView | undefined {
  if (!allow.includes("migrate")) return undefined;
  return {
    title: "Run the migrations?",
    nav: "plan",
    sections: [
      {
        id: "head",
        content: html`<p class="crumbs"><a href="${place.to("plan")}">Plan</a></p><h1>Run the migrations?</h1><p class="lead">All that are pending run now, on every repo, from this process.</p>`,
      },
      {
        id: "form",
        content: html`<section class="card"><form method="post" action="${place.to("migrate")}"><input type="hidden" name="token" value="${formToken}"><p class="do"><button class="main">Run them</button><a class="button" href="${place.to("plan")}">Leave it as it is</a></p></form></section>`,
      },
    ],
  };
}
