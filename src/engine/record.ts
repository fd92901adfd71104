/** The row of the history that a step adds, changes or takes away. */
import type { Dialect } from "../core/language/dialect.ts";
import type { Named } from "../core/model/named.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import { isNumber, versionNumber } from "../core/model/version-key.ts";
import type { Step } from "../core/plan/step.ts";
import type { EarlierRow } from "../core/plan/stored-plan-data.ts";
import { meaningChecksum } from "./checksum.ts";
import { planText } from "./kept-plan.ts";
import { ownRow } from "./own-row.ts";
import type { RunFacts } from "./run-facts.ts";

/** A step that is done, with the facts about who did it. */
export type DoneStep = {
  readonly step: Step;
  readonly facts: RunFacts;
  /** SQL that gives whole milliseconds, or `NULL`. */
  readonly duration: string;
  /** When it ran. Default: now. */
  readonly at?: Date | undefined;
};

/** The statement that records a migration going up, or forgets it going down. */
export function recordStatement(dialect: Dialect, table: Named, done: DoneStep): Statement {
  const { file, direction, again, restores } = done.step;
  const into = dialect.quoteNamed(table);
  if (direction === "down" && restores === undefined)
    return plain(
      `DELETE FROM ${into} WHERE ${dialect.quote("version")} ${dialect.operator("=")} ${file.rowNumber ?? versionNumber(file.version)}`,
    );
  const { facts } = done;
  // A restored row keeps its earlier time and phase.
  const { phase, compatibleFrom } = restores ?? done.step;
  const at = restores?.at === undefined ? done.at : new Date(restores.at);
  const literal = (value: unknown) => (value === undefined ? "NULL" : dialect.literal(value));
  const values = {
    version: versionNumber(file.version),
    inserted_at: at === undefined ? dialect.utcNow : literal(inSeconds(at)),
    ...(restores === undefined
      ? keptValues(done.step, literal)
      : restoredValues(restores, literal)),
    duration_ms: done.duration,
    run_id: literal(facts.runId),
    release: literal(facts.release),
    host: literal(facts.host),
    phase: literal(phase),
    compatible_from: literal(compatibleFrom),
    fence: facts.fence ?? "NULL",
    ...(isNumber(file.version) ? {} : { migration_id: literal(file.version) }),
  };
  if (again || restores !== undefined) {
    const { version: _, ...others } = values;
    const set = Object.entries(others).map(([name, value]) => `${dialect.quote(name)} = ${value}`);
    return plain(
      `UPDATE ${into} SET ${set.join(", ")} WHERE ${dialect.quote("version")} ${dialect.operator("=")} ${file.rowNumber ?? versionNumber(file.version)}`,
    );
  }
  return ownRow(dialect, table, values);
}

type Literal = (value: unknown) => string;

function keptValues({ file, kept }: Step, literal: Literal) {
  return {
    name: literal(file.name),
    checksum: literal(kept?.checksum),
    meaning: literal(kept === undefined ? undefined : meaningChecksum(kept.meaning)),
    plan: literal(kept && planText(kept.plan)),
  };
}

/** The values that the row had before: its meaning is a checksum already. */
function restoredValues({ name, checksum, meaning, plan }: EarlierRow, literal: Literal) {
  return {
    name: literal(name),
    checksum: literal(checksum),
    meaning: literal(meaning),
    plan: literal(planText(plan)),
  };
}

/** As the column has it: UTC, without a zone. */
export function inSeconds(at: Date): string {
  return at.toISOString().slice(0, 19).replace("T", " ");
}
