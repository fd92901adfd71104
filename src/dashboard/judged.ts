/** Judges every migration of a release by the safety rules, where their parser is at hand. */
import { checkHistory } from "../check/check-history.ts";
import type { Finding } from "../check/finding.ts";
import { loadParser } from "../check/parser.ts";
import { judgedStep } from "../core/plan/step-script.ts";
import { shown } from "../core/safety/effects/catalog.ts";
import { foretell } from "../core/safety/effects/foretell.ts";
import type { HeavyWork } from "../core/safety/forecast/heavy-work.ts";
import type { RepoInventory } from "../index.ts";

/** A lock that a migration takes on a table that was there before. */
export type TakenLock = { readonly mode: string; readonly table: string };

/** The findings about one migration. */
export type JudgedEntry = {
  /** With the safe form, where the rule has one. */
  readonly findings: readonly Finding[];
  /** The work of it that takes longer the more rows there are. */
  readonly heavy: readonly HeavyWork[];
  readonly locks: readonly TakenLock[];
};

/** By the id of the migration's file. Nothing where there are no rules for the database, or no parser. */
export async function judgedEntries(
  inventory: RepoInventory,
): Promise<ReadonlyMap<string, JudgedEntry>> {
  const { rules, ownRules, replacesUnsafe, migrations } = inventory;
  const parser = rules && (await loadParser(rules));
  if (rules === undefined || parser === undefined) return new Map();
  const { findings, works } = checkHistory(migrations, {
    ...{ parser, dialect: rules, own: ownRules, replacesUnsafe, policy: false, isOneRun: false },
    wanted: new Set(migrations.map(({ file }) => file.version)),
  });
  const scripts = migrations.map(({ step }) => judgedStep(step, parser).script);
  const locks = scripts.map((): TakenLock[] => []);
  const { parse, parseBlock } = parser;
  const server = { major: newest };
  const told = foretell(scripts, {
    ...{ parse, parseBlock, server, eachIsARun: true },
    judge: (effect) =>
      effect.kind === "lock" ? { mode: effect.mode, table: shown(effect.table) } : undefined,
  });
  for (const { script, effects } of told)
    for (const { judged } of effects) if (judged !== undefined) locks[script]?.push(judged);
  return new Map(
    migrations.map(({ file }, i) => [
      file.id,
      {
        findings: findings.filter((one) => one.file === file.origin),
        heavy: works.filter((one) => one.file === file.origin),
        locks: distinct(locks[i] ?? []),
      },
    ]),
  );
}

/** The major version whose grammar and locks the forecast uses. */
const newest = 18;

function distinct(locks: readonly TakenLock[]): readonly TakenLock[] {
  return [...new Map(locks.map((lock) => [`${lock.mode} ${lock.table}`, lock])).values()];
}
