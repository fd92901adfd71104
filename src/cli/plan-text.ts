/** A plan in words: what will run, and its SQL. */
import type { Action, Step } from "../core/plan/prepare.ts";
import type { RepoPlan } from "../release/release.ts";

/** The plan of each repo, as blocks of text; one line for a repo with nothing to do. */
export function planText(plans: readonly RepoPlan[]): string {
  return plans.map(repoText).join("");
}

function repoText({ repo, direction, steps }: RepoPlan): string {
  if (steps.length === 0) return `repo ${repo}: nothing to do, migrations already ${direction}\n`;
  return `\nRepo: ${repo}\n\n${steps.map(stepText).join("\n")}`;
}

function stepText(step: Step): string {
  const { file, direction, transactional, actions } = step;
  const how = transactional ? "in a transaction" : "without a transaction";
  const lines = [
    `  ${file.version} ${file.name} ${direction}, ${how}`,
    ...actions.flatMap(actionLines),
  ];
  return `${lines.join("\n")}\n`;
}

function actionLines(action: Action): readonly string[] {
  if (action.kind === "run") return [`    ${action.words}`];
  const words = action.operation?.kind === "execute" ? "execute" : action.words;
  return [`    ${words}`, ...action.statements.flatMap(({ sql }) => sqlLines(sql))];
}

function sqlLines(sql: string): readonly string[] {
  const text = sql.trimEnd();
  return (text.endsWith(";") ? text : `${text};`).split("\n").map((line) => `      ${line}`);
}
