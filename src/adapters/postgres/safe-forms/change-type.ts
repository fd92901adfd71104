/** A column of another type: a second column kept in step by a trigger, filled, and put in the place of the first. */
import { derivedName } from "../../../core/language/names.ts";
import type { SchemaOperation } from "../../../core/language/operation.ts";
import { alter, batches, locks, part } from "../../../core/language/safe/parts.ts";
import { buildIndex } from "../../../core/language/safe/plain-forms.ts";
import type { SafeTypeChange } from "../../../core/language/safe/safe-form.ts";
import type { SafePart } from "../../../core/language/safe/safe-part.ts";
import type { Column, Index } from "../../../core/language/table-parts.ts";
import type { Named } from "../../../core/model/named.ts";
import { columnType } from "../column-type.ts";
import { identifierLimit, quote, quoteNamed } from "../sql-text.ts";
import { refuseDependents } from "./refuse-dependents.ts";
import { type PostgresServer, setNotNull } from "./set-not-null.ts";
import { swapNotNullNames } from "./swap-not-null-names.ts";
import { keepInStep, stopKeepingInStep } from "./sync-trigger.ts";

/** Up to the swap. Until `finishChangeType` the old column is kept in step, so that going back loses nothing. */
export function changeType(
  change: SafeTypeChange & { readonly stage: "begin" | "undo_begin" },
  server: PostgresServer,
): readonly SafePart[] {
  return change.stage === "begin" ? begin(change, server) : undo(change, server);
}

function begin(change: SafeTypeChange, server: PostgresServer): readonly SafePart[] {
  const { table, column, incoming, indexes } = change;
  const { name } = column;
  return [
    ...secondColumn(
      {
        ...{ table, name, second: column, called: incoming, key: change.key },
        given: change.using,
        first: [{ kind: "execute", sql: refuseDependents(change) }],
        indexes: indexes.map((index) => onColumn(index, incomingName(index), incoming, name)),
      },
      server,
    ),
    swap(change, server),
  ];
}

/** One that has none ends the migration before anything is changed. */
function everyValue({ table, name, second }: Second, given: string): SafePart {
  return part(`look whether every ${name} has a value as ${second.type}`, locks.beside, {
    kind: "execute",
    sql: `SELECT count(${given}) FROM ${quoteNamed(table)}`,
  });
}

/** A column that follows another one from now on, and how it comes to hold the same. */
type Second = {
  readonly table: Named;
  /** The column that it follows. */
  readonly name: string;
  readonly second: Column;
  readonly called: string;
  /** The value as SQL over the columns of the row, which need not have one for each row. Default: a cast. */
  readonly given: string | undefined;
  readonly key: readonly string[] | undefined;
  readonly first: readonly SchemaOperation[];
  readonly indexes: readonly Index[];
};

/** Adds the second column, keeps it in step, fills it, and gives it all that the other column has. */
export function secondColumn(step: Second, server: PostgresServer): readonly SafePart[] {
  const { table, name, second, called, given, key, first, indexes } = step;
  const { null: nullable, default: _, ...bare } = second;
  const value = given ?? castTo(name, second);
  return [
    ...(given === undefined ? [] : [everyValue(step, given)]),
    part(
      `add column ${called}, kept in step with ${name}`,
      locks.moment,
      ...first,
      alter(table, { kind: "add_column", column: { ...bare, name: called } }),
      ...keepInStep(table, { name, target: called, value, type: columnType(second) }),
    ),
    batches(`fill ${called} from ${name}`, {
      table,
      ...(key === undefined ? {} : { key }),
      set: `${quote(called)} = ${value}`,
      where: `${quote(called)} IS NULL AND ${quote(name)} IS NOT NULL`,
    }),
    ...(nullable === false
      ? setNotNull({ table, column: called, proof: proofOf(called) }, server)
      : []),
    ...indexes.map((index) => buildIndex(index, { concurrently: true, note: locks.beside })),
  ];
}

/** From here on the old column follows the new one. */
function swap(change: SafeTypeChange, server: PostgresServer): SafePart {
  const { table, column, was, incoming, outgoing, indexes } = change;
  const { name, default: value } = column;
  return part(
    `swap ${incoming} and ${name}`,
    locks.moment,
    ...stopKeepingInStep(table, name),
    { kind: "rename_column", table, column: name, to: outgoing },
    { kind: "rename_column", table, column: incoming, to: name },
    ...(value === undefined
      ? []
      : [
          alter(table, {
            kind: "set_default",
            name,
            default: value,
            type: column.type,
            was: null,
          }),
        ]),
    ...swapNotNullNames({ table, one: name, other: outgoing }, server),
    ...indexes.flatMap((index) => renames(index, index.name, outgoingName(index))),
    ...indexes.flatMap((index) => renames(index, incomingName(index), index.name)),
    ...keepInStep(table, {
      name,
      target: outgoing,
      value: change.back ?? castTo(name, was),
      type: columnType(was),
    }),
  );
}

function undo(change: SafeTypeChange, server: PostgresServer): readonly SafePart[] {
  const { table, column, outgoing, incoming, indexes } = change;
  const { name } = column;
  return [
    part(
      `swap ${outgoing} and ${name}; drop ${incoming}`,
      locks.moment,
      ...stopKeepingInStep(table, name),
      { kind: "rename_column", table, column: name, to: incoming },
      { kind: "rename_column", table, column: outgoing, to: name },
      ...swapNotNullNames({ table, one: name, other: incoming }, server),
      alter(table, { kind: "remove_column", name: incoming }),
      ...indexes.flatMap((index) => renames(index, outgoingName(index), index.name)),
    ),
  ];
}

/** One column as a value of another's type. */
function castTo(name: string, to: Column): string {
  return `CAST(${quote(name)} AS ${columnType(to)})`;
}

/** An index by another name, with one column in the place of another. */
export function onColumn(index: Index, name: string, column: string, instead: string): Index {
  return {
    ...index,
    name,
    concurrently: true,
    columns: index.columns.map((each) => (each.column === instead ? { ...each, column } : each)),
  };
}

function renames({ table }: Index, index: string, to: string): readonly SchemaOperation[] {
  return [{ kind: "rename_index", table, index, to }];
}

function proofOf(column: string): string {
  return derivedName(column, "not_null", identifierLimit);
}

function incomingName({ name }: Index): string {
  return derivedName(name, "_new", identifierLimit);
}

/** The name that an index of the old column has after the swap. */
export function outgoingName({ name }: Index): string {
  return derivedName(name, "_old", identifierLimit);
}
