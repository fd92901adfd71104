/** What the rules say of a release, migration by migration, to be carried in it. */
import type { MigrationFile } from "../core/model/migration.ts";
import type { Step } from "../core/plan/step.ts";
import { judgedStep } from "../core/plan/step-script.ts";
import type { Rule, RuleDialect } from "../core/safety/rules/rule.ts";
import { verdicts } from "../core/safety/rules/verdict.ts";
import type { Verdict } from "../core/safety/rules/verdict-data.ts";
import { newestMajor } from "./check-files.ts";
import type { Parser } from "./parser.ts";

/** The migrations of one repo, oldest first, as they would run. */
export type CompiledHistory = {
  readonly repo: string;
  /** The rules that are for its database. */
  readonly rules?: RuleDialect | undefined;
  /** Rules of the release's own. */
  readonly ownRules: readonly Rule[];
  readonly migrations: readonly { readonly file: MigrationFile; readonly step: Step }[];
};

/** Verdicts by repo and id; none for a database that has no rules, or no parser here. */
export function verdictsOf(
  repos: readonly CompiledHistory[],
  parserOf: (dialect: RuleDialect) => Parser | undefined,
): (repo: string, id: string) => Verdict | undefined {
  const said = new Map<string, Verdict>();
  for (const { repo, rules: dialect, migrations, ownRules } of repos) {
    const parser = dialect && parserOf(dialect);
    if (parser === undefined) continue;
    const found = verdicts(
      migrations.map(({ step }) => judgedStep(step, parser)),
      { ...parser, major: newestMajor, dialect, own: ownRules },
    );
    for (const [i, { file }] of migrations.entries()) said.set(`${repo}/${file.id}`, found[i]!);
  }
  return (repo, id) => said.get(`${repo}/${id}`);
}
