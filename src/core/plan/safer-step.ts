/** A migration that is an SQL file, with statements in the place of those that would stop others. */
import type { Dialect } from "../language/dialect.ts";
import type { OperationOf } from "../language/operation.ts";
import type { SaferStatement } from "../safety/rules/verdict-data.ts";
import { type PlacedStatement, placeStatements } from "../sql/statements.ts";
import { type Action, compile } from "./action.ts";
import type { Step } from "./step.ts";
import { withWayUp } from "./stored-plan.ts";

type FileAction = Extract<Action, { readonly kind: "statements" }> & {
  readonly operation: OperationOf<"execute">;
};

/** The one file that a step is made of, going up; `undefined` where it is more than that, or says `transaction=true`. */
export function fileOf({ direction, actions, saysTransaction }: Step): FileAction | undefined {
  if (direction === "down" || saysTransaction === true) return undefined;
  const [own, more] = actions.filter(({ of }) => of !== "hook");
  return own !== undefined && more === undefined && isFile(own) ? own : undefined;
}

function isFile(action: Action): action is FileAction {
  const operation = action.kind === "statements" ? action.operation : undefined;
  return operation?.kind === "execute" && operation.from !== undefined;
}

/**
 * The same step with each statement in a separate transaction. Its way back and its meaning stay.
 */
export function saferStep(
  step: Step,
  safer: readonly SaferStatement[],
  { dialect, major }: { readonly dialect: Dialect; readonly major: number },
): Step {
  const file = fileOf(step);
  if (file === undefined || safer.length === 0) return step;
  const placed = placeStatements(file.operation.sql, dialect.syntax);
  const instead = new Map(
    safer.map((one) => [one.statement, (major < 18 ? one.before18 : undefined) ?? one.sql]),
  );
  const texts = textsOf(file.operation.sql, placed, instead);
  const actions = texts.map((sql) =>
    compile({ operation: { ...file.operation, sql }, of: file.of }, step.file, dialect),
  );
  const replaced = [...instead].map(([i, by]) => ({
    operation: oneLine(placed[i]?.sql ?? ""),
    by: by.map(oneLine),
  }));
  const made = { ...step, actions, transactional: false, replaced };
  if (step.kept === undefined) return made;
  return { ...made, kept: { ...step.kept, plan: withWayUp(step.kept.plan, made) } };
}

/** Texts whose statements stand in the lines in which the author sees them: what stays together, or one that is new. */
function textsOf(
  sql: string,
  placed: readonly PlacedStatement[],
  instead: ReadonlyMap<number, readonly string[]>,
): readonly string[] {
  const texts: string[] = [];
  let from: PlacedStatement | undefined;
  for (const [i, statement] of placed.entries()) {
    const by = instead.get(i);
    from ??= by === undefined ? statement : undefined;
    if (by !== undefined) texts.push(...by.map((text) => atLine(statement.line, text)));
    else if (i + 1 === placed.length || instead.has(i + 1)) {
      texts.push(atLine(from?.line ?? 1, sql.slice(from?.start, statement.end)));
      from = undefined;
    }
  }
  return texts;
}

function atLine(line: number, text: string): string {
  return "\n".repeat(line - 1) + text;
}

function oneLine(sql: string): string {
  return sql.replace(/\s+/g, " ").trim();
}
