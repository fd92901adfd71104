/** The way back of a migration that the release does not contain, out of the history. */
import type { Dialect } from "../language/dialect.ts";
import { messageOf } from "../model/message-of.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { SqlStatement } from "../model/statement.ts";
import { controlsTransaction } from "../sql/own-transaction.ts";
import type { Step } from "./step.ts";
import { actionOf } from "./stored-plan.ts";
import type { StoredDirection, StoredPlan } from "./stored-plan-data.ts";

/** A step down made of a stored plan; or why it cannot be made. */
export function stepFromStored(
  file: MigrationFile,
  plan: StoredPlan,
  split: Dialect["splitStatements"],
): Step | { readonly refused: string } {
  const { down } = plan;
  if ("refused" in down) return down;
  const code = down.actions.find((action) => "code" in action);
  if (code !== undefined)
    return { refused: `its way back runs code${labelOf(code.words)}${sentUp(plan)}` };
  const control = controlOf(down, split);
  if (control !== undefined) return { refused: control };
  return {
    file,
    direction: "down",
    stored: true,
    callback: "down",
    transactional: down.transactional,
    phase: "before",
    policy: down.policy,
    actions: down.actions.map(actionOf),
    ...(plan.earlier === undefined ? {} : { restores: plan.earlier }),
  };
}

/** The words that tell this code from other code: `run code: LABEL`, or any words. */
function labelOf(words: string): string {
  const label = words.replace(/^run code(?:: )?/, "");
  return label === "" ? "" : ` (${label})`;
}

/** For who has to undo by hand what code has sent. */
function sentUp({ up }: StoredPlan): string {
  const sent = up.actions.flatMap((action) => ("code" in action ? (action.sent ?? []) : []));
  if (sent.length === 0) return "";
  const shown = sent.slice(0, 3).map((sql) => sql.replace(/\s+/g, " ").slice(0, 80));
  const more = sent.length > shown.length ? ` and ${sent.length - shown.length} more` : "";
  return `; going up it sent ${shown.join("; ")}${more}`;
}

function controlOf(down: StoredDirection, split: Dialect["splitStatements"]): string | undefined {
  try {
    const sql = transactionControl(down, split);
    return sql && `its plan in the history would begin or end a transaction (${sql})`;
  } catch (error) {
    const reason = messageOf(error);
    return `its plan in the history has SQL that cannot be read: ${reason}`;
  }
}

/** The first statement that would begin or end a transaction: the step's own ends with its history row, and not before. */
function transactionControl(
  { actions }: StoredDirection,
  split: (sql: string) => readonly SqlStatement[],
): string | undefined {
  const statements = actions
    .flatMap((action) => ("statements" in action ? action.statements : []))
    .flatMap((statement) => [statement, ...Object.values(statement.around ?? {})]);
  return statements.find(({ sql, boundary }) => {
    const parts = split(sql);
    // A file's own BEGIN or COMMIT, in a migration without a transaction of ours, stands alone.
    if (boundary !== undefined && parts.length === 1) return false;
    return parts.some(controlsTransaction);
  })?.sql;
}
