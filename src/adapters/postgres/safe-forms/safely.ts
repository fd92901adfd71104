/**
 * The safe forms of PostgreSQL: the steps of each, so that neither readers nor writers wait for more than a moment.
 */
import { derivedName } from "../../../core/language/names.ts";
import { alter, locks, part } from "../../../core/language/safe/parts.ts";
import {
  buildIndex,
  dropColumn,
  dropIndex,
  replaceIndex,
} from "../../../core/language/safe/plain-forms.ts";
import type { SafeForm } from "../../../core/language/safe/safe-form.ts";
import type { SafePart } from "../../../core/language/safe/safe-part.ts";
import type { Index } from "../../../core/language/table-parts.ts";
import type { Named } from "../../../core/model/named.ts";
import { identifierLimit, quoteNamed } from "../sql-text.ts";
import { addColumn } from "./add-column.ts";
import { addConstraint } from "./add-constraint.ts";
import { changeType } from "./change-type.ts";
import { finishChangeType } from "./finish-change-type.ts";
import { renameColumn, renameTable } from "./renames.ts";
import { type PostgresServer, setNotNull } from "./set-not-null.ts";

/** The parts of a form on a server of this version. */
export function safely(form: SafeForm, server: PostgresServer): readonly SafePart[] {
  switch (form.form) {
    case "create_index":
      return [buildIndex(beside(form.index), online, form.ifNotExists)];
    case "drop_index":
      return [dropIndex(beside(form.index), online, form.ifExists)];
    case "replace_index":
      return replaceIndex(form, online);
    case "add_constraint":
      return addConstraint(form.table, form.constraint);
    case "set_not_null":
      return setNotNull(form, server);
    case "add_column":
      return addColumn(form, server);
    case "change_columns":
      return [
        part(`change table ${form.table.name}`, locks.moment, alter(form.table, ...form.changes)),
        part(`analyze table ${form.table.name}`, locks.beside, {
          kind: "execute",
          sql: `ANALYZE ${quoteNamed(form.table)}`,
        }),
      ];
    case "rename_column":
      return renameColumn(form, server);
    case "rename_table":
      return renameTable(form, server);
    case "drop_column":
      return retreat(form, server);
    case "change_type":
      return changeType(form, server);
    case "finish_change_type":
      return finishChangeType(form, server);
  }
}

const online = { concurrently: true, note: locks.moment };

function beside(index: Index): Index {
  return { ...index, concurrently: true };
}

/** As everywhere, but that a foreign key goes before its column, and NOT NULL comes back without a scan that stops others. */
function retreat(
  form: Extract<SafeForm, { form: "drop_column" }>,
  server: PostgresServer,
): readonly SafePart[] {
  const { table, column, stage, was } = form;
  const parts = dropColumn(form, stage, (words, ...operations) =>
    part(words, locks.moment, ...operations),
  );
  if (stage === "undo_begin" && was?.null === false) {
    const proof = derivedName(column, "not_null", identifierLimit);
    return [...parts.slice(0, 1), ...setNotNull({ table, column, proof }, server)];
  }
  if (stage !== "finish" || was?.references === undefined) return parts;
  return [dropForeignKey(table, was.references.name), ...parts];
}

function dropForeignKey(table: Named, name: string): SafePart {
  return part(`drop foreign key ${name}`, locks.writersForAMoment, {
    kind: "drop_constraint",
    table,
    name,
    ifExists: true,
  });
}
