/** What the SQL of a case locks on PostgreSQL, and what `slipway check` says of it: as the rules foretell it. */
import type { Parser } from "../../src/check/parser.ts";
import type { Operation, SchemaOperation } from "../../src/core/language/operation.ts";
import { shown } from "../../src/core/safety/effects/catalog.ts";
import type { Effect } from "../../src/core/safety/effects/effect.ts";
import { foretell } from "../../src/core/safety/effects/foretell.ts";
import { type LockMode, stronger } from "../../src/core/safety/effects/lock.ts";
import type { Script, ScriptStatement } from "../../src/core/safety/effects/script.ts";
import { type HeavyWork, heavyWorkOf } from "../../src/core/safety/forecast/heavy-work.ts";
import { judge } from "../../src/core/safety/rules/judge.ts";
import { isOfSafeForm } from "../../src/core/safety/rules/verdict.ts";
import type { OperationCase } from "../../test/language/cases/operation-case.ts";
import { operationsOf } from "../../test/language/compile-case.ts";
import { dialects } from "../../test/language/families.ts";
import { isAlone } from "./spellings.ts";

/** A table, and a line for each rule that finds something. */
export function locksOf(operation: OperationCase, parser: Parser): readonly string[] {
  if (operation.on?.includes("postgres") === false) return [];
  const script = scriptOf(operation, parser);
  const setup = { name: "setup", up: operation.setup ?? nothing, down: nothing };
  const known = {
    ...parser,
    base: scriptOf(setup, parser).statements,
    server: { major: 18 },
  };
  const rows = foretell([script], { ...known, judge: lockIn }).flatMap(({ statement, effects }) => {
    const text = script.statements[statement]?.text ?? "";
    const works = effects.flatMap(({ effect }) => heavyWorkOf(effect) ?? []);
    return strongest(effects.flatMap(({ judged }) => judged ?? [])).map(
      ({ table, mode }) =>
        `| \`${shortened(text)}\` | ${mode} on \`${table}\` | ${waiting(mode)}, ${duration(works, table)} |`,
    );
  });
  const found = judge([script], known)
    .filter((violation) => !isOfSafeForm(violation, script))
    .map(({ rule, message }) => `- [\`${rule}\`](../rules/${rule}.md): ${message}.`);
  return [
    ...(rows.length === 0
      ? ["On PostgreSQL, the example locks no table that is in use.\n"]
      : [`| statement on PostgreSQL | lock | who waits |\n|---|---|---|\n${rows.join("\n")}\n`]),
    ...(found.length === 0
      ? []
      : [`\`slipway check\` reports the example:\n\n${found.join("\n")}\n`]),
  ];
}

const nothing = () => undefined;

function scriptOf(operation: OperationCase, parser: Parser): Script {
  const operations = operationsOf(operation, "up", dialects.postgres);
  const inTransaction = operations.every((op) => !isAlone(op, dialects.postgres));
  const statements = operations.flatMap((op) => statementsOf(op, { parser, inTransaction }));
  return { name: operation.name, statements, inTransaction };
}

type Where = { readonly parser: Parser; readonly inTransaction: boolean };

function statementsOf(op: Operation, { parser, inTransaction }: Where): readonly ScriptStatement[] {
  if (op.kind === "run") return [];
  if (op.kind !== "safely") return sqlOf(op, parser);
  return dialects.postgres.safely(op.form).flatMap(({ operations = [] }) => {
    const part = operations
      .flatMap((each) => sqlOf(each, parser))
      .map((one): ScriptStatement => ({ ...one, ofSafeForm: true }));
    return part.length > 1 && !inTransaction
      ? [boundary("BEGIN"), ...part, boundary("COMMIT")]
      : part;
  });
}

function sqlOf(op: SchemaOperation, parser: Parser): readonly ScriptStatement[] {
  return dialects.postgres.compile(op).flatMap(({ sql }) => parser.statements(sql));
}

/** The statements of one part of a safe form are a transaction. */
function boundary(word: "BEGIN" | "COMMIT"): ScriptStatement {
  const kind = `TRANS_STMT_${word}`;
  return { node: { kind: "TransactionStmt", tree: { kind } }, text: word, line: 1 };
}

/** Asked when it happens: a statement later the table may have another name. */
function lockIn(effect: Effect): TableLock | undefined {
  return effect.kind === "lock" ? { table: shown(effect.table), mode: effect.mode } : undefined;
}

type TableLock = { readonly table: string; readonly mode: LockMode };

/** The strongest lock of each table. */
function strongest(locks: readonly TableLock[]): readonly TableLock[] {
  const modes = new Map<string, LockMode>();
  for (const { table, mode } of locks) modes.set(table, stronger(mode, modes.get(table) ?? mode));
  return [...modes].map(([table, mode]) => ({ table, mode }));
}

function waiting(mode: LockMode): string {
  if (mode === "ACCESS EXCLUSIVE") return "readers and writers";
  return mode === "SHARE UPDATE EXCLUSIVE" ? "nobody but other schema changes" : "writers";
}

/** How long the table is locked: for a moment, or until PostgreSQL has worked through its rows. */
function duration(all: readonly HeavyWork[], table: string): string {
  const does = all.filter((work) => work.table === table).map((work) => work.does);
  if (does.includes("rewrite")) return "while PostgreSQL rewrites the table";
  if (does.includes("index")) return "while PostgreSQL builds the index";
  if (does.includes("scan")) return "while PostgreSQL reads every row";
  return all.length > 0 ? "until the statement ends" : "for a moment";
}

function shortened(sql: string): string {
  const line = sql.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").trim();
  return line.length <= 80 ? line : `${line.slice(0, 77)}…`;
}
