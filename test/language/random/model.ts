/** What exists, as far as the next random operation needs to know. */

import type { ColumnOptions, ColumnSpec } from "../../../src/core/language/column.ts";
import type { WrittenType } from "../../../src/core/language/column-type.ts";
import type { ConstraintOptions } from "../../../src/core/language/constraint.ts";
import type {
  IndexColumnInput,
  IndexOptions,
} from "../../../src/core/language/index-definition.ts";
import type { TableBuilder } from "../../../src/core/language/table-builder.ts";

export type ModelColumn = {
  name: string;
  type: WrittenType;
  null: boolean;
  default: string | number | null;
  size?: number;
  comment: string;
  /** The table that it refers to, and the key's name. */
  refers?: { readonly table: ModelTable; readonly name: string };
};

export type ModelIndex = {
  name: string;
  readonly columns: readonly ModelColumn[];
  readonly order: "asc" | "desc";
  readonly unique: boolean;
  readonly partial: boolean;
};

export type ModelConstraint = {
  name: string;
  readonly kind: "check" | "unique";
  readonly column: ModelColumn;
};

export type ModelTable = {
  name: string;
  /** `counted` is the repo's own key, whose sequence keeps the name of the first day. */
  readonly key: "counted" | "named";
  readonly keyName: string;
  renamed: boolean;
  comment: string | null;
  columns: ModelColumn[];
  indexes: ModelIndex[];
  constraints: ModelConstraint[];
};

export type Model = {
  tables: ModelTable[];
  views: string[];
  sequences: string[];
  enums: { name: string; values: string[] }[];
};

/** What `t.modify` and `was` are told of a column. */
export function specOf(column: ModelColumn): ColumnSpec {
  const { refers } = column;
  return {
    type: column.type,
    ...optionsOf(column),
    ...(refers === undefined
      ? {}
      : { references: { table: refers.table.name, name: refers.name } }),
  };
}

/** Everything of a column but its type and its reference. A default of null is said only where it replaces another. */
export function optionsOf(column: ModelColumn): ColumnOptions {
  const { size, comment } = column;
  return {
    null: column.null,
    ...(column.default === null ? {} : { default: column.default }),
    ...(size === undefined ? {} : { size }),
    ...(comment === "" ? {} : { comment }),
  };
}

/** Describes a table as it is now. */
export function define(t: TableBuilder, table: ModelTable): void {
  if (table.key === "counted") t.id();
  else {
    t.column("id", "bigint", { null: false });
    t.primaryKey(["id"], { name: table.keyName });
  }
  for (const column of table.columns) {
    const { refers } = column;
    if (refers === undefined) t.column(column.name, column.type, optionsOf(column));
    else {
      t.references(column.name, refers.table.name, { null: column.null, name: refers.name });
    }
  }
  for (const { name, kind, column } of table.constraints) {
    if (kind === "check") t.check(name, checkOf(column));
    else t.unique(name, [column.name]);
  }
}

/** The columns and options of an index as it is now. */
export function indexOf(index: ModelIndex): readonly [readonly IndexColumnInput[], IndexOptions] {
  const { name, unique, order, partial } = index;
  const columns = index.columns.map(({ name: column }, i) => {
    return i === 0 && order === "desc" ? { column, order } : column;
  });
  const where = partial ? { where: `${index.columns[0]!.name} IS NOT NULL` } : {};
  return [columns, { name, ...(unique ? { unique } : {}), ...where }];
}

/** What a constraint is now. */
export function constraintOf({ kind, column }: ModelConstraint): ConstraintOptions {
  return kind === "check" ? { check: checkOf(column) } : { unique: [column.name] };
}

/** Whether something but the table itself needs the column. */
export function isFree(table: ModelTable, column: ModelColumn): boolean {
  const indexed = table.indexes.some(({ columns }) => columns.includes(column));
  return !indexed && !table.constraints.some((constraint) => constraint.column === column);
}

/** Whether another table refers to it. */
export function isReferred(model: Model, table: ModelTable): boolean {
  return model.tables.some(
    (other) => other !== table && other.columns.some(({ refers }) => refers?.table === table),
  );
}

function checkOf({ name }: ModelColumn): string {
  return `${name} IS NOT NULL`;
}
