/** A rollout in words: the commands, their order, and whether the order matters. */
import type { Phase } from "../core/model/migration.ts";
import { mapTexts, visible } from "../core/model/visible.ts";
import type { Rollout, RolloutStep } from "../core/plan/rollout.ts";
import type { RepoPlan } from "../release/repo-plan.ts";

/** The rollout of each repo that has something to do. */
export function rolloutText(plans: readonly RepoPlan[]): string {
  return plans
    .flatMap(({ repo, rollout }) => (rollout === undefined ? [] : [repoText(repo, rollout)]))
    .join("");
}

function repoText(repo: string, rollout: Rollout): string {
  const { before, after, data, warnings } = mapTexts(rollout, visible);
  if (before.length + after.length + data.length === 0) return "";
  const only = `--repo ${repo}`;
  const deploy = [deployLine(before)];
  const dataLines =
    data.length === 0
      ? []
      : [
          `By hand: migrate-data ${only}`,
          ...data.map(({ version, name }) => `  ${version} ${name}`),
        ];
  const first = phaseLines("before", before, `Before the deploy: migrate ${only} --phase before`);
  const last = phaseLines(
    "after",
    after,
    `When the old code is gone: migrate ${only} --phase after`,
  );
  const isRequired = after.some((step) => step.requiresData !== undefined);
  const parts = isRequired ? [first, deploy, dataLines, last] : [first, deploy, last, dataLines];
  const numbered = parts
    .filter((lines) => lines.length > 0)
    .flatMap(([head = "", ...rest], i) => [
      `  ${i + 1}. ${head}`,
      ...rest.map((line) => `     ${line}`),
    ]);
  const warned = warnings.map(({ message }) => `  warning: ${message}`);
  return `${["", `Rollout of ${repo}`, "", ...numbered, ...warned].join("\n")}\n`;
}

/** Nothing before: the code need not wait for anything. */
function deployLine(before: readonly RolloutStep[]): string {
  if (before.length === 0) return "Deploy the code: it waits for no migration.";
  return before.every((step) => step.order === "either")
    ? "Deploy the code: it may as well start first, for it needs none of these."
    : "Deploy the code: it may start when these have run (see wait).";
}

function phaseLines(phase: Phase, steps: readonly RolloutStep[], head: string): readonly string[] {
  if (steps.length === 0) return phase === "before" ? ["Before the deploy: nothing."] : [];
  return [head, ...steps.flatMap(stepLines)];
}

function stepLines({
  version,
  name,
  order,
  effects,
  requiresData,
  requiresMigration,
}: RolloutStep): readonly string[] {
  const { breaks = [], gives = [], unknown = [] } = effects;
  const why = [
    ...(gives.length > 0 ? [`the new code may need ${listed(gives)}`] : []),
    ...(breaks.length > 0 ? [`breaks old code: ${listed(breaks)}`] : []),
    ...(unknown.length > 0 ? [`see for yourself: ${listed(unknown)}`] : []),
    ...(order === "either" ? ["the order does not matter: no code depends on it"] : []),
    ...(requiresData === undefined ? [] : [`requires data migration ${requiresData}`]),
    ...(requiresMigration === undefined ? [] : [`requires migration ${requiresMigration}`]),
  ];
  return [`  ${version} ${name}`, ...why.map((line) => `    ${line}`)];
}

function listed(words: readonly string[]): string {
  const more = words.length > 4 ? `, and ${words.length - 4} more` : "";
  return words.slice(0, 4).join(", ") + more;
}
