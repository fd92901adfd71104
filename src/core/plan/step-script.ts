/** A prepared migration → the scripts that the rules judge. */

import type { SchemaOperation } from "../language/operation.ts";
import type { Statement } from "../model/statement.ts";
import type { Script, ScriptStatement, SqlParser } from "../safety/effects/script.ts";
import type { JudgedMigration } from "../safety/rules/verdict.ts";
import type { Step } from "./step.ts";
import type { StoredDirection } from "./stored-plan-data.ts";

/** The fields that a step and a stored plan share. */
type Part = {
  readonly statements?: readonly Statement[];
  readonly isCode?: boolean | undefined;
  readonly together?: true | undefined;
  /** The text of an SQL file, whose lines are worth telling. */
  readonly text?: string | undefined;
  /** The line of the operation in the migration's file. Default: the first. */
  readonly line?: number | undefined;
  readonly operation?: SchemaOperation | undefined;
  /** The safe form that it is a part of, in words. */
  readonly form?: string | undefined;
};

/**
 * A step as it runs: one transaction, or one for each statement, or for what belongs together.
 * `lines` are those of its actions in the migration's file, as far as they are known.
 */
export function judgedStep(
  step: Step,
  parser: SqlParser,
  lines: readonly (number | undefined)[] = [],
): JudgedMigration {
  const parts = step.actions.map((action, i): Part => {
    if (action.kind !== "statements") return { isCode: true };
    const { statements, together, operation, form } = action;
    const isFile = operation?.kind === "execute" && operation.from !== undefined;
    const text = isFile ? operation.sql : undefined;
    return { statements, together, form, operation, text, line: lines[i] };
  });
  const hasLines = parts.some(({ text }) => text !== undefined);
  return {
    script: scriptOf(step.file.origin, { transactional: step.transactional, parts }, parser),
    safe: step.safe,
    phase: step.phase,
    hasLines,
  };
}

/** The same of a plan that was kept. */
export function judgedPlan(
  origin: string,
  { transactional, actions }: StoredDirection,
  { safe, parser }: { readonly safe: JudgedMigration["safe"]; readonly parser: SqlParser },
): JudgedMigration {
  const parts = actions.map((action): Part => ("statements" in action ? action : { isCode: true }));
  return { script: scriptOf(origin, { transactional, parts }, parser), safe, hasLines: false };
}

function scriptOf(
  name: string,
  { transactional, parts }: { readonly transactional: boolean; readonly parts: readonly Part[] },
  parser: SqlParser,
): Script {
  const statements = parts.flatMap((part) => {
    const { text, statements = [], together, form, operation, line = 1 } = part;
    if (text !== undefined) {
      const parsed = parser.statements(text);
      const isSame = parsed.length === statements.length;
      return parsed.map(
        (one, i): ScriptStatement => ({
          ...one,
          ofFile: true,
          ...(isSame ? { sent: statements[i] } : {}),
        }),
      );
    }
    const parsed = statements
      .flatMap((sent) => statementsOf(sent, parser))
      .map(
        (one, i, all): ScriptStatement => ({
          ...one,
          line,
          ...(form === undefined ? {} : { ofSafeForm: true }),
          // The statements before it only clear the way for the operation.
          ...(i === all.length - 1 ? { operation } : {}),
        }),
      );
    return together === true && !transactional
      ? [boundary("BEGIN"), ...parsed, boundary("COMMIT")]
      : parsed;
  });
  const runsCode = parts.some(({ isCode }) => isCode === true);
  return {
    ...{ name, statements, inTransaction: transactional, switchesAround: true },
    ...(runsCode ? { runsCode } : {}),
  };
}

/** A procedure is a comment to a parser, and one statement to whoever runs it. */
function statementsOf(sent: Statement, parser: SqlParser): readonly ScriptStatement[] {
  const parsed = parser.statements(sent.sql);
  const [only] = parsed.length === 0 ? [{ text: sent.sql, line: 1 }] : parsed;
  if (only === undefined || parsed.length > 1) return parsed;
  if (parsed.length === 0 && sent.procedure === undefined) return [];
  return [{ ...only, sent }];
}

function boundary(word: "BEGIN" | "COMMIT"): ScriptStatement {
  const kind = `TRANS_STMT_${word}`;
  return { node: { kind: "TransactionStmt", tree: { kind } }, text: word, line: 1 };
}
