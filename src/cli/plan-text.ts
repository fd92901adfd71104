/** A plan in words: the coming work, and its SQL. */
import { backfillWords } from "../core/backfill/backfill.ts";
import { mapTexts, visible } from "../core/model/visible.ts";
import type { Action } from "../core/plan/prepare.ts";
import { sqlOf } from "../core/plan/sent-sql.ts";
import type { Step, UnsentStatement } from "../core/plan/step.ts";
import type { RepoPlan } from "../release/repo-plan.ts";
import { paceWords, type TenantsPlan } from "../release/tenants/tenants-plan.ts";

/** The plan of each repo, as blocks of text; one line for a repo with nothing to do. */
export function planText(plans: readonly RepoPlan[]): string {
  return plans.map(repoText).join("");
}

function repoText({ repo, direction, steps, tenants }: RepoPlan): string {
  const many = tenants === undefined ? "" : tenantsText(repo, tenants);
  if (steps.length === 0)
    return `repo ${repo}: nothing to do, migrations already ${direction}\n${many}`;
  return `\nRepo: ${repo}\n\n${steps.map((step) => stepText(step)).join("\n")}${many}`;
}

function tenantsText(repo: string, plan: TenantsPlan): string {
  const { tenants, behind, quarantined, unreachable = [], steps, counts } = plan;
  const number = (count = 0) => count.toLocaleString("en-US");
  const left = [
    ...(quarantined === 0
      ? []
      : [`; ${number(quarantined)} failed before and would be left alone`]),
    ...(unreachable.length === 0 ? [] : [`; ${number(unreachable.length)} cannot be reached`]),
  ].join("");
  if (steps.length === 0) return `repo ${repo}: ${number(tenants)} tenants, nothing to do${left}\n`;
  const whom =
    tenants === undefined
      ? "each tenant that the list has then"
      : `${number(behind)} of ${number(tenants)}`;
  const takes = paceWords(plan);
  const lines = steps.map((step) => {
    const count = counts[step.file.version];
    return stepText(step, count === behind ? "" : `, for ${number(count)}`);
  });
  const head = [
    `Tenants of ${repo}: ${whom}${left}`,
    ...(takes === undefined ? [] : [`  ${takes}`]),
  ];
  return `\n${head.join("\n")}\n\n${lines.join("\n")}`;
}

function stepText(step: Step, whom = ""): string {
  const { direction, transactional, actions, backfill } = step;
  const file = mapTexts(step.file, visible);
  if (backfill !== undefined)
    return `  ${file.version} ${file.name} ${direction}, in batches${whom}\n    ${visible(backfillWords(backfill))}\n`;
  const how = `${transactional ? "in a transaction" : "without a transaction"}${step.stored ? ", by the plan that the history keeps" : ""}`;
  const lines = [
    `  ${file.version} ${file.name} ${direction}, ${how}${whom}`,
    ...actions.flatMap((action, i) => [
      ...formLine(action, actions[i - 1]),
      ...(step.stored && action.kind === "statements" && step.unsent === undefined
        ? [`    ${action.words}`, ...sqlOf(action).flatMap(sqlLines)]
        : actionLines(action, unsentOf(step, i))),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Appears once, before the first part of a form. */
function formLine(action: Action, before: Action | undefined): readonly string[] {
  const form = action.kind === "run" ? undefined : action.form;
  const last = before === undefined || before.kind === "run" ? undefined : before.form;
  return form === undefined || form === last ? [] : [`    ${visible(form)}`];
}

type Why = UnsentStatement["why"];

/** Why statements of an action are not sent, by their place in it. */
function unsentOf({ unsent = [] }: Step, action: number): ReadonlyMap<number, Why> {
  const here = unsent.filter((one) => one.action === action);
  return new Map(here.map(({ statement, why }) => [statement, why]));
}

const unsentWords: { readonly [Each in Why]: string } = {
  done: "done before, and not sent again",
  in_doubt: "in doubt: the next run asks the database whether it is done",
  never_ran: "not sent: what it would undo never ran",
};

function actionLines(action: Action, unsent: ReadonlyMap<number, Why>): readonly string[] {
  const note = (place: number) => {
    const why = unsent.get(place);
    return why === undefined ? [] : [`      -- ${unsentWords[why]}`];
  };
  const wholeNote = action.kind === "statements" ? [] : note(0);
  switch (action.kind) {
    case "run":
      return [`    ${visible(action.words)}`, ...wholeNote];
    case "backfill": {
      const { table, set, where } = action.backfill;
      const sql = `UPDATE ${table.name} SET ${set} WHERE ${where}`;
      return [...headLines(action), ...wholeNote, ...sqlLines(`-- batch by batch: ${sql}`)];
    }
    case "statements":
      return [
        ...headLines(action),
        ...action.statements.flatMap(({ sql }, i) => {
          const why = unsent.get(i);
          const lines = sqlLines(sql);
          return [
            ...note(i),
            ...(why === undefined || why === "in_doubt" ? lines : lines.map(inComment)),
          ];
        }),
      ];
  }
}

/** A part of a safe form carries a note about its effect on others. */
function headLines(action: Exclude<Action, { kind: "run" }>): readonly string[] {
  const isSql = action.kind === "statements" && action.operation?.kind === "execute";
  const words = isSql && action.form === undefined ? "execute" : action.words;
  const together = action.kind === "statements" && action.together;
  const note = action.note === undefined ? [] : [`      -- ${visible(action.note)}`];
  return [`    ${visible(words)}${together ? " (one transaction)" : ""}`, ...note];
}

/** Whoever copies the plan must not copy statements that Slipway does not send. */
function inComment(line: string): string {
  return line.replace(/^ {6}/, "      -- ");
}

function sqlLines(sql: string): readonly string[] {
  const text = sql.trimEnd();
  return (text.endsWith(";") ? text : `${text};`).split("\n").map((line) => `      ${line}`);
}
