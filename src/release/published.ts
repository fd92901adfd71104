/** A built release does not know which tables are published or subscribed to, and asks where it matters. */
import type { UnsafeFinding } from "../core/model/errors/safety.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import { leftInRun } from "../core/safety/rules/left-in-run.ts";
import { isReplicated, publishedNow } from "../core/safety/rules/published-now.ts";
import type { Verdict } from "../core/safety/rules/verdict-data.ts";
import { isLeftAlone } from "./left-alone.ts";
import type { SafetyInput } from "./safety-input.ts";

/** Adds to the verdicts of the build the findings that come from a published table, or one that a subscription fills. */
export async function withPublished(
  run: readonly Verdict[],
  { session, prepare }: SafetyInput,
): Promise<readonly Verdict[]> {
  const known = await session.publications?.(historyOf(prepare));
  if (known === undefined || !isReplicated(known)) return run;
  return publishedNow(run, known);
}

/**
 * Weighs the findings of published tables where the build kept nothing else of the rules. No size
 * makes them harmless, but where no table has a row, nobody replicates yet.
 */
export async function weighPublished(
  run: readonly Verdict[],
  { mode, steps, session, prepare, repo, startAfter, strict }: SafetyInput,
): Promise<{ readonly refused: readonly ReleaseError[]; readonly warnings: readonly Warning[] }> {
  const findings = leftInRun(run).flatMap((left, i) => {
    const { file } = steps[i]!;
    if (isLeftAlone(file, startAfter)) return [];
    return left.map(({ rule, message, line }): UnsafeFinding => {
      return { origin: file.origin, line, rule, message, severity: "high" };
    });
  });
  const sizes =
    findings.length === 0 || strict
      ? undefined
      : await session.query(session.dialect.safety?.fullness(historyOf(prepare)) ?? "");
  const isEmpty = sizes?.every(({ size }) => size === "empty" || size === "partitioned") === true;
  if (findings.length === 0 || isEmpty) return { refused: [], warnings: [] };
  if (mode === "warn")
    return { refused: [], warnings: findings.map((finding) => warning("unsafe", finding)) };
  return { refused: [new ReleaseError("unsafe", { repo, findings })], warnings: [] };
}

function historyOf({ history }: SafetyInput["prepare"]): string {
  return history?.name ?? "schema_migrations";
}
