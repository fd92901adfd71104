/** The `t` of `m.createTable` and `m.alterTable`: it records columns, constraints and changes. */

import type { Named } from "../model/named.ts";
import {
  type ColumnOptions,
  type ColumnSpec,
  column,
  columnFromSpec,
  givenName,
  meantType,
  type ReferenceColumnOptions,
  referenceColumn,
} from "./column.ts";
import type { ColumnType, WrittenType } from "./column-type.ts";
import { constraint, type ForeignKeyConstraintOptions } from "./constraint.ts";
import {
  InvalidOperation,
  type PrimaryKeyDefaults,
  type RecordContext,
  type TimestampsDefaults,
} from "./defaults.ts";
import { primaryKeyName } from "./names.ts";
import type { Column, ColumnChange, Constraint, DefaultValue } from "./table-parts.ts";
import { timestampColumns } from "./timestamps.ts";

/** Records the columns and constraints of a new table. */
export class TableBuilder {
  readonly #columns: Column[] = [];
  readonly #constraints: Constraint[] = [];
  readonly #table: Named;
  readonly #context: RecordContext;

  constructor(table: Named, context: RecordContext) {
    this.#table = table;
    this.#context = context;
  }

  /** The repo's primary key. Default: `id bigserial PRIMARY KEY`. */
  id(options: PrimaryKeyDefaults = {}): void {
    const {
      name = "id",
      type = "bigserial",
      ...rest
    } = { ...this.#context.defaults.primaryKey, ...options };
    this.#add(column(name, type, { ...rest, primaryKey: true }, this.#context));
  }

  /** `name type`, as in CREATE TABLE. May be null unless `null: false`. */
  column(name: string, type: WrittenType, options: ColumnOptions = {}): void {
    this.#add(column(name, type, options, this.#context));
  }

  /** `name bigint CONSTRAINT … REFERENCES table (id)`: a column with its foreign key; no index. */
  references(name: string, table: string, options: ReferenceColumnOptions = {}): void {
    this.#add(referenceColumn(this.#table, name, table, options, this.#context));
  }

  /** `inserted_at timestamp(0) NOT NULL, updated_at timestamp(0) NOT NULL`, unless the repo says otherwise. */
  timestamps(options: TimestampsDefaults = {}): void {
    for (const added of timestampColumns(options, this.#context)) this.#add(added);
  }

  /** `CONSTRAINT name PRIMARY KEY (columns)`: the key over several columns. */
  primaryKey(
    columns: readonly string[],
    options: {
      /** Default: `posts_pkey`. */
      readonly name?: string;
    } = {},
  ): void {
    this.#constraints.push(
      constraint(
        this.#table,
        options.name ?? primaryKeyName(this.#table.name, this.#context.identifierLimit),
        { primaryKey: columns },
        this.#context,
      ),
    );
  }

  /** `CONSTRAINT name CHECK (expression)`. */
  check(name: string, expression: string): void {
    this.#constraints.push(constraint(this.#table, name, { check: expression }, this.#context));
  }

  /** `CONSTRAINT name UNIQUE (columns)`. */
  unique(name: string, columns: readonly string[]): void {
    this.#constraints.push(constraint(this.#table, name, { unique: columns }, this.#context));
  }

  /** `CONSTRAINT name FOREIGN KEY (columns) REFERENCES table (…)`, also over several columns. */
  foreignKey(name: string, foreignKey: ForeignKeyConstraintOptions): void {
    this.#constraints.push(constraint(this.#table, name, { foreignKey }, this.#context));
  }

  /** Gives the columns and constraints that the calls recorded. */
  build(): { readonly columns: readonly Column[]; readonly constraints: readonly Constraint[] } {
    return { columns: this.#columns, constraints: this.#constraints };
  }

  #add(added: Column): void {
    if (this.#columns.some((known) => known.name === added.name)) {
      throw new InvalidOperation(`table ${this.#table.name} has two columns ${added.name}`, {
        hint: "Leave one out.",
      });
    }
    this.#columns.push(added);
  }
}

/** Records the changes of an existing table. */
export class AlterTableBuilder {
  readonly #changes: ColumnChange[] = [];
  readonly #table: Named;
  readonly #context: RecordContext;

  constructor(table: Named, context: RecordContext) {
    this.#table = table;
    this.#context = context;
  }

  /** `ADD COLUMN name type`. On a large table in use, `m.addColumnWithBackfill` fills and checks it beside writers. */
  add(
    name: string,
    type: WrittenType,
    options: ColumnOptions & {
      /** `IF NOT EXISTS`. Default: `false`, which fails when it is there. */
      readonly ifNotExists?: boolean;
    } = {},
  ): void {
    const { ifNotExists, ...rest } = options;
    this.#changes.push({
      kind: "add_column",
      column: column(name, type, rest, this.#context),
      ...(ifNotExists ? { ifNotExists } : {}),
    });
  }

  /** `ADD COLUMN name bigint CONSTRAINT … REFERENCES table (id)`: a column with its foreign key; no index. */
  references(
    name: string,
    table: string,
    options: ReferenceColumnOptions & {
      /** `IF NOT EXISTS`. Default: `false`, which fails when it is there. */
      readonly ifNotExists?: boolean;
    } = {},
  ): void {
    const { ifNotExists, ...rest } = options;
    const added = referenceColumn(this.#table, name, table, rest, this.#context);
    this.#changes.push({
      kind: "add_column",
      column: added,
      ...(ifNotExists ? { ifNotExists } : {}),
    });
  }

  /** `ADD COLUMN inserted_at timestamp(0) NOT NULL`, and `updated_at`, unless the repo says otherwise. */
  timestamps(options: TimestampsDefaults = {}): void {
    for (const added of timestampColumns(options, this.#context))
      this.#changes.push({ kind: "add_column", column: added });
  }

  /**
   * `ALTER COLUMN name TYPE …`: restates a column: its type, and null and default if you give them.
   * `was` makes it reversible.
   */
  modify(
    name: string,
    type: WrittenType,
    options: ColumnOptions & {
      /** The foreign key that it gets. Default: none. */
      readonly references?: ColumnSpec["references"];
      /** The column before the change, which makes it reversible. */
      readonly was?: WrittenType | ColumnSpec;
    } = {},
  ): void {
    const { was, references, ...rest } = options;
    const spec: ColumnSpec =
      references === undefined ? { type, ...rest } : { type, ...rest, references };
    const modified = columnFromSpec(this.#table, name, spec, this.#context);
    this.#changes.push({ kind: "modify_column", column: modified, ...this.#was(name, was) });
  }

  /** `DROP COLUMN name`. `was` describes the column, which makes the removal reversible. */
  remove(
    name: string,
    options: {
      /** The column as it was, which makes the removal reversible. */
      readonly was?: WrittenType | ColumnSpec;
      /** `IF EXISTS`. Default: `false`, which fails when it is not there. */
      readonly ifExists?: boolean;
      /** `CASCADE`: also drops everything that depends on it, which makes it irreversible. Default: `false`, which fails then. */
      readonly cascade?: boolean;
    } = {},
  ): void {
    const { was, ...rest } = options;
    this.#changes.push({
      kind: "remove_column",
      name: givenName(name, this.#context),
      ...rest,
      ...this.#was(name, was),
    });
  }

  /**
   * `ALTER COLUMN name SET DEFAULT …`. `was`, the one before, makes it reversible; `was: null` says that there was
   * none.
   */
  setDefault(name: string, value: DefaultValue, options: DefaultOptions = {}): void {
    this.#changes.push({
      kind: "set_default",
      name: givenName(name, this.#context),
      default: value,
      ...options,
    });
  }

  /** `ALTER COLUMN name DROP DEFAULT`. `was` makes it reversible. */
  dropDefault(name: string, options: DefaultOptions = {}): void {
    this.#changes.push({ kind: "drop_default", name: givenName(name, this.#context), ...options });
  }

  /** `ALTER COLUMN name SET NOT NULL`, which reads the whole table: `m.setNotNullSafely` does so beside writers. */
  setNotNull(name: string): void {
    this.#changes.push({ kind: "set_not_null", name: givenName(name, this.#context) });
  }

  /** `ALTER COLUMN name DROP NOT NULL`. Going down it is set again. */
  dropNotNull(name: string): void {
    this.#changes.push({ kind: "drop_not_null", name: givenName(name, this.#context) });
  }

  /** `ALTER COLUMN name TYPE …` and nothing else. `using` converts old values (PostgreSQL). */
  setType(
    name: string,
    type: WrittenType,
    options: TypeOptions & {
      /** The type that it had, which makes it reversible. */
      readonly was?:
        | WrittenType
        | ({
            /** As in `t.column`. */
            readonly type: WrittenType;
          } & TypeOptions);
    } = {},
  ): void {
    const { was, ...rest } = options;
    const meant = <Typed extends TypeOptions & { readonly type: ColumnType }>(typed: Typed) => ({
      ...typed,
      type: meantType(typed.type, typed, this.#context),
    });
    const before = typeof was === "string" ? { type: was } : was;
    this.#changes.push({
      kind: "set_type",
      to: { name: givenName(name, this.#context), ...meant({ type, ...rest }) },
      ...(before === undefined ? {} : { was: { name, ...meant(before) } }),
    });
  }

  /** Gives the changes that the calls recorded. */
  build(): readonly ColumnChange[] {
    return this.#changes;
  }

  #was(name: string, was: WrittenType | ColumnSpec | undefined): { readonly was?: Column } {
    if (was === undefined) return {};
    return {
      was: columnFromSpec(
        this.#table,
        name,
        typeof was === "string" ? { type: was } : was,
        this.#context,
      ),
    };
  }
}

type DefaultOptions = {
  /** The column's type. PostgreSQL needs it when a default is a list: an array or JSON. */
  readonly type?: WrittenType;
  readonly was?: DefaultValue;
};

type TypeOptions = {
  readonly size?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly collation?: string;
  readonly using?: string;
};
