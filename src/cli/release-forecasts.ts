/**
 * Estimates the time of migrations that production has not run, by a file of facts: shown when a
 * release is built.
 */
import { byFacts } from "../check/by-facts.ts";
import { checkHistory } from "../check/check-history.ts";
import type { PlacedForecast } from "../check/judged.ts";
import { loadParser } from "../check/parser.ts";
import type { ProductionFacts } from "../core/model/production-facts.ts";
import type { RepoInventory } from "../release/inventory.ts";
import { isLeftAlone } from "../release/left-alone.ts";
import { pendingBehind } from "./check-on-shadow.ts";

/** Of each heavy statement of each repo, in the order in which they run. None without a parser. */
export async function releaseForecasts(
  repos: readonly RepoInventory[],
  { repos: facts }: ProductionFacts,
): Promise<readonly PlacedForecast[]> {
  const found: PlacedForecast[] = [];
  for (const { repo, rules: dialect, migrations, startAfter, ownRules, replacesUnsafe } of repos) {
    const known = facts[repo];
    const parser = dialect && (await loadParser(dialect));
    if (known === undefined || parser === undefined) continue;
    const { pending } = pendingBehind(
      migrations,
      known.applied.map((version) => ({ version })),
    );
    const open = migrations
      .map(({ file }) => file)
      .filter((file) => pending.has(file.version) && !isLeftAlone(file, startAfter));
    const checked = checkHistory(migrations, {
      ...{ parser, dialect, major: known.server.major, policy: false, isOneRun: true },
      ...{ own: ownRules, replacesUnsafe, published: known },
      wanted: new Set(open.map(({ version }) => version)),
    });
    found.push(...byFacts(checked, known).forecasts);
  }
  return found;
}
