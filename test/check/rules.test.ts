/** Every rule finds its own bad form and nothing else, and nothing in its good form. */
import { describe, expect, it } from "vitest";
import { loadParser, parserFor } from "../../src/check/parser.ts";
import { rules } from "../../src/core/safety/rules/index.ts";
import { judge } from "../../src/core/safety/rules/judge.ts";
import { factsOfExample, type Rule, type RuleExample } from "../../src/core/safety/rules/rule.ts";
import { sqliteTrial } from "../../src/shadow/sqlite/trial.ts";

const postgres = await loadParser();
if (postgres === undefined) throw new Error("libpg-query is a development dependency: npm install");

const trials = { sqlite: await sqliteTrial() };

const home = {
  postgres: /^https:\/\/www\.postgresql\.org\/docs\/current\//,
  mysql: /^https:\/\/dev\.mysql\.com\/doc\/refman\//,
  sqlite: /^https:\/\/www\.sqlite\.org\//,
};

function rulesIn(example: RuleExample, rule: Rule): readonly string[] {
  const [dialect = "postgres"] = rule.dialects;
  const parser = parserFor(dialect, postgres!, trials);
  const found = judge(
    [
      {
        name: "example.sql",
        statements: parser.statements(example.sql),
        inTransaction: example.inTransaction === true,
      },
    ],
    {
      ...parser,
      dialect,
      base: parser.statements(example.schema ?? ""),
      published: factsOfExample(example),
      server: { major: example.since ?? 18 },
      policy: rule.tier === "policy",
    },
  );
  return [...new Set(found.map(({ rule }) => rule))];
}

describe.each(rules.map((rule) => [rule.name, rule] as const))("%s", (name, rule) => {
  const isPolicy = rule.tier === "policy";

  it("finds its bad form", () => {
    const found = rulesIn(rule.bad, rule);
    if (isPolicy) expect(found).toContain(name);
    else expect(found).toEqual(expect.arrayContaining([name]));
  });

  it("finds nothing in its good form", () => {
    const found = rulesIn(rule.good, rule);
    if (isPolicy) expect(found).not.toContain(name);
    else expect(found).toEqual([]);
  });

  it("is in a file of its name, and says what it must", () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(rule.why.endsWith(".")).toBe(true);
    expect(rule.source).toMatch(home[rule.dialects[0] ?? "postgres"]);
  });
});
