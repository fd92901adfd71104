/** Where the rules and the trace say different things: the rules foretell, the trace has seen. Pure. */
import type { Parser } from "../../check/parser.ts";
import { treeOf } from "../../core/safety/effects/catalog.ts";
import type { Effect } from "../../core/safety/effects/effect.ts";
import { foretell } from "../../core/safety/effects/foretell.ts";
import { blocksWrites, type LockMode, stronger } from "../../core/safety/effects/lock.ts";
import type { Script, ScriptStatement } from "../../core/safety/effects/script.ts";
import { judge } from "../../core/safety/rules/judge.ts";
import type { Relation, TracedStatement } from "./traced.ts";

/** A statement that a migration sent, in order. */
export type SentStatement = {
  readonly version: string;
  readonly sql: string;
  readonly transaction: number | undefined;
  /** Its place among the traced statements, if it is one. */
  readonly traced: number | undefined;
};

/** The rules' findings about a traced statement, and whether the trace agrees. */
export type TraceVerdict = {
  readonly rules: readonly string[];
  readonly disagrees?: string | undefined;
};

export type DisagreeInput = {
  readonly sent: readonly SentStatement[];
  readonly traced: readonly TracedStatement[];
  readonly parser: Parser;
  readonly major: number;
  /** Whether each migration is a separate run. */
  readonly oneByOne: boolean;
  /** The statements that the shadow began with. */
  readonly base: readonly ScriptStatement[];
};

/** By the place of the traced statement. */
export function verdicts(input: DisagreeInput): ReadonlyMap<number, TraceVerdict> {
  const { sent, parser, traced, oneByOne } = input;
  const parsed = new Map<SentStatement, readonly ScriptStatement[]>(
    sent.map((one) => [one, parser.statements(one.sql)]),
  );
  const start = oneByOne ? 0 : sent.findIndex((one) => one.traced !== undefined);
  const wanted = start === -1 ? [] : sent.slice(start);
  const earlier = sent.slice(0, Math.max(start, 0)).flatMap((one) => parsed.get(one) ?? []);
  const base = [...input.base, ...earlier];
  const groups = groupsOf(wanted);
  const told = foretellGroups(groups, { ...input, base, parsed });
  return new Map(
    traced.map((statement, i) => {
      const foretold = told.get(i) ?? nothing;
      const disagrees = disagreement(statement, foretold);
      const { rules } = foretold;
      return [i, { rules, ...(disagrees === undefined ? {} : { disagrees }) }] as const;
    }),
  );
}

/** The rules' forecast for one statement. */
type Foretold = {
  readonly rules: readonly string[];
  readonly fails: string | undefined;
  readonly locks: readonly ForetoldLock[];
};

/** A lock that others wait for, by the names of its moment. */
type ForetoldLock = {
  readonly on: Relation;
  readonly mode: LockMode;
  /** The partitions of it, which are locked with it. */
  readonly below: readonly Relation[];
};

const nothing: Foretold = { rules: [], fails: undefined, locks: [] };

function foretellGroups(
  groups: readonly (readonly SentStatement[])[],
  {
    parser,
    major,
    oneByOne,
    base,
    parsed,
  }: DisagreeInput & {
    readonly parsed: ReadonlyMap<SentStatement, readonly ScriptStatement[]>;
  },
): ReadonlyMap<number, Foretold> {
  const { parse, parseBlock } = parser;
  const scripts = groups.map((group) => scriptOf(group, parsed));
  const options = { parse, parseBlock, base, server: { major }, eachIsARun: oneByOne };
  const placeOf = (one: { readonly script: number; readonly statement: number }) =>
    groups[one.script]?.[one.statement]?.traced;
  const told = new Map<number, Foretold>();
  const add = (place: number | undefined, more: Partial<Foretold>) => {
    if (place !== undefined) told.set(place, { ...(told.get(place) ?? nothing), ...more });
  };
  for (const violation of judge(scripts, options)) {
    const place = placeOf(violation);
    const { rules = [], fails } = told.get(place ?? -1) ?? {};
    add(place, {
      rules: rules.includes(violation.rule) ? rules : [...rules, violation.rule],
      fails: violation.rule === "will-fail" ? violation.message : fails,
    });
  }
  for (const one of foretell(scripts, { ...options, judge: lockOf }))
    add(placeOf(one), { locks: one.effects.flatMap(({ judged }) => judged ?? []) });
  return told;
}

function lockOf(effect: Effect): ForetoldLock | undefined {
  if (effect.kind !== "lock" || effect.table.origin.run || !blocksWrites(effect.mode))
    return undefined;
  const [on = "", ...below] = treeOf(effect.table).map(({ schema, name }) => `${schema}.${name}`);
  return { on, mode: effect.mode, below };
}

/** Rules that foretell long work, so that a moment contradicts them. Those that only rows would show are not here. */
const ofLongWork: ReadonlySet<string> = new Set([
  "add-check-scan",
  "add-column-rewrite",
  "add-exclusion-constraint",
  "add-fk-scan",
  "add-primary-key-without-index",
  "add-unique-without-index",
  "change-column-type",
  "index-not-concurrent",
  "set-not-null-scan",
]);

/** Rules that foretell work, with or without rows. */
const speaksOfWork: ReadonlySet<string> = new Set([
  ...ofLongWork,
  "add-column-required",
  "attach-partition-scan",
  "domain-constraint-scan",
  "index-not-concurrent",
  "refresh-matview-not-concurrent",
  "reindex-not-concurrent",
  "table-rewrite-command",
  "unbatched-dml",
  "validate-in-same-transaction",
  "work-after-exclusive-lock",
]);

function disagreement(statement: TracedStatement, foretold: Foretold): string | undefined {
  const { takes, failed } = statement;
  const { rules, fails } = foretold;
  if (failed !== undefined) return undefined;
  if (fails !== undefined) return `it ran, and will-fail says: ${fails}`;
  const refuted = rules.filter((rule) => ofLongWork.has(rule));
  if (takes === "a moment" && refuted.length > 0)
    return `${refuted.join(", ")} foretold more than a moment`;
  return unspoken(statement, rules) ?? otherLock(statement, foretold);
}

/** Long work for which others wait, and of which no rule speaks. */
function unspoken(
  { takes, locks, held }: TracedStatement,
  rules: readonly string[],
): string | undefined {
  if (takes === "a moment" || rules.some((rule) => speaksOfWork.has(rule))) return undefined;
  const first = [...locks, ...held].find(
    ({ isNew, waiting, kind }) => !isNew && waiting !== "nobody" && kind === "table",
  );
  if (first === undefined) return undefined;
  return `no rule speaks of it, but ${first.waiting} of ${first.on} wait while it ${takes}`;
}

/** A lock that others wait for, and that is not the one that was foretold. */
function otherLock(statement: TracedStatement, { locks }: Foretold): string | undefined {
  const held = strongestOf(statement.held);
  const seen = strongestOf([
    ...statement.held,
    ...statement.locks.filter(
      ({ isNew, waiting, kind }) => !isNew && waiting !== "nobody" && /^(table|view)$/.test(kind),
    ),
  ]);
  const expected = strongestOf([...statement.held, ...locks]);
  const covered = strongestOf(
    locks.flatMap(({ mode, below }) => below.map((on) => ({ on, mode }))),
  );
  const above = new Map(statement.locks.map((lock) => [lock.on, lock.above ?? []]));
  // A partition goes with the table above it, also where code has made it that cannot be read.
  const isCovered = (on: Relation, mode: LockMode) =>
    [covered.get(on), ...(above.get(on) ?? []).map((one) => expected.get(one))].some((one) =>
      isAsStrong(one, mode),
    );
  const taken = [...seen].find(
    ([on, mode]) => expected.get(on) !== mode && held.get(on) !== mode && !isCovered(on, mode),
  );
  if (taken !== undefined)
    return `it took ${taken[1]} on ${taken[0]}, and ${expected.get(taken[0]) ?? "no lock"} was foretold`;
  const missed =
    statement.transaction === undefined
      ? undefined
      : [...expected].find(([on, mode]) => seen.get(on) !== mode && !isCovered(on, mode));
  if (missed === undefined) return undefined;
  return `${missed[1]} on ${missed[0]} was foretold, and it took ${seen.get(missed[0]) ?? "none"}`;
}

function strongestOf(
  locks: readonly { readonly on: Relation; readonly mode: LockMode }[],
): ReadonlyMap<Relation, LockMode> {
  const strongest = new Map<Relation, LockMode>();
  for (const { on, mode } of locks) strongest.set(on, stronger(strongest.get(on) ?? mode, mode));
  return strongest;
}

function isAsStrong(one: LockMode | undefined, other: LockMode): boolean {
  return one !== undefined && stronger(one, other) === one;
}

/** Statements of one transaction; one that ran alone is alone. */
function groupsOf(sent: readonly SentStatement[]): readonly (readonly SentStatement[])[] {
  const groups: SentStatement[][] = [];
  for (const one of sent) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (
      last !== undefined &&
      one.transaction !== undefined &&
      before?.transaction === one.transaction &&
      before.version === one.version
    )
      last.push(one);
    else groups.push([one]);
  }
  return groups;
}

function scriptOf(
  group: readonly SentStatement[],
  parsed: ReadonlyMap<SentStatement, readonly ScriptStatement[]>,
): Script {
  const [first] = group;
  return {
    name: first?.version ?? "",
    // One for each, so that the numbers are those of the group.
    statements: group.map(
      (one) => parsed.get(one)?.[0] ?? { text: one.sql, line: 1, error: "it is empty" },
    ),
    inTransaction: first?.transaction !== undefined,
  };
}
