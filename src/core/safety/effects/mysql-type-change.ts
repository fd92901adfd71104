/**
 * Judges the cost of a column's change on MySQL and MariaDB, where the operation says how the
 * column was before.
 */
import type { KnownColumnType } from "../../language/column-type.ts";
import type { SchemaOperation } from "../../language/operation.ts";
import type { Column, ColumnChange } from "../../language/table-parts.ts";
import type { MysqlChange } from "./effect.ts";

type Part = Pick<MysqlChange, "way" | "what">;
type Typed = Pick<Column, "type" | "size">;

/**
 * Another type, a shorter text or one whose length needs a second byte is a copy, NULL or NOT NULL
 * a rebuild. The operation must say how the column was before.
 */
export function typeChangeWay(operation: SchemaOperation | undefined): readonly Part[] {
  return operation?.kind === "alter_table" ? operation.changes.flatMap(ofChange) : [];
}

function ofChange(change: ColumnChange): readonly Part[] {
  switch (change.kind) {
    case "modify_column": {
      const { column, was } = change;
      if (was === undefined) return [];
      if (needsCopy(was, column)) return [{ way: "copy", what: `the new type of ${column.name}` }];
      return isNullable(was) === isNullable(column)
        ? []
        : [{ way: "rebuild", what: `NULL or NOT NULL of ${column.name}` }];
    }
    case "set_type":
      return change.was !== undefined && needsCopy(change.was, change.to)
        ? [{ way: "copy", what: `the new type of ${change.to.name}` }]
        : [];
    case "set_not_null":
    case "drop_not_null":
      return [{ way: "rebuild", what: `NULL or NOT NULL of ${change.name}` }];
    case "add_column":
    case "remove_column":
    case "set_default":
    case "drop_default":
      return [];
  }
}

/** Only where both types are stored the same way on every server. */
function needsCopy(was: Typed, to: Typed): boolean {
  const [before, after] = [storedAs(was), storedAs(to)];
  if (before === undefined || after === undefined) return false;
  if (before !== after) return true;
  if (before !== "varchar") return false;
  const [old, made] = [was.size ?? 255, to.size ?? 255];
  return made < old || (old > instant && old <= oneByte && made > oneByte);
}

/** So many characters of utf8mb4 have a length that one byte holds; the second byte is a copy of the table. */
const oneByte = 63;

/** MariaDB stores the length of up to 127 bytes so that it can grow by the catalog alone. */
const instant = 31;

function storedAs({ type, size }: Typed): string | undefined {
  const known = stored[type as KnownColumnType];
  return type === "text" && size !== undefined ? undefined : known;
}

const stored: { readonly [Type in KnownColumnType]?: string } = {
  smallint: "smallint",
  integer: "int",
  bigint: "bigint",
  float: "double",
  boolean: "tinyint",
  string: "varchar",
  text: "text",
  date: "date",
  naive_datetime: "datetime",
  utc_datetime: "datetime",
};

function isNullable({ null: nullable = true, primaryKey }: Column): boolean {
  return nullable && primaryKey !== true;
}
