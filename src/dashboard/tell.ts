/**
 * Carries out what a visitor asks of a backfill, or of the schema where that is allowed, in the
 * visitor's name.
 */
import { terminal } from "../index.ts";
import type { PageContext } from "./context.ts";
import { wrongOf } from "./facts.ts";
import { html } from "./html.ts";
import type { PageView } from "./layout.ts";
import { paceIn } from "./pace.ts";
import { wrongNote } from "./parts.ts";
import { versionInput } from "./version-input.ts";

/** The actions on a backfill, with the words that ask for each. */
export const backfillActions = {
  pause: {
    words: "Pause",
    does: "No batch begins any more, on any machine. Rows that were changed stay changed.",
    tone: "",
  },
  resume: {
    words: "Resume",
    does: "Workers may begin again. This starts none: slipway migrate-data does.",
    tone: "",
  },
  cancel: {
    words: "Cancel",
    does: "All workers stop, and you do not mean to continue it. Rows that were changed stay changed.",
    tone: "danger",
  },
  pace: { words: "Set the pace of", does: "For all workers, from their next batch on.", tone: "" },
  retry: {
    words: "Retry the failed rows of",
    does: "Each row that failed is tried once more, now and from this process; then workers may continue.",
    tone: "",
  },
} as const;

export type BackfillAction = keyof typeof backfillActions;

/** After this time, in milliseconds, this process leaves the rest of a backfill to its workers. */
const workMs = 1;

/** Tells a backfill. The events have the visitor's name. */
export async function tellBackfill(
  {
    repo,
    version,
    action,
  }: { readonly repo: string; readonly version: string; readonly action: BackfillAction },
  form: URLSearchParams,
  context: PageContext,
): Promise<void> {
  const { reader, where } = context;
  const { backfills } = inNameOf(context, () => undefined);
  const place = { repo, ...where };
  const input = versionInput(version);
  switch (action) {
    case "pause":
      await backfills.pause(input, place);
      break;
    case "resume":
      await backfills.resume(input, place);
      break;
    case "cancel":
      await backfills.cancel(input, place);
      break;
    case "pace":
      await backfills.set(input, paceIn(form), place);
      break;
    case "retry":
      await backfills.retryDead(input, { ...place, forMs: workMs });
      break;
  }
  reader.forget();
}

/** Runs the pending migrations, and shows the outcome. */
export async function runMigrations(context: PageContext): Promise<PageView> {
  const lines: string[] = [];
  const tell = terminal({ write: (line) => lines.push(line.trimEnd()) });
  const result = await inNameOf(context, tell)
    .migrate({ all: true, ...context.where })
    .then(
      () => undefined,
      (error: unknown) => wrongOf(error),
    );
  context.reader.forget();
  const { place } = context;
  return {
    title: result === undefined ? "Migrated" : "It did not work",
    nav: "plan",
    status: result === undefined ? 200 : 500,
    sections: [
      {
        id: "head",
        content: html`<h1>${result === undefined ? "Migrated" : "It did not work"}</h1>${result && wrongNote(result)}`,
      },
      {
        id: "lines",
        content: html`<section class="card">${lines.length > 0 && html`<pre>${lines.join("\n").slice(0, 20_000)}</pre>`}<p class="do"><a class="button" href="${place.to("")}">To the overview</a></p></section>`,
      },
    ],
  };
}

function inNameOf(
  { reader, visitor }: PageContext,
  emit: NonNullable<Parameters<typeof reader.of.using>[0]["emit"]>,
) {
  return reader.of.using({ user: visitor.user, emit, write: () => undefined });
}
