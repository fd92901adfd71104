/** A page for each safety rule, and their list: docs/rules/, and the output of `gen rule-docs`. */
import { rules } from "../core/safety/rules/index.ts";
import type { Rule, RuleExample } from "../core/safety/rules/rule.ts";
import type { Parser, Trials } from "./parser.ts";
import { type SaidOfBad, saidOfBad } from "./said-of-bad.ts";

/** Every page by its file name. */
export function rulePages(parser: Parser, trials: Trials): ReadonlyMap<string, string> {
  const pages = rules.map(
    (rule) => [`${rule.name}.md`, page(rule, saidOfBad(rule, parser, trials))] as const,
  );
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
    "`slipway check` applies these rules, and `migrate` refuses what the core rules find. [Safety](../safety.md) shows how you run it and how you answer a finding.",
    "",
    "## Core",
    "",
    ...table("core"),
    "",
    "## Opt-in",
    "",
    "With `--policy`, `check` also applies these. They are about conventions, not outages.",
    "",
    ...table("policy"),
    "",
  ].join("\n");
}

function page(rule: Rule, said: SaidOfBad): string {
  return [
    `# ${rule.name}`,
    "",
    rule.why,
    "",
    ...(rule.dialects.includes("postgres") ? [] : [`- For ${database(rule)}.`]),
    `- Tier: ${rule.tier === "core" ? "core" : "opt-in (`--policy`)"}`,
    ...(said.lock === undefined ? [] : [`- Lock: ${said.lock}`]),
    ...(rule.good.since === undefined
      ? []
      : [`- The good form needs PostgreSQL ${rule.good.since} or newer.`]),
    `- Proof: <${rule.source}>`,
    "",
    ...example("Bad", rule.bad),
    `> ${said.message}`,
    "",
    ...example("Good", rule.good),
  ].join("\n");
}

const databases = { postgres: "PostgreSQL", mysql: "MySQL and MariaDB", sqlite: "SQLite" };

function database({ dialects: [dialect = "postgres"] }: Rule): string {
  return databases[dialect];
}

function example(
  title: string,
  { schema, subscribed, sql, inTransaction }: RuleExample,
): readonly string[] {
  const where = inTransaction === true ? ", in one transaction" : "";
  return [
    `## ${title}`,
    "",
    ...(schema === undefined ? [] : ["The schema before:", "", "```sql", schema, "```", ""]),
    ...(subscribed === undefined
      ? []
      : [`A subscription \`news\` fills \`${subscribed.join("`, `")}\`.`, ""]),
    ...(schema === undefined && where === "" ? [] : [`The migration${where}:`, ""]),
    "```sql",
    sql,
    "```",
    "",
  ];
}
