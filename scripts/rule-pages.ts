/** docs/rules/: a page for each safety rule, and their list. Written from src/core/rules. */

import { rules } from "../src/core/rules/index.ts";
import type { Rule, RuleExample } from "../src/core/rules/rule.ts";
import { parserOf } from "./rule-locks.ts";

/** Every page by its file name. */
export async function rulePages(): Promise<ReadonlyMap<string, string>> {
  const judgementOf = await parserOf();
  const pages = rules.map((rule) => [`${rule.name}.md`, page(rule, judgementOf(rule))] as const);
  return new Map([["README.md", list()], ...pages]);
}

function list(): string {
  const table = (tier: Rule["tier"]) => [
    "| rule | why |",
    "|---|---|",
    ...rules
      .filter((rule) => rule.tier === tier)
      .map(({ name, why }) => `| [${name}](${name}.md) | ${why} |`),
  ];
  return [
    "# Safety rules",
    "",
    "What `slipway check` finds and `migrate` refuses, see [safety](../safety.md). These pages are made from `src/core/rules/`.",
    "",
    "## Core",
    "",
    ...table("core"),
    "",
    "## Opt-in",
    "",
    "With `--policy`: conventions rather than outages.",
    "",
    ...table("policy"),
    "",
  ].join("\n");
}

function page(
  rule: Rule,
  said: { readonly message: string; readonly lock?: string | undefined },
): string {
  return [
    `# ${rule.name}`,
    "",
    rule.why,
    "",
    `- Tier: ${rule.tier === "core" ? "core" : "opt-in (`--policy`)"}`,
    ...(said.lock === undefined ? [] : [`- Lock: ${said.lock}`]),
    ...(rule.good.since === undefined
      ? []
      : [`- The good form needs PostgreSQL ${rule.good.since}.`]),
    `- Proof: <${rule.source}>`,
    "",
    ...example("Bad", rule.bad),
    `> ${said.message}`,
    "",
    ...example("Good", rule.good),
  ].join("\n");
}

function example(title: string, { schema, sql, inTransaction }: RuleExample): readonly string[] {
  const where = inTransaction === true ? ", in one transaction" : "";
  return [
    `## ${title}`,
    "",
    ...(schema === undefined ? [] : ["What is there:", "", "```sql", schema, "```", ""]),
    ...(schema === undefined && where === "" ? [] : [`The migration${where}:`, ""]),
    "```sql",
    sql,
    "```",
    "",
  ];
}
