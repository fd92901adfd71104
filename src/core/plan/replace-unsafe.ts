/** `safe: "auto"`: operations that would stop others are replaced by the form that does not. */

import { describe } from "../language/describe.ts";
import type { Dialect } from "../language/dialect.ts";
import { notNullProof } from "../language/names.ts";
import type { Operation, OperationOf } from "../language/operation.ts";
import type { SafeForm } from "../language/safe/safe-form.ts";
import type { Column, ColumnChange, Constraint } from "../language/table-parts.ts";
import { isFragment } from "../model/fragment.ts";
import type { Named } from "../model/named.ts";
import type { Replacement } from "../model/warnings/plan.ts";
import { probeOfSql } from "../sql/probe-sql.ts";

export type Replaced = {
  readonly operations: readonly Operation[];
  /** Of each, the place of what it stands for. */
  readonly from: readonly number[];
  readonly replaced: readonly Replacement[];
};

/** The facts about the run that decide which operations are replaced. */
export type ReplaceContext = {
  readonly dialect: Dialect;
  /** Tables that the run makes before this migration, as `tableKey` names them: nobody waits for them. */
  readonly made: ReadonlySet<string>;
  /** Rules that the author has answered: what they speak of is meant. */
  readonly answered: readonly string[];
};

/** Where there is one writer at a time whatever the form, nothing is replaced. */
export function replaceUnsafe(operations: readonly Operation[], context: ReplaceContext): Replaced {
  const { dialect } = context;
  if (dialect.oneWriter) return { operations, from: [...operations.keys()], replaced: [] };
  const fresh = new Set([...context.made, ...tablesOf(operations, dialect)]);
  const replaced: Replacement[] = [];
  const from: number[] = [];
  const safer = operations.flatMap((op, i): readonly Operation[] => {
    const table = tableOf(op);
    const safe = safeOf(op, context);
    const isSafe = safe.every(({ kind }) => kind !== "safely");
    if (table === undefined || fresh.has(tableKey(table)) || isSafe) {
      from.push(i);
      return [op];
    }
    replaced.push({ operation: describe(op), by: safe.map(describe) });
    from.push(...safe.map(() => i));
    return safe;
  });
  return { operations: safer, from, replaced };
}

/** The tables that operations make, or take away: what else happens to them stops nobody. */
export function tablesOf(operations: readonly Operation[], dialect: Dialect): readonly string[] {
  return operations.flatMap((op) => {
    // A table that may be there already may be large.
    if (op.kind === "create_table") return op.ifNotExists ? [] : [tableKey(op.table)];
    if (op.kind === "drop_table") return [tableKey(op.table)];
    return op.kind === "execute" ? tablesOfSql(op.sql, dialect) : [];
  });
}

/** One text for a table, whoever writes it. */
export function tableKey({ prefix = "", name }: Named): string {
  return JSON.stringify([prefix, name]);
}

function tablesOfSql(sql: string, dialect: Dialect): readonly string[] {
  if (!/\bCREATE\b/i.test(sql)) return [];
  return splitOrNothing(sql, dialect).flatMap((statement) => {
    const probe = probeOfSql(statement, dialect.syntax);
    if (/\bIF\s+NOT\s+EXISTS\b/i.test(statement)) return [];
    const isTable = probe !== undefined && "expect" in probe && probe.kind === "table";
    return isTable && probe.expect === "present" ? [tableKey(probe.name)] : [];
  });
}

/** Gives nothing for SQL that cannot be cut into statements: whoever compiles it refuses it. */
function splitOrNothing(sql: string, dialect: Dialect): readonly string[] {
  try {
    return dialect.splitStatements(sql).map((statement) => statement.sql);
  } catch {
    return [];
  }
}

function tableOf(op: Operation): Named | undefined {
  switch (op.kind) {
    case "create_index":
    case "drop_index":
      return op.index.table;
    case "create_constraint":
    case "alter_table":
      return op.table;
    default:
      return undefined;
  }
}

/** The operation as safe forms, with what has none in between. */
function safeOf(op: Operation, context: ReplaceContext): readonly Operation[] {
  const orItself = (form: SafeForm | undefined) =>
    form !== undefined && helps(op, form, context) ? [safely(form)] : [op];
  switch (op.kind) {
    case "create_index": {
      const { index, ifNotExists } = op;
      const isSafe = index.concurrently || index.only;
      return isSafe ? [op] : orItself({ form: "create_index", index, ifNotExists });
    }
    case "drop_index": {
      const { index, ifExists, cascade } = op;
      const isSafe = index.concurrently || cascade;
      return isSafe ? [op] : orItself({ form: "drop_index", index, ifExists });
    }
    case "create_constraint":
      return orItself(safeConstraint(op));
    case "alter_table":
      return safeChanges(op, context);
    default:
      return [op];
  }
}

function safeConstraint(op: OperationOf<"create_constraint">): SafeForm | undefined {
  const { table, constraint } = op;
  const isScan =
    ["check", "foreign_key"].includes(constraint.kind) && constraint.validate !== false;
  const isBuild = constraint.kind === "unique" && constraint.usingIndex === undefined;
  return isScan || isBuild ? { form: "add_constraint", table, constraint } : undefined;
}

/** Changes keep their order; those without a safe form stay together. */
function safeChanges(
  op: OperationOf<"alter_table">,
  context: ReplaceContext,
): readonly Operation[] {
  const { table } = op;
  const found: Operation[] = [];
  let rest: ColumnChange[] = [];
  const flush = () => {
    const left = { ...op, changes: rest };
    const form = { form: "change_columns", table, changes: rest } as const;
    if (rest.some(isOfType) && helps(left, form, context)) found.push(safely(form));
    else if (rest.length > 0) found.push(left);
    rest = [];
  };
  for (const change of op.changes) {
    const form = safeChange(table, change, context.dialect);
    if (form === undefined || !helps({ ...op, changes: [change] }, form, context)) {
      rest.push(change);
      continue;
    }
    flush();
    found.push(safely(form));
  }
  flush();
  return found;
}

function safeChange(table: Named, change: ColumnChange, dialect: Dialect): SafeForm | undefined {
  const proof = (column: string) => notNullProof(table.name, column, dialect.identifierLimit);
  if (change.kind === "set_not_null") {
    const column = change.name;
    return { form: "set_not_null", table, column, proof: proof(column) };
  }
  if (change.kind !== "add_column" || change.ifNotExists || !isComputed(change.column))
    return undefined;
  const { column } = change;
  return { form: "add_column", table, column, proof: proof(column.name) };
}

/** After it the planner knows nothing of the column. */
function isOfType({ kind }: ColumnChange): boolean {
  return kind === "set_type" || kind === "modify_column";
}

/** Whether each row may get a different value, which rewrites the table. */
function isComputed({ default: value, primaryKey, generated, references }: Column): boolean {
  if (!isFragment(value) || primaryKey || references !== undefined) return false;
  return generated === undefined && !sameForAll.test(value.sql.trim());
}

/**
 * Defaults that PostgreSQL computes once for all rows.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
const sameForAll =
  /^(now\(\)|transaction_timestamp\(\)|statement_timestamp\(\)|current_(timestamp|date|time|user)|localtimestamp|'([^']|'')*'(::[\w ]+)?|-?\d+(\.\d+)?|true|false|null)$/i;

/** Whether the form is more than the operation is by itself, and nobody has said that the operation is meant. */
function helps(op: Operation, form: SafeForm, { dialect, answered }: ReplaceContext): boolean {
  if (answered.includes(ruleOf(form) ?? "")) return false;
  const parts = dialect.safely(form);
  return parts.length > 1 || JSON.stringify(parts[0]?.operations) !== JSON.stringify([op]);
}

/** The rule that finds what the form replaces. */
function ruleOf(form: SafeForm): string | undefined {
  switch (form.form) {
    case "create_index":
      return "index-not-concurrent";
    case "drop_index":
      return "drop-index-not-concurrent";
    case "set_not_null":
      return "set-not-null-scan";
    case "add_column":
      return "add-column-rewrite";
    case "change_columns":
      return "statistics-lost";
    case "add_constraint":
      return ruleOfConstraint[form.constraint.kind];
    default:
      return undefined;
  }
}

const ruleOfConstraint: { readonly [Kind in Constraint["kind"]]: string } = {
  check: "add-check-scan",
  foreign_key: "add-fk-scan",
  unique: "add-unique-without-index",
  primary_key: "add-primary-key-without-index",
  exclude: "add-exclusion-constraint",
};

function safely(form: SafeForm): Operation {
  return { kind: "safely", form };
}
