/**
 * Shows what a deploy of this release would do, in its order, and the three questions to ask before
 * it.
 */
import type { RepoPlan, RolloutStep, Step } from "../../index.ts";
import type { PageContext } from "../context.ts";
import { wrongOf } from "../facts.ts";
import { type Content, html, type Markup } from "../html.ts";
import type { PageView } from "../layout.ts";
import { wrongNote } from "../parts.ts";
import { statusWord } from "../status-word.ts";
import { heavyWords, stepActions } from "../step-parts.ts";
import { bytes, count, many, span } from "../words.ts";

export async function plan(context: PageContext): Promise<PageView> {
  const { reader, where, allow, place } = context;
  const repos = reader.of.repos();
  const plans = await reader.read("plan", (look) =>
    Promise.all(
      repos.map(async (repo) => {
        try {
          const [found] = await look.release.plan({ repo, ...where });
          return { repo, plan: found };
        } catch (error) {
          return { repo, wrong: wrongOf(error) };
        }
      }),
    ),
  );
  const steps = plans.reduce((sum, one) => sum + (one.plan?.steps.length ?? 0), 0);
  const refused = plans.filter(({ wrong }) => wrong !== undefined).length;
  const words =
    refused > 0
      ? "A deploy of this release would be refused"
      : steps === 0
        ? "A deploy of this release has nothing to do"
        : `A deploy of this release runs ${many(steps, "migration")}`;
  return {
    title: "Plan",
    nav: "plan",
    sections: [
      { id: "head", content: html`<h1>${words}</h1>` },
      ...plans.map(({ repo, plan: found, wrong }, i) => ({
        id: `repo-${i}`,
        content:
          wrong === undefined
            ? found && planPart(found, context, repos.length > 1)
            : html`<section class="card"><h2>${repo}</h2>${wrongNote(wrong)}</section>`,
      })),
      {
        id: "do",
        content:
          steps > 0 &&
          (allow.includes("migrate")
            ? html`<p class="do"><a class="button" href="${place.to("migrate")}">Run them</a></p>`
            : html`<p class="quiet">This page runs nothing: <code>slipway migrate</code> does.</p>`),
      },
    ],
  };
}

function planPart(one: RepoPlan, context: PageContext, isNamed: boolean): Content {
  const { repo, steps, rollout, warnings } = one;
  if (steps.length === 0 && (rollout?.data.length ?? 0) === 0)
    return (
      isNamed &&
      html`<section class="card"><div class="top"><h2>${repo}</h2>${statusWord("good", "nothing to do")}</div></section>`
    );
  return html`<section class="card">${isNamed && html`<h2>${repo}</h2>`}${questions(one)}</section>
${warnings.map(({ message }) => html`<div class="note warn"><p>${message}</p></div>`)}
${steps.map((step) => stepCard(step, rollout && [...rollout.before, ...rollout.after].find(({ version }) => version === step.file.version), repo, context))}`;
}

/** The three questions that a team asks before it starts a release. */
function questions({ rollout, steps }: RepoPlan): Content {
  if (rollout === undefined) return undefined;
  const { before, after, data, warnings } = rollout;
  const needed = before.filter(({ order }) => order !== "either");
  const free = before.filter(({ order }) => order === "either");
  const name = (list: readonly { name: string }[]) => list.map((one) => one.name).join(", ");
  return html`<dl>
<dt><strong>Does the new code need these migrations first?</strong></dt>
<dd>${needed.length === 0 ? "No: the code may start at once." : `Yes: run ${name(needed)} before you start it.`}</dd>
<dt><strong>Are there some that it does not use yet, so that the order does not matter?</strong></dt>
<dd>${free.length === 0 ? "None." : `${name(free)}: no code depends on ${free.length === 1 ? "it" : "them"}.`}${after.length > 0 && ` When the old code is gone, run ${name(after)}.`}</dd>
<dt><strong>Who runs them, and only once?</strong></dt>
<dd>${steps.length === 0 ? "Nothing is to run." : "One job before the rollout, as those of slipway gen kubernetes; a second one finds the lock held and nothing to do."}${data.length > 0 && ` By hand, when it suits: ${many(data.length, "data migration")} (${name(data)}).`}</dd>
</dl>${warnings.map(({ message }) => html`<div class="note warn"><p>${message}</p></div>`)}`;
}

function stepCard(
  step: Step,
  rolled: RolloutStep | undefined,
  repo: string,
  { place }: PageContext,
): Markup {
  const { file, phase, transactional, forecasts = [] } = step;
  const { breaks = [], gives = [], unknown = [] } = rolled?.effects ?? {};
  return html`<section class="card"><div class="top"><h2><a href="${place.migration(repo, file.version)}">${file.name}</a></h2>${statusWord(phase === "before" ? "busy" : "quiet", phase === "before" ? "before the deploy" : "after the deploy")}</div>
<p class="quiet small"><span class="mono">${file.version}</span> · ${transactional ? "one transaction" : "without a transaction"}</p>
${gives.length > 0 && html`<p>The new code may need ${gives.slice(0, 4).join(", ")}.</p>`}
${breaks.length > 0 && html`<p>Breaks old code: ${breaks.slice(0, 4).join(", ")}.</p>`}
${unknown.length > 0 && html`<p>See for yourself: ${unknown.slice(0, 4).join(", ")}.</p>`}
${forecasts.map(({ does, table, rows, ms, waits, writeBytes }) => html`<p>${heavyWords[does]} ${table}: ${count(rows)} rows, ${span(ms[0])} to ${span(ms[1])}${writeBytes > 0 && `, writes ${bytes(writeBytes)}`}; ${waits === "nobody" ? "nobody waits" : `${waits === "writers" ? "writers" : "readers and writers"} wait`}.</p>`)}
${stepActions(step.actions, "open")}</section>`;
}
