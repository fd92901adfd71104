/** The verdicts of the rules on a release, for each migration; the release carries them. */
import type { MigrationFile } from "../core/model/migration.ts";
import type { RepoFacts } from "../core/model/production-facts.ts";
import type { Step } from "../core/plan/step.ts";
import { judgedStep } from "../core/plan/step-script.ts";
import type { Rule, RuleDialect } from "../core/safety/rules/rule.ts";
import { verdicts } from "../core/safety/rules/verdict.ts";
import type { Verdict } from "../core/safety/rules/verdict-data.ts";
import { newestMajor } from "./check-files.ts";
import type { Parser } from "./parser.ts";
import { saferHistory } from "./safer-history.ts";

/** The migrations of one repo, oldest first, as they would run. */
export type CompiledHistory = {
  readonly repo: string;
  /** The rules that are for its database. */
  readonly rules?: RuleDialect | undefined;
  /** Rules of the release's own. */
  readonly ownRules: readonly Rule[];
  /** Whether a safe form replaces a statement. Default: `false`. */
  readonly replacesUnsafe?: boolean | undefined;
  readonly migrations: readonly { readonly file: MigrationFile; readonly step: Step }[];
};

/** Verdicts by repo and id; none for a database that has no rules, or no parser here. */
export function verdictsOf(
  repos: readonly CompiledHistory[],
  parserOf: (dialect: RuleDialect) => Parser | undefined,
  factsOf: (repo: string) => RepoFacts | undefined = () => undefined,
): (repo: string, id: string) => Verdict | undefined {
  const said = new Map<string, Verdict>();
  for (const { repo, rules: dialect, migrations, ownRules, replacesUnsafe } of repos) {
    const parser = dialect && parserOf(dialect);
    if (parser === undefined) continue;
    const facts = factsOf(repo);
    const major = facts?.server.major ?? newestMajor;
    const how = { ...parser, major, dialect, own: ownRules, published: facts, asksLater: true };
    const steps = migrations.map(({ step }) => step);
    const plain = steps.map((step) => judgedStep(step, parser));
    const safer = replacesUnsafe === true ? saferHistory(steps, plain, how) : undefined;
    const found = verdicts(safer?.migrations ?? plain, how);
    for (const [i, { file }] of migrations.entries()) {
      const statements = safer?.statements[i] ?? [];
      const carried = statements.length === 0 ? {} : { safer: statements };
      said.set(`${repo}/${file.id}`, { ...found[i]!, ...carried });
    }
  }
  return (repo, id) => said.get(`${repo}/${id}`);
}
