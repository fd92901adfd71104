import { cannotWork } from "../core/model/errors/safety.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { lockPolicy } from "../core/model/lock-policy.ts";
import type { Version } from "../core/model/migration.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import { isWorthJudging, sendsFile } from "../core/plan/worth-judging.ts";
import type { Forecast } from "../core/safety/forecast/forecast.ts";
import { leftInRun } from "../core/safety/rules/left-in-run.ts";
import type { Verdict, VerdictFinding } from "../core/safety/rules/verdict-data.ts";
import { isLeftAlone } from "./left-alone.ts";
import type { SafetyInput } from "./safety-input.ts";

export type Safety = {
  readonly refused: readonly ReleaseError[];
  /** Findings that only need a warning. */
  readonly warnings: readonly Warning[];
  /** How long steps take that last as long as there are rows, by version. */
  readonly forecasts: ReadonlyMap<Version, readonly Forecast[]>;
};

/** Is there in a built release only, when the rules have found nothing in its migrations. */
declare const slipwayWithoutFindings: true | undefined;

/** Only going up. */
export async function safetyOf(input: SafetyInput): Promise<Safety> {
  const { mode, steps, prepare: how } = input;
  if (mode === "off" || how.direction === "down" || steps.length === 0)
    return { refused: [], warnings: [], forecasts: new Map() };
  const found = await foundIn(input);
  const large = steps.filter(sendsFile).map(({ file: { origin } }) => origin);
  const told = large.map((origin) => warning("file_not_judged", { origin }));
  return { ...found, warnings: [...found.warnings, ...told] };
}

async function foundIn(input: SafetyInput): Promise<Safety> {
  const { session } = input;
  const nothing = { refused: [], warnings: [], forecasts: new Map() };
  const said = await verdictsOf(input);
  // Only here, because most databases publish nothing, and most runs change nothing that could be.
  const asks = said?.some(({ ifPublished }) => ifPublished !== undefined) === true;
  const run = asks ? await (await import("./published.ts")).withPublished(said, input) : said;
  if (run === undefined)
    return session.dialect.rules === undefined
      ? nothing
      : { ...nothing, warnings: [warning("not_judged", {})] };
  const weighed =
    typeof slipwayWithoutFindings === "undefined"
      ? await weigh(run, input)
      : asks
        ? await (await import("./published.ts")).weighPublished(run, input)
        : nothing;
  if (!run.some(({ heavy }) => heavy !== undefined)) return { ...weighed, forecasts: new Map() };
  // Only here, because most runs change nothing that is large.
  const { forecastsOf } = await import("./forecasts.ts");
  return { ...weighed, forecasts: await forecastsOf(run, input) };
}

/** Weighs the findings that are left in this run, on this database. */
async function weigh(
  run: readonly Verdict[],
  input: SafetyInput,
): Promise<Omit<Safety, "forecasts">> {
  const { mode, steps, session, prepare: how, repo, policies, strict } = input;
  const kept: (VerdictFinding & { readonly origin: string; readonly version: Version })[] = [];
  for (const [i, left] of leftInRun(run).entries()) {
    const { file, policy } = steps[i]!;
    if (isLeftAlone(file, input.startAfter)) continue;
    const policyHere = lockPolicy(policies.repo, policy, policies.command);
    for (const one of left)
      if (strict || !(await session.isHarmless?.(one, policyHere)))
        kept.push({ ...one, origin: file.origin, version: file.version });
  }
  const { left: certainly, warnings: disproved } = kept.some(({ rule }) => rule === "will-fail")
    ? await (await import("./believed.ts")).believed(kept, input)
    : { left: kept, warnings: [] };
  if (certainly.length === 0) return { refused: [], warnings: disproved };
  // Only here, because a run without findings does without sizes.
  const { letThrough } = await import("./let-through.ts");
  const { left: found, warnings: through } = strict
    ? { left: certainly, warnings: [] }
    : await letThrough(certainly, { session, history: how.history, files: input.files });
  const warnings = [...disproved, ...through];
  if (found.length === 0) return { refused: [], warnings };
  const { sized } = await import("./sized.ts");
  const findings = await sized(found, session);
  if (mode === "warn") {
    const told = findings.map((finding) => warning("unsafe", finding));
    return { refused: [], warnings: [...warnings, ...told] };
  }
  const certain = findings.filter(({ rule }) => cannotWork.has(rule));
  const unsafe = findings.filter(({ rule }) => !cannotWork.has(rule));
  const refused = [
    ...(certain.length > 0
      ? [new ReleaseError("certain_to_fail", { repo, findings: certain })]
      : []),
    ...(unsafe.length > 0 ? [new ReleaseError("unsafe", { repo, findings: unsafe })] : []),
  ];
  return { refused, warnings };
}

const nothingFound: Verdict = { findings: [], makes: [] };

/** Gives the verdict of the build for each step; judges the steps now where the build gave none. */
async function verdictsOf(input: SafetyInput): Promise<readonly Verdict[] | undefined> {
  const { steps } = input;
  const known = steps.flatMap(({ verdict }) => verdict ?? []);
  if (known.length === steps.length) return known;
  if (input.ownRules.length === 0 && !isWorthJudging(steps, input.session.dialect))
    return steps.map(() => nothingFound);
  // Only here, because a built release has its verdicts and need not read the rules.
  const { judgeNow } = await import("./judge-now.ts");
  return judgeNow(input);
}
