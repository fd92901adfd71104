/**
 * Judges the steps to run, where the sources are: earlier migrations tell which objects are there.
 */
import { loadParser } from "../check/parser.ts";
import type { KnownPublications } from "../core/model/database-facts.ts";
import { judgedStep } from "../core/plan/step-script.ts";
import { isReplicated } from "../core/safety/rules/published-now.ts";
import { type JudgedMigration, verdicts } from "../core/safety/rules/verdict.ts";
import type { Verdict } from "../core/safety/rules/verdict-data.ts";
import type { SafetyInput } from "./safety-input.ts";
import { majorOf, stepsUpTo } from "./steps-up-to.ts";

/** The verdicts of the steps in their order; `undefined` where the parser is not installed, or no rule is for this database. */
export async function judgeNow(input: SafetyInput): Promise<readonly Verdict[] | undefined> {
  const { steps, session, ownRules } = input;
  const { rules } = session.dialect;
  if (rules === undefined) return undefined;
  const parser = await loadParser(rules);
  if (parser === undefined) return undefined;
  const history = await stepsUpTo(steps, input);
  const judged = history.map((step) => judgedStep(step, parser));
  const toRun = new Set(steps);
  const wanted = judged.filter((_, i) => toRun.has(history[i]!));
  const how = { ...parser, major: await majorOf(session), dialect: rules, own: ownRules };
  const published = await publishedOf(input, wanted);
  const first = verdicts(judged, { ...how, published });
  const functions = await functionsOf(
    input,
    first.filter((_, i) => toRun.has(history[i]!)),
  );
  const none = { publications: [], tables: [] };
  const said =
    functions === undefined
      ? first
      : verdicts(judged, { ...how, published: { ...(published ?? none), functions } });
  const saidOf = new Map(history.map((step, i) => [step.file.version, said[i]!]));
  return steps.map((step) => saidOf.get(step.file.version)!);
}

/**
 * Functions of extensions decide whether a default is computed for every row. Asked only where it
 * would be.
 */
async function functionsOf(
  { session, prepare }: SafetyInput,
  wanted: readonly Verdict[],
): Promise<KnownPublications["functions"]> {
  const isComputed = ({ rule }: { readonly rule: string }) => rule === "add-column-rewrite";
  if (!wanted.some(({ findings }) => findings.some(isComputed))) return undefined;
  const functions = (await session.facts?.(prepare.history?.name ?? "schema_migrations"))
    ?.functions;
  return functions?.length === 0 ? undefined : functions;
}

/**
 * Asks only where a table could change. Gives nothing where the database replicates nothing: then the migrations' own
 * publications count.
 */
async function publishedOf(
  { session, prepare }: SafetyInput,
  judged: readonly JudgedMigration[],
): Promise<KnownPublications | undefined> {
  const changes = judged.some(({ script }) =>
    script.statements.some(({ node }) =>
      /^(AlterTable|Rename|Truncate|Drop|AlterObjectSchema|Index)Stmt$/.test(node?.kind ?? ""),
    ),
  );
  if (!changes) return undefined;
  const known = await session.publications?.(prepare.history?.name ?? "schema_migrations");
  return known === undefined || !isReplicated(known) ? undefined : known;
}
