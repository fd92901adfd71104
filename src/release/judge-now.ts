/** Judges what is to run where the sources are: what has run before tells what is there. */
import type { Session } from "../adapters/adapter.ts";
import { loadParser } from "../check/parser.ts";
import type { MigrationFile } from "../core/model/migration.ts";
import { prepare } from "../core/plan/prepare.ts";
import type { Step } from "../core/plan/step.ts";
import { judgedStep } from "../core/plan/step-script.ts";
import { verdicts } from "../core/safety/rules/verdict.ts";
import type { Verdict } from "../core/safety/rules/verdict-data.ts";
import type { Source } from "../engine/discovery/source.ts";
import type { SafetyInput } from "./safety-input.ts";

/** The verdicts of the steps in their order; `undefined` where the parser is not installed, or no rule is for this database. */
export async function judgeNow({
  steps,
  files,
  source,
  session,
  prepare: how,
  ownRules,
}: SafetyInput): Promise<readonly Verdict[] | undefined> {
  const { rules } = session.dialect;
  if (rules === undefined) return undefined;
  const parser = await loadParser(rules);
  if (parser === undefined) return undefined;
  const byVersion = new Map(steps.map((step) => [step.file.version, step]));
  const last = files.findLastIndex(({ version }) => byVersion.has(version));
  const history: Step[] = [];
  for (const file of files.slice(0, last + 1)) {
    const known = byVersion.get(file.version);
    history.push(...(known === undefined ? await stepOf(file, { source, session, how }) : [known]));
  }
  const said = verdicts(
    history.map((step) => judgedStep(step, parser)),
    { ...parser, major: await majorOf(session), dialect: rules, own: ownRules },
  );
  const saidOf = new Map(history.map((step, i) => [step.file.version, said[i]!]));
  return steps.map((step) => saidOf.get(step.file.version)!);
}

/** A migration that has run. One that can no longer be loaded is left out: what it has built is not known then. */
async function stepOf(
  file: MigrationFile,
  from: {
    readonly source: Source;
    readonly session: Session;
    readonly how: SafetyInput["prepare"];
  },
): Promise<readonly Step[]> {
  try {
    const migration = await from.source.load(file, from.session.dialect.syntax);
    return prepare({ ...from.how, migrations: [migration] });
  } catch {
    return [];
  }
}

/** Only some rules ask for it. */
async function majorOf(session: Session): Promise<number> {
  const { safety } = session.dialect;
  if (safety === undefined) return 0;
  const [row] = await session.query(safety.major);
  return Number(row?.major);
}
