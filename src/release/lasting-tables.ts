/** Finds migrations that touch tables without rollback: a failure there leaves changes behind. */
import type { Session } from "../adapters/adapter.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import type { Action } from "../core/plan/action.ts";
import type { Step } from "../core/plan/step.ts";
import { lex } from "../core/sql/lexer.ts";

/** A warning for each of these tables that a step names. Code is not looked into. */
export async function lastingWarnings(
  steps: readonly Step[],
  session: Session,
): Promise<readonly Warning[]> {
  if (session.lastingTables === undefined || steps.length === 0) return [];
  const tables = await session.lastingTables();
  if (tables.length === 0) return [];
  return steps.flatMap(({ file, actions }) => {
    const named = new Set(actions.flatMap(namesIn));
    const migration = `${file.version}_${file.name}`;
    return tables
      .filter(({ name }) => named.has(name))
      .map(({ name, engine }) =>
        warning("table_cannot_roll_back", { table: name, engine, migration }),
      );
  });
}

function namesIn(action: Action): readonly string[] {
  if (action.kind !== "statements") return [];
  return action.statements.flatMap(({ sql }) =>
    [...lex(sql, "mysql")]
      .filter(({ kind }) => kind === "word" || kind === "name")
      .map(({ text }) => (text.startsWith("`") ? text.slice(1, -1).replaceAll("``", "`") : text)),
  );
}
