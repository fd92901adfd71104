/** Every rule finds its own bad form and nothing else, and nothing in its good form. */
import { describe, expect, it } from "vitest";
import { loadParser } from "../../src/check/parser.ts";
import { rules } from "../../src/core/rules/index.ts";
import { judge } from "../../src/core/rules/judge.ts";
import type { RuleExample } from "../../src/core/rules/rule.ts";

const parser = await loadParser();
if (parser === undefined) throw new Error("libpg-query is a development dependency: npm install");

function rulesIn(example: RuleExample, policy: boolean): readonly string[] {
  const found = judge(
    [
      {
        name: "example.sql",
        statements: parser!.statements(example.sql),
        inTransaction: example.inTransaction === true,
      },
    ],
    {
      ...parser!,
      base: parser!.statements(example.schema ?? ""),
      server: { major: example.since ?? 18 },
      policy,
    },
  );
  return [...new Set(found.map(({ rule }) => rule))];
}

describe.each(rules.map((rule) => [rule.name, rule] as const))("%s", (name, rule) => {
  const isPolicy = rule.tier === "policy";

  it("finds its bad form", () => {
    const found = rulesIn(rule.bad, isPolicy);
    if (isPolicy) expect(found).toContain(name);
    else expect(found).toEqual(expect.arrayContaining([name]));
  });

  it("finds nothing in its good form", () => {
    const found = rulesIn(rule.good, isPolicy);
    if (isPolicy) expect(found).not.toContain(name);
    else expect(found).toEqual([]);
  });

  it("is in a file of its name, and says what it must", () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(rule.why.endsWith(".")).toBe(true);
    expect(rule.source).toMatch(/^https:\/\/www\.postgresql\.org\/docs\/current\//);
  });
});
