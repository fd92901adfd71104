/** The rollout of a release: what to run before the code is deployed, what after it, and why. */

import { type Effects, joined } from "../language/code-effects.ts";
import type { MigrationFile, Phase, Version } from "../model/migration.ts";
import { type Warning, warning } from "../model/warnings.ts";
import type { SqlSyntax } from "../sql/token.ts";
import { effectsOf } from "./action-effects.ts";
import type { NamedMigration } from "./readiness.ts";
import type { Step } from "./step.ts";

/** One migration of a rollout. Plain data. */
export type RolloutStep = NamedMigration & {
  readonly phase: Phase;
  /**
   * Where its operations put it. `either`: no code depends on it. `both`: it breaks the old code and the new code needs
   * it, so it is two migrations in one. `unknown`: code, or SQL that is not recognised.
   */
  readonly order: Phase | "either" | "both" | "unknown";
  /** Why, in words. */
  readonly effects: Effects;
  /** The data migration that it requires. */
  readonly requiresData?: Version | undefined;
  /** The older migration that it requires. */
  readonly requiresMigration?: Version | undefined;
};

/** All that is pending of one repo, in the order of a rollout. */
export type Rollout = {
  readonly before: readonly RolloutStep[];
  readonly after: readonly RolloutStep[];
  /** Pending data migrations, which run by hand. */
  readonly data: readonly NamedMigration[];
  /** Migrations that say another phase than their operations ask for. */
  readonly warnings: readonly Warning[];
};

/**
 * Sorts the steps of a plan, and judges each by its operations. A change of a table that this plan
 * makes breaks nothing.
 */
export function rollout(
  steps: readonly Step[],
  data: readonly MigrationFile[],
  syntax: SqlSyntax,
): Rollout {
  const made = new Set<string>();
  const judged = steps.map((step) => judge(step, made, syntax));
  return {
    before: judged.filter((step) => step.phase === "before"),
    after: judged.filter((step) => step.phase === "after"),
    data: data.map(({ version, name }) => ({ version, name })),
    warnings: judged.flatMap(warningsOf),
  };
}

function judge(step: Step, made: Set<string>, syntax: SqlSyntax): RolloutStep {
  const { file, phase, actions, requiresData, requiresMigration } = step;
  const parts = actions.map((action): Effects => {
    const { effects, table, makes } = effectsOf(action, syntax);
    if (makes === true && table !== undefined) made.add(table);
    // Old code does not know a table that this plan makes.
    return table !== undefined && made.has(table) ? withoutBreaks(effects) : effects;
  });
  const all = joined(parts);
  const { version, name } = file;
  const required = {
    ...(requiresData === undefined ? {} : { requiresData }),
    ...(requiresMigration === undefined ? {} : { requiresMigration }),
  };
  return { version, name, phase, order: orderOf(all), effects: all, ...required };
}

function orderOf({ breaks, gives, unknown }: Effects): RolloutStep["order"] {
  if (breaks !== undefined) return gives === undefined ? "after" : "both";
  if (gives !== undefined) return "before";
  return unknown === undefined ? "either" : "unknown";
}

function withoutBreaks({ breaks: _, ...rest }: Effects): Effects {
  return rest;
}

function warningsOf({ version, name, phase, order, effects }: RolloutStep): readonly Warning[] {
  const { breaks = [], gives } = effects;
  const which = { version, name, isPart: order === "both" };
  if (phase === "before" && (order === "both" || order === "after"))
    return [warning("breaks_old_code", { ...which, breaks })];
  if (phase === "after" && gives !== undefined)
    return [warning("late_for_new_code", { ...which, gives })];
  return [];
}
