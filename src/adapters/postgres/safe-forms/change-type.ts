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
import { identifierLimit, quote } from "../sql-text.ts";
import { refuseDependents } from "./refuse-dependents.ts";
import { type PostgresServer, setNotNull } from "./set-not-null.ts";
import { keepInStep, stopKeepingInStep } from "./sync-trigger.ts";

/** Up to the swap. Until `finishChangeType` the old column is kept in step, so that going back loses nothing. */
export function changeType(
  change: SafeTypeChange & { readonly stage: "begin" | "undo_begin" },
  server: PostgresServer,
): readonly SafePart[] {
  return change.stage === "begin" ? begin(change, server) : undo(change);
}

/** Drops the old column. */
export function finishChangeType(change: {
  readonly table: Named;
  readonly column: string;
  readonly outgoing: string;
}): readonly SafePart[] {
  const { table, column, outgoing } = change;
  return [
    part(
      `drop column ${outgoing}`,
      locks.moment,
      ...stopKeepingInStep(table, column),
      alter(table, { kind: "remove_column", name: outgoing }),
    ),
  ];
}

function begin(change: SafeTypeChange, server: PostgresServer): readonly SafePart[] {
  const { table, column, incoming, indexes, key } = change;
  const { name } = column;
  const using = change.using ?? cast(name, column);
  const { null: nullable, default: _, ...bare } = column;
  return [
    part(
      `add column ${incoming}, kept in step with ${name}`,
      locks.moment,
      { kind: "execute", sql: refuseDependents(change) },
      alter(table, { kind: "add_column", column: { ...bare, name: incoming } }),
      ...keepInStep(table, { name, target: incoming, value: using }),
    ),
    batches(`fill ${incoming} from ${name}`, {
      table,
      ...(key === undefined ? {} : { key }),
      set: `${quote(incoming)} = ${using}`,
      where: `${quote(incoming)} IS NULL AND ${quote(name)} IS NOT NULL`,
    }),
    ...(nullable === false
      ? setNotNull({ table, column: incoming, proof: proofOf(incoming) }, server)
      : []),
    ...indexes.map((index) =>
      buildIndex(onColumn(index, name, incoming), { concurrently: true, note: locks.beside }),
    ),
    swap(change),
  ];
}

/** From here on the old column follows the new one. */
function swap(change: SafeTypeChange): SafePart {
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
    ...indexes.flatMap((index) => renames(index, index.name, outgoingName(index))),
    ...indexes.flatMap((index) => renames(index, incomingName(index), index.name)),
    ...keepInStep(table, {
      name,
      target: outgoing,
      value: change.back ?? cast(name, was),
    }),
  );
}

function undo(change: SafeTypeChange): readonly SafePart[] {
  const { table, column, outgoing, incoming, indexes } = change;
  const { name } = column;
  return [
    part(
      `swap ${outgoing} and ${name}; drop ${incoming}`,
      locks.moment,
      ...stopKeepingInStep(table, name),
      { kind: "rename_column", table, column: name, to: incoming },
      { kind: "rename_column", table, column: outgoing, to: name },
      alter(table, { kind: "remove_column", name: incoming }),
      ...indexes.flatMap((index) => renames(index, outgoingName(index), index.name)),
    ),
  ];
}

function cast(name: string, to: Column): string {
  return `CAST(${quote(name)} AS ${columnType(to)})`;
}

function onColumn(index: Index, from: string, to: string): Index {
  return {
    ...index,
    name: incomingName(index),
    concurrently: true,
    columns: index.columns.map((each) => (each.column === from ? { ...each, column: to } : each)),
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

function outgoingName({ name }: Index): string {
  return derivedName(name, "_old", identifierLimit);
}
