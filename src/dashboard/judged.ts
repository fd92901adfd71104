/** What the safety rules say of every migration of a release, where their parser is at hand. */
import { loadParser } from "../check/parser.ts";
import { verdictsOf } from "../check/verdicts-of.ts";
import { judgedStep } from "../core/plan/step-script.ts";
import { shown } from "../core/safety/effects/catalog.ts";
import { foretell } from "../core/safety/effects/foretell.ts";
import type { Verdict } from "../core/safety/rules/verdict-data.ts";
import type { RepoInventory } from "../index.ts";

/** A lock that a migration takes on a table that was there before. */
export type TakenLock = { readonly mode: string; readonly table: string };

/** What is said of one migration. */
export type JudgedEntry = {
  readonly verdict: Verdict | undefined;
  readonly locks: readonly TakenLock[];
};

/** By the id of the migration's file. Nothing where there are no rules for the database, or no parser. */
export async function judgedEntries(
  inventory: RepoInventory,
): Promise<ReadonlyMap<string, JudgedEntry>> {
  const { repo, rules, ownRules, replacesUnsafe, migrations } = inventory;
  const parser = rules && (await loadParser(rules));
  if (rules === undefined || parser === undefined) return new Map();
  const history = { repo, rules, ownRules, replacesUnsafe, migrations };
  const verdictOf = verdictsOf([history], () => parser);
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
      { verdict: verdictOf(repo, file.id), locks: distinct(locks[i] ?? []) },
    ]),
  );
}

/** Whose grammar and locks are foretold. */
const newest = 18;

function distinct(locks: readonly TakenLock[]): readonly TakenLock[] {
  return [...new Map(locks.map((lock) => [`${lock.mode} ${lock.table}`, lock])).values()];
}
