import * as all from "./all.ts";
import type { Rule, RuleNames } from "./rule.ts";

const listed: { readonly [Name in keyof RuleNames]: Rule } = all;

const tiers: readonly Rule["tier"][] = ["core", "policy"];

/** Every rule, in the order in which reports list them. */
export const rules: readonly Rule[] = tiers.flatMap((tier) =>
  Object.values(listed).filter((rule) => rule.tier === tier),
);
