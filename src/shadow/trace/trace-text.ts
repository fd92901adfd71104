/** A trace as tables for people: a block for each migration, a line for each lock. */
import type { Filled } from "../rows/fill-tables.ts";
import type { RepoTrace } from "./trace-release.ts";
import type { TracedLock, TracedStatement } from "./traced.ts";

/** The whole text. */
export function traceText(traces: readonly RepoTrace[]): string {
  return traces.map(repoText).join("");
}

function repoText(trace: RepoTrace): string {
  const { repo, server, replayed, statements, comparedWithRules, filled, failed } = trace;
  const migrations = Map.groupBy(statements, ({ version, name }) => `${version} ${name}`);
  const lines = [
    `\nRepo: ${repo}, on ${server}${replayed === 0 ? "" : `, ${replayed} ${replayed === 1 ? "migration" : "migrations"} replayed`}`,
    ...behindLines(trace),
    ...fillLines(filled),
    ...[...migrations].flatMap(([name, list]) => [`\n  ${name}`, ...list.flatMap(statementLines)]),
    ...(statements.length === 0 ? ["  nothing to trace"] : []),
    ...(comparedWithRules ? [] : ["\n  not compared with the rules: libpg-query is not installed"]),
    ...(failed === undefined ? [] : [`\n  failed: ${failed.message}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function behindLines({ behindBaseline: behind }: RepoTrace): readonly string[] {
  if (behind === undefined) return [];
  const { migrations, baseline } = behind;
  const [subject, whose] = migrations === 1 ? ["migration is", "its"] : ["migrations are", "their"];
  return [
    `  ${migrations} ${subject} behind the baseline ${baseline}, which ran in ${whose} place: not looked at`,
  ];
}

function fillLines(filled: readonly Filled[]): readonly string[] {
  const done = filled.filter(({ reason }) => reason === undefined);
  const not = filled.filter(({ reason }) => reason !== undefined);
  return [
    ...(done.length === 0
      ? []
      : [`  filled: ${done.map(({ table, rows }) => `${table} (${rows})`).join(", ")}`]),
    ...not.map(({ table, reason }) => `  not filled: ${table}: ${reason}`),
  ];
}

/** The statement, its effects, and a row for each object that it locks. */
function statementLines(statement: TracedStatement): readonly string[] {
  const { sql, takes, durationMs, failed, held, notes } = statement;
  const work = [
    ...statement.rewritten.map((name) => `rewrote ${name}`),
    ...statement.scanned.map((name) => `read ${name}`),
    ...statement.built.map((name) => `built ${name}`),
    ...notes,
  ];
  const long = takes !== "a moment";
  const waiting = held.filter(() => long);
  return [
    "",
    `    ${oneLine(sql)}`,
    `      takes  ${takes}, here ${durationMs.toFixed(1)} ms${place(statement)}`,
    ...work.map((what) => `      did    ${what}`),
    ...shownLocks(statement.locks).map((lock) => `      locks  ${lockText(lock)}`),
    ...waiting.map((lock) => `      holds  ${lockText(lock)}, since an earlier statement`),
    ...ruleLines(statement),
    ...(failed === undefined ? [] : [`      failed ${failed}`]),
  ];
}

function ruleLines({ rules = [], disagrees }: TracedStatement): readonly string[] {
  return [
    ...(rules.length === 0 ? [] : [`      rules  ${rules.join(", ")}`]),
    ...(disagrees === undefined ? [] : [`      BUT    ${disagrees}`]),
  ];
}

function place({ transaction }: TracedStatement): string {
  return transaction === undefined ? ", alone" : `, in transaction ${transaction}`;
}

/** Tables first; indexes only if others wait for them beyond their table. */
function shownLocks(locks: readonly TracedLock[]): readonly TracedLock[] {
  const tables = locks.filter(
    ({ kind, isNew }) => kind !== "index" && kind !== "sequence" && !isNew,
  );
  return tables.length > 0
    ? tables
    : locks.filter(({ isNew, waiting }) => !isNew && waiting !== "nobody");
}

function lockText({ mode, on, waiting }: TracedLock): string {
  const who = waiting === "nobody" ? "nobody waits" : `${waiting} wait`;
  return `${mode.padEnd(22)} ${on.padEnd(24)} ${who}`;
}

function oneLine(sql: string): string {
  const line = sql.trim().replace(/\s+/g, " ");
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
