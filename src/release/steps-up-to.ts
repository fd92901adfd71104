/** The migrations of a release up to the last that is to run, and the server that they run on. */
import type { Session } from "../adapters/adapter.ts";
import type { MigrationFile } from "../core/model/migration.ts";
import type { Step } from "../core/plan/step.ts";
import type { Source } from "../engine/discovery/source.ts";
import type { SafetyInput } from "./safety-input.ts";

/** Gives the steps that have run and those that will, oldest first. */
export async function stepsUpTo(
  steps: readonly Step[],
  {
    files,
    source,
    session,
    prepare: how,
  }: Pick<SafetyInput, "files" | "source" | "session" | "prepare">,
): Promise<readonly Step[]> {
  const byVersion = new Map(steps.map((step) => [step.file.version, step]));
  const last = files.findLastIndex(({ version }) => byVersion.has(version));
  const history: Step[] = [];
  for (const file of files.slice(0, last + 1)) {
    const known = byVersion.get(file.version);
    history.push(...(known === undefined ? await stepOf(file, { source, session, how }) : [known]));
  }
  return history;
}

/**
 * A migration that has run. Leaves out one that can no longer be loaded: nobody then knows which
 * objects it made.
 */
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
    const { prepare } = await import("../core/plan/prepare.ts");
    return prepare({ ...from.how, migrations: [migration] });
  } catch {
    return [];
  }
}

/** The server's major version; 0 where no rule asks for it. */
export async function majorOf(session: Session): Promise<number> {
  const { safety, serverMajor } = session.dialect;
  if (safety === undefined) return 0;
  if (serverMajor !== undefined) return serverMajor;
  const [row] = await session.query(safety.major);
  return Number(row?.major);
}
