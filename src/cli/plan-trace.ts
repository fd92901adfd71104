/**
 * `plan --trace`: the statements that code sends, instead of its words; from a shadow, so it needs
 * the sources.
 */
import { messageOf } from "../core/model/message-of.ts";
import { plain } from "../core/model/statement.ts";
import type { Action } from "../core/plan/action.ts";
import type { Step } from "../core/plan/step.ts";
import type { RepoInventory } from "../release/inventory.ts";
import type { Release } from "../release/release.ts";
import type { RepoPlan } from "../release/repo-plan.ts";
import type { SentByCode } from "../shadow/code/sent-by-code.ts";
import type { GivenShadow } from "./ways-back.ts";

type About = { readonly shadow: GivenShadow; readonly tell: (text: string) => void };

/** The same plans with the SQL of code that goes up. Says of each repo whose code could not be tried why not. */
export async function tracedPlans(
  release: Release,
  plans: readonly RepoPlan[],
  about: About,
): Promise<readonly RepoPlan[]> {
  const wanted = plans.filter(({ direction, steps }) => direction === "up" && steps.some(hasCode));
  if (wanted.length === 0) return plans;
  const inventory = await release.inventory();
  const traced: RepoPlan[] = [];
  for (const plan of plans) {
    const found = inventory.find(({ repo }) => repo === plan.repo);
    const sent =
      found !== undefined && wanted.includes(plan)
        ? await sentOf(release, found, about)
        : undefined;
    traced.push(
      sent === undefined ? plan : { ...plan, steps: plan.steps.map((step) => withSql(step, sent)) },
    );
  }
  return traced;
}

async function sentOf(
  release: Release,
  found: RepoInventory,
  { shadow, tell }: About,
): Promise<SentByCode | undefined> {
  const { repo, migrations } = found;
  const unable = (reason: string) =>
    tell(`warning: repo ${repo}: its code was not tried, so its SQL is not shown: ${reason}\n`);
  const { sentByCode, shadowPlaceOf } = await import("../shadow/code/sent-by-code.ts");
  const place = shadowPlaceOf(found, shadow.url);
  try {
    if (place.unable === undefined)
      return await sentByCode(release, { repo, ...place, migrations, shadowSql: shadow.sql });
    unable(place.unable);
  } catch (error) {
    unable(messageOf(error));
  }
  return undefined;
}

function withSql(step: Step, { migrations, readRows, failed }: SentByCode): Step {
  const { version } = step.file;
  const known = migrations.find(({ file }) => file.version === version)?.step.actions;
  if (!hasCode(step) || known?.length !== step.actions.length) return step;
  const reason = failed.get(version);
  const notes = [
    ...(readRows.has(version) ? ["it reads rows, and the shadow has none"] : []),
    ...(reason === undefined ? [] : [`it was not run to its end: ${reason}`]),
  ];
  const actions = step.actions.map((action, i): Action => {
    const sent = known[i]!;
    if (action.kind !== "run" || sent.kind !== "statements") return action;
    const said = notes.map((note) => plain(`-- ${note.replace(/\s+/g, " ")}`));
    return {
      ...sent,
      words: `${action.words}, as a shadow heard it`,
      statements: [...sent.statements, ...said],
    };
  });
  return { ...step, actions };
}

function hasCode({ actions }: Step): boolean {
  return actions.some(({ kind }) => kind === "run");
}
