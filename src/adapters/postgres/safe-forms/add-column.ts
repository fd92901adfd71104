/** A new column that old rows get filled batch by batch. */
import { alter, batches, locks, part } from "../../../core/language/safe/parts.ts";
import type { SafeForm } from "../../../core/language/safe/safe-form.ts";
import type { SafePart } from "../../../core/language/safe/safe-part.ts";
import { quote } from "../sql-text.ts";
import { type PostgresServer, setNotNull } from "./set-not-null.ts";

/** A default that is set by itself is for new rows only, so a volatile one does not rewrite the table. */
export function addColumn(
  form: Extract<SafeForm, { form: "add_column" }>,
  server: PostgresServer,
): readonly SafePart[] {
  const { table, column, fill = "DEFAULT", key, proof } = form;
  const { name, type, null: nullable, default: value, ...rest } = column;
  const added = { name, type, ...rest };
  return [
    part(
      `add column ${name}`,
      locks.moment,
      alter(table, { kind: "add_column", column: added }),
      ...(value === undefined
        ? []
        : [alter(table, { kind: "set_default", name, default: value, type, was: null })]),
    ),
    batches(`fill ${name} in the rows that are there`, {
      table,
      ...(key === undefined ? {} : { key }),
      set: `${quote(name)} = ${fill}`,
      where: `${quote(name)} IS NULL`,
    }),
    ...(nullable === false ? setNotNull({ table, column: name, proof }, server) : []),
  ];
}
