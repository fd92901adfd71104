/** What a rule says of its own bad form: the harm and the lock, for its page. */
import { loadParser } from "../src/check/parser.ts";
import { blockedBy } from "../src/core/effects/lock.ts";
import { judge } from "../src/core/rules/judge.ts";
import type { Rule } from "../src/core/rules/rule.ts";

export async function parserOf(): Promise<
  (rule: Rule) => { readonly message: string; readonly lock?: string | undefined }
> {
  const parser = await loadParser();
  if (parser === undefined) throw new Error("libpg-query is a development dependency: npm install");
  return ({ name, tier, bad }) => {
    const script = {
      name,
      statements: parser.statements(bad.sql),
      inTransaction: bad.inTransaction === true,
    };
    const found = judge([script], {
      ...parser,
      base: parser.statements(bad.schema ?? ""),
      server: { major: 18 },
      policy: tier === "policy",
    }).find(({ rule }) => rule === name);
    const lock = found?.lock;
    return {
      message: found?.message ?? "",
      ...(lock === undefined
        ? {}
        : { lock: `${lock.mode}, which blocks ${blockedBy(lock.mode)} ${lock.until}` }),
    };
  };
}
