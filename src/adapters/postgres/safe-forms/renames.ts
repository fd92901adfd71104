/**
 * Renames that both names survive. For a while a view stands where the table was; PostgreSQL writes through it
 * (https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS),
 * so nothing is copied, and indexes, constraints and defaults stay where they are.
 */

import type { SchemaOperation } from "../../../core/language/operation.ts";
import { locks, part } from "../../../core/language/safe/parts.ts";
import type { ColumnNames, SafeForm, Stage } from "../../../core/language/safe/safe-form.ts";
import type { SafePart } from "../../../core/language/safe/safe-part.ts";
import type { Named } from "../../../core/model/named.ts";
import { clauses, quote, quoteNamed } from "../sql-text.ts";
import { likeTable } from "./like-table.ts";
import type { PostgresServer } from "./set-not-null.ts";

/** One transaction in each stage, so that there is no moment without the old name. */
export function renameColumn(
  form: ColumnNames & { readonly stage: Stage },
  server: PostgresServer,
): readonly SafePart[] {
  const { stage, table, column, to, base } = form;
  const real: Named = { ...table, name: base };
  const back = rename(real, table.name);
  const view = () =>
    viewOf(table, real, {
      select: `*, ${quote(column)} AS ${quote(to)}`,
      second: { column, to },
      server,
    });
  const one = (words: string, ...operations: readonly SchemaOperation[]) => [
    part(words, locks.moment, ...operations),
  ];
  switch (stage) {
    case "begin":
      return one(
        `put a view with ${column} and ${to} in the place of ${table.name}`,
        rename(table, base),
        ...view(),
      );
    case "undo_begin":
      return one(`take the view ${table.name} away`, drop(table), back);
    case "finish":
      return one(`take the view ${table.name} away; rename ${column} to ${to}`, drop(table), back, {
        kind: "rename_column",
        table,
        column,
        to,
      });
    case "undo_finish":
      return one(
        `rename ${to} to ${column}; put a view with both in the place of ${table.name}`,
        { kind: "rename_column", table, column: to, to: column },
        rename(table, base),
        ...view(),
      );
  }
}

/** The old name is a view of the table. */
export function renameTable(
  form: Extract<SafeForm, { form: "rename_table" }>,
  server: PostgresServer,
): readonly SafePart[] {
  const { stage, table, to } = form;
  const renamed: Named = { ...table, name: to };
  const view = viewOf(table, renamed, { select: "*", server });
  switch (stage) {
    case "begin":
      return [
        part(
          `rename ${table.name} to ${to}; leave a view`,
          locks.moment,
          rename(table, to),
          ...view,
        ),
      ];
    case "undo_begin":
      return [
        part(
          `take the view ${table.name} away; rename ${to} back`,
          locks.moment,
          drop(table),
          rename(renamed, table.name),
        ),
      ];
    case "finish":
      return [part(`drop the view ${table.name}`, locks.moment, drop(table))];
    case "undo_finish":
      return [part(`make the view ${table.name} again`, locks.none, ...view)];
  }
}

function rename(table: Named, to: string): SchemaOperation {
  return { kind: "rename_table", table, to };
}

function drop(view: Named): SchemaOperation {
  return { kind: "drop_view", view };
}

/** With the rights of whoever asks, as a table has them; before PostgreSQL 15 with those of its owner. */
function viewOf(
  view: Named,
  table: Named,
  options: {
    readonly select: string;
    readonly second?: { readonly column: string; readonly to: string };
    readonly server: PostgresServer;
  },
): readonly SchemaOperation[] {
  const { select, second, server } = options;
  const { major = 15 } = server;
  const invoker = major >= 15 && "WITH (security_invoker = true)";
  const body = `AS SELECT ${select} FROM ${quoteNamed(table)}`;
  return [
    { kind: "execute", sql: clauses(`CREATE VIEW ${quoteNamed(view)}`, invoker, body) },
    { kind: "execute", sql: likeTable(view, table, second) },
  ];
}
