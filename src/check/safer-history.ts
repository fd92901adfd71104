/**
 * `safe: "auto"`: a history as it would run, with the safe forms of statements that would stop
 * others.
 */
import { fileOf } from "../core/plan/safer-step.ts";
import type { Step } from "../core/plan/step.ts";
import type { SqlParser } from "../core/safety/effects/script.ts";
import { saferStatements } from "../core/safety/rules/safer-statements.ts";
import type { JudgedMigration, VerdictOptions } from "../core/safety/rules/verdict.ts";
import type { SaferStatement } from "../core/safety/rules/verdict-data.ts";
import { needsTrees } from "./parser.ts";

type SaferHistory = {
  readonly migrations: readonly JudgedMigration[];
  readonly statements: readonly (readonly SaferStatement[])[];
  /** For each migration, whether to ask the database about tables that no migration made. */
  readonly asks: readonly boolean[];
};

/**
 * Each migration as the rules then judge it, and the statements that a release carries for a server
 * of any version.
 */
export function saferHistory(
  steps: readonly Step[],
  judged: readonly JudgedMigration[],
  options: VerdictOptions &
    SqlParser & {
      /** Which tables that no migration made are known to be plain ones. Default: of none it is known. */
      readonly isPlain?: ((table: string) => boolean) | undefined;
    },
): SaferHistory {
  if (options.dialect !== undefined && !needsTrees(options.dialect))
    return { migrations: judged, statements: [], asks: [] };
  const input = judged.map((one, i) => ({ ...one, isFile: fileOf(steps[i]!) !== undefined }));
  const found = saferStatements(input, { ...options, asksTables: options.isPlain });
  const asksTables = found.some(({ asks }) => asks);
  const carried = asksTables ? saferStatements(input, { ...options, asksTables }) : found;
  const before18 = saferStatements(input, { ...options, major: 17, asksTables });
  return {
    asks: found.map(({ asks }) => asks),
    migrations: judged.map((one, i) => ({ ...one, script: found[i]!.script })),
    statements: carried.map(({ statements }, i) => forAll(statements, before18[i]!.statements)),
  };
}

/** Only replacements that every server gets. */
function forAll(
  newest: readonly SaferStatement[],
  older: readonly SaferStatement[],
): readonly SaferStatement[] {
  return newest.flatMap((one) => {
    const other = older.find(({ statement }) => statement === one.statement);
    if (other === undefined) return [];
    const isSame = JSON.stringify(other.sql) === JSON.stringify(one.sql);
    return [isSame ? one : { ...one, before18: other.sql }];
  });
}
