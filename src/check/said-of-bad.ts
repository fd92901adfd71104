/** A rule's finding about its bad form: the harm and the lock, for its page. */
import { blockedBy } from "../core/safety/effects/lock.ts";
import { judge } from "../core/safety/rules/judge.ts";
import { factsOfExample, type Rule } from "../core/safety/rules/rule.ts";
import { newestMajor } from "./check-files.ts";
import { type Parser, parserFor, type Trials } from "./parser.ts";

export type SaidOfBad = { readonly message: string; readonly lock?: string | undefined };

/** Judges the bad form on the newest server. */
export function saidOfBad(
  { name, tier, bad, dialects }: Rule,
  postgres: Parser,
  trials: Trials,
): SaidOfBad {
  const [dialect = "postgres"] = dialects;
  const parser = parserFor(dialect, postgres, trials);
  const script = {
    name,
    statements: parser.statements(bad.sql),
    inTransaction: bad.inTransaction === true,
  };
  const found = judge([script], {
    ...parser,
    base: parser.statements(bad.schema ?? ""),
    published: factsOfExample(bad),
    server: { major: newestMajor },
    dialect,
    policy: tier === "policy",
  }).find(({ rule }) => rule === name);
  const lock = found?.lock;
  return {
    message: found?.message ?? "",
    ...(lock === undefined
      ? {}
      : { lock: `${lock.mode}, which blocks ${blockedBy(lock.mode)} ${lock.until}` }),
  };
}
