/** Where the rules and the trace say different things: the rules foretell, the trace has seen. Pure. */
import type { Parser } from "../../check/parser.ts";
import type { Script, ScriptStatement } from "../../core/safety/effects/script.ts";
import { judge } from "../../core/safety/rules/judge.ts";
import type { TracedStatement } from "./traced.ts";

/** A statement that a migration sent, in order. */
export type SentStatement = {
  readonly version: string;
  readonly sql: string;
  readonly transaction: number | undefined;
  /** Its place among the traced statements, if it was looked at. */
  readonly traced: number | undefined;
};

/** What the rules say of a traced statement, and whether that is what was seen. */
export type TraceVerdict = {
  readonly rules: readonly string[];
  readonly disagrees?: string | undefined;
};

export type DisagreeInput = {
  readonly sent: readonly SentStatement[];
  readonly traced: readonly TracedStatement[];
  readonly parser: Parser;
  readonly major: number;
  /** Whether each migration is a run of its own. */
  readonly oneByOne: boolean;
};

/** By the place of the traced statement. */
export function verdicts(input: DisagreeInput): ReadonlyMap<number, TraceVerdict> {
  const { sent, parser, traced } = input;
  const parsed = new Map<SentStatement, readonly ScriptStatement[]>(
    sent.map((one) => [one, parser.statements(one.sql)]),
  );
  const found = new Map<number, string[]>();
  for (const run of runsOf(input)) {
    const base = sent.slice(0, run.start).flatMap((one) => parsed.get(one) ?? []);
    const groups = groupsOf(sent.slice(run.start, run.end));
    const scripts = groups.map((group) => scriptOf(group, parsed));
    const { parse, parseBlock } = parser;
    const options = { parse, parseBlock, base, server: { major: input.major } };
    for (const violation of judge(scripts, options)) {
      const statement = groups[violation.script]?.[violation.statement];
      if (statement?.traced === undefined) continue;
      const rules = found.get(statement.traced) ?? [];
      if (!rules.includes(violation.rule)) rules.push(violation.rule);
      found.set(statement.traced, rules);
    }
  }
  return new Map(
    traced.map((statement, i) => {
      const rules = found.get(i) ?? [];
      const disagrees = disagreement(statement, rules);
      return [i, { rules, ...(disagrees === undefined ? {} : { disagrees }) }] as const;
    }),
  );
}

/** Rules that foretell long work, so that a moment contradicts them. Those that only rows would show are not here. */
const ofLongWork: ReadonlySet<string> = new Set([
  "add-check-scan",
  "add-column-rewrite",
  "add-fk-scan",
  "add-primary-key-without-index",
  "add-unique-without-index",
  "add-exclusion-constraint",
  "index-not-concurrent",
  "set-not-null-scan",
]);

function disagreement(
  { takes, locks, held, failed }: TracedStatement,
  rules: readonly string[],
): string | undefined {
  if (failed !== undefined) return undefined;
  const refuted = rules.filter((rule) => ofLongWork.has(rule));
  if (takes === "a moment")
    return refuted.length === 0 ? undefined : `${refuted.join(", ")} foretold more than a moment`;
  const stopped = [...locks, ...held].filter(
    ({ isNew, waiting, kind }) => !isNew && waiting !== "nobody" && kind === "table",
  );
  const [first] = stopped;
  if (first === undefined || rules.length > 0) return undefined;
  return `no rule speaks of it, but ${first.waiting} of ${first.on} wait while it ${takes}`;
}

/** Stretches of what was sent that are judged together. */
function runsOf({ sent, oneByOne }: DisagreeInput): readonly { start: number; end: number }[] {
  const wanted = (one: SentStatement) => one.traced !== undefined;
  if (!oneByOne) {
    const start = sent.findIndex(wanted);
    return start === -1 ? [] : [{ start, end: sent.length }];
  }
  const runs: { start: number; end: number }[] = [];
  for (const [i, one] of sent.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && sent[i - 1]?.version === one.version) last.end = i + 1;
    else runs.push({ start: i, end: i + 1 });
  }
  return runs.filter(({ start, end }) => sent.slice(start, end).some(wanted));
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
      before?.transaction === one.transaction
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
