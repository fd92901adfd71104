/** Judges each migration of a history by the rules. */

import type { KnownPublications } from "../../model/database-facts.ts";
import type { Phase } from "../../model/migration.ts";
import type { Script, SqlParser } from "../effects/script.ts";
import { everyTable } from "../effects/subscriptions.ts";
import type { HeavyWork } from "../forecast/heavy-work.ts";
import {
  answersOf,
  answersOfPhase,
  applyAnswers,
  knownElsewhere,
  unusedAnswer,
} from "./answers.ts";
import { judge, type Violation } from "./judge.ts";
import { FollowedTables } from "./left-in-run.ts";
import type { Rule, RuleDialect } from "./rule.ts";
import { type IfPublished, someFeed, type Verdict, type VerdictFinding } from "./verdict-data.ts";

/** A migration as it is judged. */
export type JudgedMigration = {
  readonly script: Script;
  readonly safe?: { readonly [rule: string]: string } | undefined;
  readonly phase?: Phase | undefined;
  /** Whether its statements have the lines of its file. */
  readonly hasLines: boolean;
};

export type VerdictOptions = Pick<SqlParser, "parse" | "parseBlock" | "trial"> & {
  /** The server's major version. */
  readonly major: number;
  /** The kind of database. Default: `postgres`. */
  readonly dialect?: RuleDialect | undefined;
  /** Rules of the release's own. Default: none. */
  readonly own?: readonly Rule[] | undefined;
  /** Publications of the database. Default: those that migrations make. */
  readonly published?: KnownPublications | undefined;
  /**
   * Whether to list findings that count only for published tables: whoever runs them asks the
   * database. Default: `false`.
   */
  readonly asksLater?: boolean | undefined;
};

/** Judges a whole history, oldest first: each migration finds what those before it have built. */
export function verdicts(
  history: readonly JudgedMigration[],
  options: VerdictOptions,
): readonly Verdict[] {
  const { parse, parseBlock, trial, major, dialect, own: ofRelease, published } = options;
  const changes = history.map(() => new FollowedTables());
  const heavy: HeavyWork[][] = history.map(() => []);
  const violations = judge(
    history.map(({ script }) => script),
    {
      ...{ parse, parseBlock, server: { major }, dialect, eachIsARun: true, own: ofRelease },
      ...{ published, trial },
      made: (change, script) => changes[script]?.take(change),
      work: (work, { script }) => heavy[script]?.push(work),
    },
  );
  const violationsOf = byScript(violations);
  const later = options.asksLater === true ? foundIfPublished(history, options) : [];
  return history.map((migration, i) => {
    const own = violationsOf(i).filter((one) => !isOfSafeForm(one, migration.script));
    const { makes, moves } = changes[i]!;
    return {
      findings: findings(migration, own, dialect),
      makes: [...makes],
      ...(moves.length === 0 ? {} : { moves }),
      ...(heavy[i]!.length === 0 ? {} : { heavy: heavy[i] }),
      ...((later[i] ?? []).length === 0 ? {} : { ifPublished: later[i] }),
    };
  });
}

function byScript(violations: readonly Violation[]): (script: number) => readonly Violation[] {
  const grouped = Map.groupBy(violations, ({ script }) => script);
  return (script) => grouped.get(script) ?? [];
}

/** Finds the violations that only appear if every table is published, or filled by a subscription. */
function foundIfPublished(
  history: readonly JudgedMigration[],
  { parse, parseBlock, major, dialect = "postgres", published }: VerdictOptions,
): readonly (readonly IfPublished[])[] {
  if (dialect !== "postgres") return [];
  const publishes = ["insert", "update", "delete", "truncate"];
  const all = { name: someFeed, allTables: true, publishes, tables: [] };
  const found = judge(
    history.map(({ script }) => script),
    {
      ...{ parse, parseBlock, server: { major }, eachIsARun: true },
      published: {
        ...{ ...published, tables: published?.tables ?? [], publications: [all] },
        subscriptions: [{ name: someFeed, publications: [], tables: [everyTable] }],
      },
    },
  );
  const foundIn = byScript(found);
  return history.map((migration, i) => {
    const own = foundIn(i).filter(({ rule }) => knownElsewhere.test(rule));
    const { open } = applyAnswers(own, answersOf(migration.safe));
    return open.map((one) => ({
      ...said(one, migration),
      ...(one.column === undefined ? {} : { column: one.column }),
    }));
  });
}

/** A safe form renames what it takes out of sight: that is what it is for. */
export function isOfSafeForm({ rule, statement }: Violation, script: Script): boolean {
  return (
    /^((rename|drop)-(column|table)|add-column-required)$/.test(rule) &&
    script.statements[statement]?.ofSafeForm === true
  );
}

function findings(
  migration: JudgedMigration,
  violations: readonly Violation[],
  dialect: RuleDialect | undefined,
): readonly VerdictFinding[] {
  const answers = [...answersOfPhase(migration.phase), ...answersOf(migration.safe, dialect)];
  const { open, unused } = applyAnswers(violations, answers);
  return [
    ...open.map((one) => said(one, migration)),
    ...unused.map(({ rule }) => ({
      rule: unusedAnswer,
      message: `the answer to ${rule} answers nothing here`,
      statement: "",
      tables: [],
    })),
  ];
}

function said(
  { rule, message, tables, statement }: Violation,
  { script, hasLines }: JudgedMigration,
): VerdictFinding {
  const at = script.statements[statement];
  return {
    rule,
    message,
    ...(hasLines ? { line: at?.line } : {}),
    statement: at?.text ?? "",
    tables,
  };
}
