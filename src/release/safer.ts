/** `safe: "auto"` for SQL files: replaces statements of the steps that would stop others. */
import type { Session } from "../adapters/adapter.ts";
import { fileOf, saferStep } from "../core/plan/safer-step.ts";
import type { Step } from "../core/plan/step.ts";
import { areNew, newTo } from "../core/safety/rules/left-in-run.ts";
import type { Safer } from "../core/safety/rules/safer-statements.ts";
import type { SaferStatement } from "../core/safety/rules/verdict-data.ts";
import { isLeftAlone } from "./left-alone.ts";
import type { Asked } from "./prepare/asked.ts";
import { majorOf, stepsUpTo } from "./steps-up-to.ts";

/**
 * Takes the safe forms for statements of SQL files. A table that the same run makes needs none:
 * nobody uses it yet.
 */
export async function saferSteps(steps: readonly Step[], asked: Asked): Promise<readonly Step[]> {
  const { session, repo } = asked;
  const { dialect } = session;
  const isOpen = (step: Step) =>
    fileOf(step) !== undefined && !isLeftAlone(step.file, repo.startAfter);
  if (dialect.safety === undefined || !steps.some(isOpen)) return steps;
  const found = saidAtBuild(steps) ?? (await foundNow(steps, isOpen, asked));
  if (!found.some(({ statements }) => statements.length > 0)) return steps;
  const major = await majorOf(session);
  const plain = await plainTables(found, session);
  const isSure = ({ asks }: SaferStatement) =>
    asks?.tables.every((table) => plain.has(table)) ?? true;
  const made = new Set<string>();
  return steps.map((step, i) => {
    const { statements, changes } = found[i]!;
    const isNew = newTo(changes, made);
    const wanted = statements.filter((one) => !areNew(one.tables, isNew) && isSure(one));
    return isOpen(step) ? withoutFound(saferStep(step, wanted, { dialect, major }), wanted) : step;
  });
}

/** Those that no migration made, and that the catalog says to be plain tables. */
async function plainTables(
  found: readonly Safer[],
  session: Session,
): Promise<ReadonlySet<string>> {
  const asked = found.flatMap(({ statements }) =>
    statements.flatMap(({ asks }) => asks?.tables ?? []),
  );
  if (asked.length === 0 || session.dialect.safety === undefined) return new Set();
  const rows = await session.query(session.dialect.safety.plainTables([...new Set(asked)]));
  return new Set(rows.map(({ name }) => String(name)));
}

/** Drops findings that the rules made before they knew of a replacement for the statement. */
function withoutFound(step: Step, replaced: readonly SaferStatement[]): Step {
  const { verdict } = step;
  const asks = replaced.flatMap((one) => one.asks ?? []);
  if (verdict === undefined || asks.length === 0) return step;
  const findings = verdict.findings.filter(
    ({ rule, statement }) =>
      !asks.some(({ rules, text }) => text === statement && rules.includes(rule)),
  );
  return { ...step, verdict: { ...verdict, findings } };
}

/** A built release has no parser. */
function saidAtBuild(steps: readonly Step[]): readonly Safer[] | undefined {
  if (!steps.every(({ verdict }) => verdict !== undefined)) return undefined;
  return steps.map(({ verdict }) => {
    const { makes = [], moves = [], safer = [] } = verdict ?? {};
    return { statements: safer, changes: { makes, moves } };
  });
}

async function foundNow(
  steps: readonly Step[],
  isOpen: (step: Step) => boolean,
  asked: Asked,
): Promise<readonly Safer[]> {
  // Only here, because a built release has neither the rules nor the parser.
  const { saferNow } = await import("./safer-now.ts");
  const history = await stepsUpTo(steps, asked);
  const { session, repo } = asked;
  const toRun = new Set(steps);
  const isWanted = (step: Step) => toRun.has(step) && isOpen(step);
  const found = await saferNow(history, isWanted, { session, ownRules: repo.ownRules });
  const none: Safer = { statements: [], changes: { makes: [], moves: [] } };
  return steps.map((step) => found.get(step.file.version) ?? none);
}
