/** Asks the rules, where the sources are, which statements of SQL files `safe: "auto"` replaces. */
import type { Session } from "../adapters/adapter.ts";
import { loadParser } from "../check/parser.ts";
import type { Version } from "../core/model/migration.ts";
import type { Step } from "../core/plan/step.ts";
import { judgedStep } from "../core/plan/step-script.ts";
import type { Rule } from "../core/safety/rules/rule.ts";
import { type Safer, saferStatements } from "../core/safety/rules/safer-statements.ts";
import { majorOf } from "./steps-up-to.ts";

/** By version; empty where the parser is not installed. */
export async function saferNow(
  history: readonly Step[],
  isWanted: (step: Step) => boolean,
  { session, ownRules }: { readonly session: Session; readonly ownRules: readonly Rule[] },
): Promise<ReadonlyMap<Version, Safer>> {
  const parser = await loadParser();
  if (parser === undefined) return new Map();
  const found = saferStatements(
    history.map((step) => ({ ...judgedStep(step, parser), isFile: isWanted(step) })),
    { ...parser, major: await majorOf(session), own: ownRules, asksTables: true },
  );
  return new Map(history.map(({ file }, i) => [file.version, found[i]!]));
}
