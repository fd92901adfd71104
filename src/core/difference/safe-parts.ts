/** A difference as migrations that stop nobody: in their safe forms, and cut where old code must be gone first. */
import type { SchemaCatalog, TableObject } from "../catalog/catalog.ts";
import { notNullName } from "../catalog/not-null-name.ts";
import { notNullProof } from "../language/names.ts";
import type { Operation, SchemaOperation } from "../language/operation.ts";
import type { SafeForm } from "../language/safe/safe-form.ts";
import type { Column, ColumnChange } from "../language/table-parts.ts";
import type { Phase } from "../model/migration.ts";
import type { Named } from "../model/named.ts";
import { type AtOnce, atOnce } from "./at-once.ts";
import { throughBackfill } from "./by-backfill.ts";
import { isOfRights } from "./carried-rights.ts";
import { isComputed, isRequired } from "./computed.ts";
import { firesOnUpdate } from "./fires-on-update.ts";
import { longLast } from "./long-last.ts";
import { refusesLostValues } from "./lost-values.ts";
import { analyze, type Cut, limit, type PartLine, replacedIndexes, safe } from "./part-lines.ts";
import { partitionsMeanwhile } from "./partition-meanwhile.ts";
import { fillReason, notNullReason, requiredReason } from "./reasons.ts";
import { relationName } from "./relation-name.ts";
import type { DifferenceStep, Sides } from "./steps.ts";
import { idOf, keyOf } from "./table-id.ts";
import { LaterChanges, tablesOf } from "./waiting.ts";
import { withoutIndexes } from "./without-indexes.ts";

/** One migration of several, in the order in which they run. */
export type MigrationPart = {
  /** Behind the name of the migration: `values`, `after`. Empty for the one in the middle. */
  readonly suffix: string;
  readonly phase: Phase;
  /** Why it is a separate migration. */
  readonly reason?: string;
  readonly lines: readonly PartLine[];
};

type Ends = Pick<Sides, "from" | "to" | "words">;

/** Those that are not empty. */
export function safeParts(steps: readonly DifferenceStep[], ends: Ends): readonly MigrationPart[] {
  const cutter = new Cutter(ends, steps);
  const isValue = ({ operation, object, doing }: DifferenceStep) =>
    doing === "change" &&
    operation.kind === "execute" &&
    object.startsWith("type ") &&
    /^ALTER TYPE \S+ ADD VALUE /.test(operation.sql);
  const values = steps.filter(isValue);
  const rest = steps.filter((step) => !isValue(step));
  const cut = longLast(withoutIndexes(throughBackfill(replacedIndexes(rest), ends), ends), (step) =>
    cutter.cut(step),
  );
  const main = withLook(
    cut.flatMap(({ lines }) => lines),
    ends,
  );
  const behind = cut.flatMap((one) => one.behind ?? []);
  const after = cut.flatMap((one) => one.after ?? []);
  const parts: readonly MigrationPart[] = [
    {
      ...{ suffix: main.length + after.length === 0 ? "" : "values", phase: "before" },
      reason:
        "A new value of an enum can be used only when the transaction that added it has ended.",
      lines: values.map(({ operation }) => ({ operation })),
    },
    { suffix: "", phase: "before", lines: main },
    {
      ...{ suffix: "statistics", phase: "before" },
      reason: "It reads rows, and in the transaction of the change its lock would last as long.",
      lines: behind,
    },
    {
      ...{ suffix: main.length === 0 ? "" : "after", phase: "after" },
      reason:
        "Code of the release before may need what goes here, so it goes when that code is gone.",
      lines: after,
    },
  ];
  return parts
    .filter(({ lines }) => lines.some(({ operation }) => !isSetting(operation)))
    .map((part) => ({ ...part, lines: part.lines.flatMap(withItsSettings(part.lines)) }));
}

/** Behind renames, by whose names it looks. */
function withLook(lines: readonly PartLine[], { from, to }: Ends): readonly PartLine[] {
  const at = lines.findLastIndex(({ operation: { kind } }) => kind.startsWith("rename_")) + 1;
  return lines.toSpliced(at, 0, ...refusesLostValues(from, to));
}

/** A setting stands only where a routine is made, going up or down. */
function withItsSettings(lines: readonly PartLine[]): (line: PartLine) => readonly PartLine[] {
  const isNeeded = lines.some(
    ({ operation: op }) =>
      op.kind === "execute" &&
      /^CREATE OR REPLACE (FUNCTION|PROCEDURE)/m.test(`${op.sql}\n${op.down}`),
  );
  return (line) => {
    if (!isSetting(line.operation)) return [line];
    return isNeeded ? [{ ...line, reason: "A function may name what comes after it." }] : [];
  };
}

function isSetting(op: Operation): boolean {
  return op.kind === "execute" && (op.sql || op.down || "").startsWith("SET check_function_bodies");
}

class Cutter {
  readonly #tables: ReadonlyMap<string, TableObject>;
  readonly #is: ReadonlySet<string>;
  readonly #wanted: ReadonlyMap<string, TableObject>;
  readonly #from: SchemaCatalog;
  readonly #to: SchemaCatalog;
  /** Names of tables, views, sequences, indexes and types, which share their namespace, or bring along one of each. */
  readonly #relations: ReadonlySet<string>;

  readonly #atOnce: AtOnce;
  readonly #waiting: LaterChanges;
  /** Names that the server gives to NOT NULL when it is set. */
  readonly #setLater = new Set<string>();
  /** The first statement of a new partition that differs from its parent meanwhile. */
  readonly #meanwhile: ReadonlyMap<string, SchemaOperation>;

  constructor({ from, to, words }: Ends, steps: readonly DifferenceStep[]) {
    this.#atOnce = atOnce(steps, from);
    this.#tables = tablesOf(from);
    this.#wanted = tablesOf(to);
    this.#is = new Set(to.objects.map(({ id }) => id));
    this.#from = from;
    this.#to = to;
    this.#relations = new Set(to.objects.flatMap(relationName));
    this.#waiting = new LaterChanges({ from, to }, this.#atOnce);
    this.#meanwhile = partitionsMeanwhile({ from, to, words }, this.#waiting);
  }

  cut(step: DifferenceStep): Cut {
    const { operation } = step;
    if (isSetting(operation)) return { lines: [{ operation }], after: [{ operation }] };
    if (isOfRights(operation))
      return { lines: [{ operation, reason: "What was granted on it, and whose it is, stays." }] };
    if (operation.kind === "alter_table" && step.doing !== "make") return this.#table(operation);
    if (operation.kind === "execute" && this.#renamesLater(operation.sql))
      return { lines: [], after: [{ operation }] };
    if (operation.kind === "execute" && /^CREATE (UNLOGGED )?TABLE /.test(operation.sql))
      return { lines: [{ operation: this.#meanwhile.get(step.object) ?? operation }] };
    const line = this.#safely(operation);
    return step.doing === "take" && this.#waits(step)
      ? { lines: [], after: [line] }
      : { lines: [line] };
  }

  /** Whether old code may need it: constraints alone are only in the way of new code. */
  #waits({ operation, object }: DifferenceStep): boolean {
    if (this.#is.has(object) || this.#cannotWait(object)) return false;
    // The parts of a table go before the table itself.
    const owner = this.#from.objects.find(({ id }) => id === object);
    if (owner !== undefined && "table" in owner) {
      const table = idOf(owner.table);
      if (!this.#is.has(table) && this.#cannotWait(table)) return false;
    }
    if (operation.kind !== "drop_constraint") return !/^(policy|rule|trigger) /.test(object);
    const kind = operation.was?.kind;
    return kind === "unique" || (kind === "primary_key" && !this.#hasKey(operation.table));
  }

  /** A table has one primary key, so the old one cannot wait for the new one. */
  #hasKey(table: Named): boolean {
    return keyOf(table, this.#to) !== undefined;
  }

  /** Whether a backfill can walk along its key, from its begin to its end, and triggers stay silent meanwhile. */
  #isFilled(table: Named): boolean {
    const isWalked = this.#is.has(keyOf(table, this.#from) ?? "");
    return isWalked && !firesOnUpdate(table, this.#from, this.#to);
  }

  #cannotWait(object: string): boolean {
    return this.#nameIsTaken(object) || this.#atOnce.has(object);
  }

  /** Whether something else has the name from now on, or that of one of its indexes. */
  #nameIsTaken(object: string): boolean {
    const parts = this.#from.objects.filter(
      (one) => one.id === object || ("table" in one && idOf(one.table) === object),
    );
    return parts.flatMap(relationName).some((name) => this.#relations.has(name));
  }

  #isOld(table: Named): boolean {
    return this.#wasPlain(table) && this.#wanted.has(idOf(table));
  }

  /** Whether it was there, and takes CONCURRENTLY. */
  #wasPlain(table: Named): boolean {
    const found = this.#tables.get(idOf(table));
    return found !== undefined && found.partitionBy === undefined;
  }

  #safely(operation: SchemaOperation): PartLine {
    switch (operation.kind) {
      case "create_index":
        if (!this.#isOld(operation.index.table)) return { operation };
        return safe(
          { form: "create_index", index: operation.index },
          "Built concurrently: writers continue meanwhile.",
        );
      case "drop_index":
        if (!this.#wasPlain(operation.index.table)) return { operation };
        return safe(
          { form: "drop_index", index: operation.index },
          "Dropped concurrently: nobody waits.",
        );
      case "create_constraint": {
        const { table, constraint } = operation;
        const isSafe = constraint.kind !== "primary_key" && constraint.kind !== "exclude";
        const isHere =
          constraint.kind !== "foreign_key" || constraint.references.table.prefix === table.prefix;
        if (!this.#isOld(table) || !isSafe || !isHere || constraint.validate === false)
          return { operation };
        return safe(
          { form: "add_constraint", table, constraint },
          constraint.kind === "unique"
            ? "The index is built concurrently and becomes the constraint."
            : "Not valid at first, and validated beside readers and writers.",
        );
      }
      default:
        return { operation };
    }
  }

  #table(operation: Extract<SchemaOperation, { kind: "alter_table" }>): Cut {
    const { table, changes } = operation;
    const [lines, after]: [PartLine[], PartLine[]] = [[], []];
    const plain: ColumnChange[] = [];
    const alter = (changes: readonly ColumnChange[]): PartLine => ({
      operation: { ...operation, changes },
    });
    for (const change of changes) {
      switch (change.kind) {
        case "remove_column":
          if (this.#waiting.isLostLater(table, change.name)) after.push(alter([change]));
          else plain.push(change);
          break;
        case "set_not_null":
          if (this.#waiting.mustNotBeNull(table, change.name)) plain.push(change);
          else after.push(safe(this.#notNull(table, change.name), notNullReason));
          break;
        case "add_column":
          if (isComputed(change.column) && this.#isFilled(table))
            lines.push(safe(this.#filled(table, change.column), fillReason));
          else if (isRequired(change.column)) {
            const { null: _, ...column } = change.column;
            plain.push({ kind: "add_column", column });
            // A primary key makes it NOT NULL itself.
            if (!this.#waiting.mustNotBeNull(table, column.name))
              after.push(safe(this.#notNull(table, column.name), requiredReason));
          } else plain.push(change);
          break;
        default:
          plain.push(change);
      }
    }
    const isRetyped = plain.some(({ kind }) => kind === "set_type") && this.#isOld(table);
    return {
      lines: [...(plain.length === 0 ? [] : [alter(plain)]), ...lines],
      behind: isRetyped ? [analyze(table)] : [],
      after,
    };
  }

  /** A NOT NULL that is set later is renamed later. https://www.postgresql.org/docs/18/catalog-pg-constraint.html */
  #renamesLater(sql: string): boolean {
    const [, name = ""] = / RENAME CONSTRAINT "((?:[^"]|"")+)" TO "/.exec(sql) ?? [];
    return this.#setLater.has(name.replaceAll('""', '"'));
  }

  #notNull(table: Named, column: string): SafeForm {
    this.#setLater.add(notNullName(table.name, column));
    const proof = notNullProof(table.name, column, limit);
    return { form: "set_not_null", table, column, proof };
  }

  #filled(table: Named, column: Column): SafeForm {
    const proof = notNullProof(table.name, column.name, limit);
    return { form: "add_column", table, column, proof };
  }
}
