/** Carries out the forms of the pages, and then shows another page. */
import { bodyWithin } from "../http/body-within.ts";
import { seeOther, textAnswer } from "./answers.ts";
import type { PageContext } from "./context.ts";
import { wrongOf } from "./facts.ts";
import { isOwnForm } from "./form-token.ts";
import { html } from "./html.ts";
import type { PageView } from "./layout.ts";
import { wrongNote } from "./parts.ts";
import { type BackfillAction, backfillActions, runMigrations, tellBackfill } from "./tell.ts";

/** The most that a request may bring: the forms are smaller. */
const mostBytes = 16_384;

/**
 * Nothing where the request asks for a page and sends no form. The body is read last, when all else
 * about the request is right.
 */
export async function answerToForm(
  request: Request,
  parts: readonly string[],
  context: PageContext,
): Promise<Response | PageView | undefined> {
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  const work = workOf(parts, context);
  if (request.method !== "POST" || work === undefined)
    return textAnswer(405, "use GET", { allow: "GET, HEAD" });
  const body = await bodyWithin(request, mostBytes);
  if (typeof body === "number") return textAnswer(body, "this is no form of the page");
  const form = new URLSearchParams(body);
  if (!isOwnForm(request, form))
    return textAnswer(403, "this did not come from the page: load it again");
  return work(form);
}

function workOf(
  [page, repo, version, action, ...more]: readonly string[],
  context: PageContext,
): ((form: URLSearchParams) => Promise<Response | PageView>) | undefined {
  const { allow, place } = context;
  if (page === "migrate" && repo === undefined && allow.includes("migrate"))
    return () => runMigrations(context);
  if (page !== "backfills" || repo === undefined || version === undefined) return undefined;
  if (action === undefined || more.length > 0 || !Object.hasOwn(backfillActions, action))
    return undefined;
  const asked = { repo, version, action: action as BackfillAction };
  return async (form) => {
    try {
      await tellBackfill(asked, form, context);
      return seeOther(place.backfill(repo, version));
    } catch (error) {
      return refused(error, place.backfill(repo, version));
    }
  };
}

function refused(error: unknown, back: string): PageView {
  return {
    title: "It was not done",
    nav: "backfills",
    status: 409,
    sections: [
      {
        id: "head",
        content: html`<h1>It was not done</h1>${wrongNote(wrongOf(error))}<p class="do"><a class="button" href="${back}">Back</a></p>`,
      },
    ],
  };
}
