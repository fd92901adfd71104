/** Finds, where the sources are, which shared objects the migrations of tenants lock. */
import type { Session } from "../adapters/adapter.ts";
import { loadParser, needsTrees } from "../check/parser.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import type { Step } from "../core/plan/step.ts";
import { judgedStep } from "../core/plan/step-script.ts";
import { sharedLocks } from "../core/safety/effects/shared-locks.ts";
import { majorOf } from "./steps-up-to.ts";

/** Nothing where the parser is not installed. */
export async function sharedNow(
  steps: readonly Step[],
  session: Session,
): Promise<readonly Warning[]> {
  const { rules } = session.dialect;
  const parser = rules !== undefined && needsTrees(rules) ? await loadParser(rules) : undefined;
  if (parser === undefined) return [];
  const scripts = steps.map((step) => judgedStep(step, parser).script);
  const locks = sharedLocks(scripts, parser, { major: await majorOf(session) });
  return locks.flatMap((found, i) =>
    found.map(({ object, mode, statement }) =>
      warning("tenants_share", { origin: steps[i]!.file.origin, object, mode, statement }),
    ),
  );
}
