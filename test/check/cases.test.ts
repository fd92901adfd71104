/** The table of cases: each finds exactly the rules that it names. */
import { describe, expect, it } from "vitest";
import { checkFiles } from "../../src/check/check-files.ts";
import { loadParser } from "../../src/check/parser.ts";
import { type Case, shop } from "./cases/case.ts";
import { groups } from "./cases/index.ts";

const parser = await loadParser();
if (parser === undefined) throw new Error("libpg-query is a development dependency: npm install");

function rulesIn([, sql, , options = {}]: Case): readonly string[] {
  const files = typeof sql === "string" ? [sql] : sql;
  const schema = options.schema === undefined ? shop : options.schema;
  const { findings } = checkFiles(
    files.map((text, i) => ({ name: `${i}.sql`, text })),
    {
      parser: parser!,
      schema: schema === null ? undefined : { name: "schema.sql", text: schema },
      major: options.version,
      inTransaction: options.inTransaction === true,
      policy: options.policy === true,
    },
  );
  return [...new Set(findings.map(({ rule }) => rule))].sort();
}

for (const [group, cases] of Object.entries(groups)) {
  describe(group, () => {
    it.each(cases.map((one) => [one[0], one] as const))("%s", (_claim, one) => {
      expect(rulesIn(one)).toEqual([...one[2]].sort());
    });
  });
}
