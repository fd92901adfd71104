/** A plan as Markdown. */
import { sqlOf } from "../core/plan/sent-sql.ts";
import type { Step } from "../core/plan/step.ts";
import type { RepoPlan } from "../release/repo-plan.ts";
import { code, fenced, plain } from "./markdown-text.ts";
import { rolloutText } from "./rollout-text.ts";

/** GitHub takes a summary of 1 MiB, and a comment of 65,536 characters. */
const longestSql = 4_000;

/** A heading, a section for each migration with its SQL, and how to deploy around them. */
export function planMarkdown(plans: readonly RepoPlan[]): string {
  const count = plans.reduce((sum, { steps }) => sum + steps.length, 0);
  const head = count === 0 ? "nothing to do" : `${count} to run`;
  const rollout = rolloutText(plans).trim();
  return [
    `## Plan: ${head}`,
    ...plans.flatMap(({ repo, steps }) => steps.map((step) => section(repo, step))),
    ...(rollout === "" ? [] : [`### Rollout\n\n${fenced(rollout, "text")}`]),
  ]
    .map((block) => `${block}\n`)
    .join("\n");
}

function section(repo: string, step: Step): string {
  const { file, direction, transactional, actions, backfill } = step;
  const how = backfill
    ? "in batches"
    : transactional
      ? "in a transaction"
      : "without a transaction";
  const sql = actions
    .flatMap((action) => (action.kind === "run" ? [`-- ${action.words}`] : sqlOf(action)))
    .map((text) => (/;\s*$|^--/.test(text) ? text : `${text};`))
    .join("\n");
  const shown = sql.length > longestSql ? `${sql.slice(0, longestSql)}\n-- …` : sql;
  return [
    `### ${code(`${file.version} ${file.name}`)} ${direction}`,
    plain(`Repo ${repo}, ${how}.`),
    ...(shown === "" ? [] : [fenced(shown, "sql")]),
  ].join("\n\n");
}
