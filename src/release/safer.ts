/** `safe: "auto"` for SQL files: what is to run, with statements in the place of those that would stop others. */
import { fileOf, saferStep } from "../core/plan/safer-step.ts";
import type { Step } from "../core/plan/step.ts";
import { areNew, newTo } from "../core/safety/rules/left-in-run.ts";
import type { Safer } from "../core/safety/rules/safer-statements.ts";
import { isLeftAlone } from "./left-alone.ts";
import type { Asked } from "./prepare/asked.ts";
import { majorOf, stepsUpTo } from "./steps-up-to.ts";

/** What is on a table that the same run makes stays as it is: nobody uses it yet. */
export async function saferSteps(steps: readonly Step[], asked: Asked): Promise<readonly Step[]> {
  const { session, repo } = asked;
  const { dialect } = session;
  const isOpen = (step: Step) =>
    fileOf(step) !== undefined && !isLeftAlone(step.file, repo.startAfter);
  if (dialect.safety === undefined || !steps.some(isOpen)) return steps;
  const found = saidAtBuild(steps) ?? (await foundNow(steps, isOpen, asked));
  if (!found.some(({ statements }) => statements.length > 0)) return steps;
  const major = await majorOf(session);
  const made = new Set<string>();
  return steps.map((step, i) => {
    const { statements, changes } = found[i]!;
    const isNew = newTo(changes, made);
    const wanted = statements.filter(({ tables }) => !areNew(tables, isNew));
    return isOpen(step) ? saferStep(step, wanted, { dialect, major }) : step;
  });
}

/** A built release has no parser. */
function saidAtBuild(steps: readonly Step[]): readonly Safer[] | undefined {
  if (!steps.every(({ verdict }) => verdict !== undefined)) return undefined;
  return steps.map(({ verdict }) => {
    const { makes = [], moves = [], safer = [] } = verdict ?? {};
    return { statements: safer, changes: { makes, moves } };
  });
}

async function foundNow(
  steps: readonly Step[],
  isOpen: (step: Step) => boolean,
  asked: Asked,
): Promise<readonly Safer[]> {
  // Only here, because a built release has neither the rules nor the parser.
  const { saferNow } = await import("./safer-now.ts");
  const history = await stepsUpTo(steps, asked);
  const { session, repo } = asked;
  const isWanted = (step: Step) => steps.includes(step) && isOpen(step);
  const found = await saferNow(history, isWanted, { session, ownRules: repo.ownRules });
  const none: Safer = { statements: [], changes: { makes: [], moves: [] } };
  return steps.map((step) => found.get(step.file.version) ?? none);
}
