/** Lets a team write its own rules, in the shape of ours. */
import type { EffectKind } from "../effects/effect.ts";
import type { Rule } from "./rule.ts";

/**
 * A rule of your own: its name, why, and how it judges. All else has a default.
 * `why` stands beside each finding, unless `source` names a page that says more.
 */
export type RuleDefinition<Kind extends EffectKind = EffectKind> = Pick<
  Rule<Kind>,
  "name" | "why" | "on" | "judge"
> &
  Partial<Pick<Rule<Kind>, "tier" | "dialects" | "source" | "bad" | "good">>;

/**
 * A rule for `rules` of `defineRelease`: `check`, `migrate` and the build run it like Slipway's
 * own. `on` is the kind of effect that it judges, and `judge` says how one is wrong, or gives
 * `undefined`.
 */
export function defineRule<Kind extends EffectKind>(definition: RuleDefinition<Kind>): Rule {
  const rule = {
    tier: "core",
    dialects: ["postgres"],
    source: definition.why,
    bad: { sql: "" },
    good: { sql: "" },
    ...definition,
  };
  // Rules of all kinds stand in one list: which effects a rule gets, `on` says.
  return rule as unknown as Rule;
}
