/** What the rules say of a release, migration by migration, to be carried in it. */
import type { MigrationFile } from "../core/migration.ts";
import type { Step } from "../core/plan/prepare.ts";
import { judgedStep } from "../core/rules/step-script.ts";
import { verdicts } from "../core/rules/verdict.ts";
import type { Verdict } from "../core/rules/verdict-data.ts";
import { newestMajor } from "./check-files.ts";
import type { Parser } from "./parser.ts";

/** The migrations of one repo, oldest first, as they would run. */
export type CompiledHistory = {
  readonly repo: string;
  /** The kind of database, by its adapter's name. */
  readonly adapter: string;
  readonly migrations: readonly { readonly file: MigrationFile; readonly step: Step }[];
};

/** Verdicts by repo and id. Rules speak of PostgreSQL, so there are none for other databases. */
export function verdictsOf(
  repos: readonly CompiledHistory[],
  parser: Parser,
): (repo: string, id: string) => Verdict | undefined {
  const said = new Map<string, Verdict>();
  for (const { repo, adapter, migrations } of repos) {
    if (adapter !== "postgres" && adapter !== "pglite") continue;
    const found = verdicts(
      migrations.map(({ step }) => judgedStep(step, parser)),
      { ...parser, major: newestMajor },
    );
    for (const [i, { file }] of migrations.entries()) said.set(`${repo}/${file.id}`, found[i]!);
  }
  return (repo, id) => said.get(`${repo}/${id}`);
}
