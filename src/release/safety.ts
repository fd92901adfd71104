import { cannotWork, type UnsafeFinding } from "../core/model/errors/safety.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { lockPolicy } from "../core/model/lock-policy.ts";
import { compareVersions, type MigrationFile, type Version } from "../core/model/migration.ts";
import { leftInRun } from "../core/safety/rules/left-in-run.ts";
import type { Verdict, VerdictFinding } from "../core/safety/rules/verdict-data.ts";
import type { SafetyInput } from "./safety-input.ts";

export type Safety = {
  readonly refused: readonly ReleaseError[];
  /** What is only to be told. */
  readonly words: readonly string[];
};

/** Only going up. */
export async function safetyOf(input: SafetyInput): Promise<Safety> {
  const { mode, steps, session, prepare: how, repo, policies } = input;
  const nothing = { refused: [], words: [] };
  if (mode === "off" || how.direction === "down" || steps.length === 0) return nothing;
  const run = await verdictsOf(input);
  if (run === undefined)
    return { refused: [], words: session.dialect.rules === undefined ? [] : [notJudged] };
  const { strict } = input;
  const kept: (VerdictFinding & { readonly origin: string })[] = [];
  for (const [i, left] of leftInRun(run).entries()) {
    const { file, policy } = steps[i]!;
    if (isLeftAlone(file, input.startAfter)) continue;
    const policyHere = lockPolicy(policies.repo, policy, policies.command);
    for (const one of left)
      if (strict || !(await session.isHarmless?.(one, policyHere)))
        kept.push({ ...one, origin: file.origin });
  }
  const { left: certainly, words: disproved } = kept.some(({ rule }) => rule === "will-fail")
    ? await (await import("./believed.ts")).believed(kept, input)
    : { left: kept, words: [] };
  if (certainly.length === 0) return { refused: [], words: disproved };
  // Only here, because a run without findings does without sizes.
  const { letThrough } = await import("./let-through.ts");
  const { left: found, words: through } = strict
    ? { left: certainly, words: [] }
    : await letThrough(certainly, { session, history: how.history });
  const words = [...disproved, ...through];
  if (found.length === 0) return { refused: [], words };
  const { sized } = await import("./sized.ts");
  const findings = await sized(found, session);
  if (mode === "warn") return { refused: [], words: [...words, ...findings.map(warning)] };
  const certain = findings.filter(({ rule }) => cannotWork.has(rule));
  const unsafe = findings.filter(({ rule }) => !cannotWork.has(rule));
  const refused = [
    ...(certain.length > 0
      ? [new ReleaseError("certain_to_fail", { repo, findings: certain })]
      : []),
    ...(unsafe.length > 0 ? [new ReleaseError("unsafe", { repo, findings: unsafe })] : []),
  ];
  return { refused, words };
}

/** Whether a migration is of the history that is left as it is. */
export function isLeftAlone({ version }: MigrationFile, startAfter: Version | undefined): boolean {
  return startAfter !== undefined && compareVersions(version, startAfter) <= 0;
}

const notJudged = "nothing looked at whether these migrations are safe; npm install -D libpg-query";

function warning({ origin, line, rule, message }: UnsafeFinding): string {
  return `${origin}${line === undefined ? "" : `:${line}`} ${rule}: ${message}`;
}

/** What was said of each step when the release was built; where nothing was, it is judged now. */
async function verdictsOf(input: SafetyInput): Promise<readonly Verdict[] | undefined> {
  const { steps } = input;
  const known = steps.flatMap(({ verdict }) => verdict ?? []);
  if (known.length === steps.length) return known;
  // Only here, because a built release has its verdicts and need not read the rules.
  const { judgeNow } = await import("./judge-now.ts");
  return judgeNow(input);
}
