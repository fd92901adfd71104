/**
 * The `m` of a migration: every method records one operation.
 * Recording is synchronous and never touches a database, which is what makes reversal, dry runs and checks possible.
 */
import { givenName, withinLimit, withPrefix } from "./column.ts";
import { type ConstraintOptions, constraint } from "./constraint.ts";
import { InvalidOperation, type RecordContext } from "./defaults.ts";
import {
  type IndexColumnInput,
  type IndexOptions,
  index,
  indexByName,
} from "./index-definition.ts";
import { indexName } from "./names.ts";
import type {
  DefaultValue,
  ExtensionOptions,
  Operation,
  RunFunction,
  SequenceOptions,
  TableDefinition,
  ViewDefinition,
} from "./operation.ts";
import { AlterTableBuilder, TableBuilder } from "./table-builder.ts";

export type PrefixOption = { readonly prefix?: string };

/** What a table has beside its columns and constraints. */
export type TableOptions = {
  readonly comment?: string;
  /** Appended to CREATE TABLE as it is. */
  readonly options?: string;
  /** Between CREATE and TABLE: `unlogged`, `temporary`. */
  readonly modifiers?: string;
  /** MySQL. Default there: INNODB. */
  readonly engine?: string;
};

export type CreateTableOptions = PrefixOption & TableOptions & { readonly ifNotExists?: boolean };

export type DropTableOptions = PrefixOption & {
  readonly ifExists?: boolean;
  /** Takes along what depends on the table, which makes the drop irreversible. */
  readonly cascade?: boolean;
  /** What the table was, which makes the drop reversible. Its indexes are not in it: drop them before. */
  readonly was?: (t: TableBuilder) => void;
  /** What it had beside columns and constraints. */
  readonly wasOptions?: TableOptions;
};

/** Anything that compiles to SQL, for example a Kysely query. */
export type CompilableQuery = {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] };
};

export type ExecuteOptions = {
  /** The SQL that undoes it; the empty string says that nothing needs to be undone. */
  readonly down?: string;
  /** Values of `$1`, `?` and so on; the statement must then be a single one. */
  readonly parameters?: readonly unknown[];
  /** The file that the SQL was read from, for people. SQL migrations set it. */
  readonly from?: string;
};

export class MigrationBuilder {
  /** Which way the migration goes. `change` is recorded going up and then reversed. */
  readonly direction: "up" | "down";
  /** The prefix of this run, if one was given. */
  readonly prefix: string | undefined;
  readonly #context: RecordContext;
  readonly #operations: Operation[] = [];
  readonly #onRecord: () => void;
  #inTable = false;

  /** `onRecord` is called for each operation, from below the call that records it. */
  constructor(context: RecordContext, onRecord: () => void = () => undefined) {
    this.direction = context.direction;
    this.prefix = context.prefix;
    this.#context = context;
    this.#onRecord = onRecord;
  }

  createTable(
    name: string,
    define: (t: TableBuilder) => void,
    options: CreateTableOptions = {},
  ): void {
    const { prefix, ifNotExists, ...rest } = options;
    const table = withPrefix(name, { prefix }, this.#context);
    if (rest.options !== undefined && typeof rest.options !== "string") {
      throw new InvalidOperation(
        `the options of table ${name} must be a string: no database here takes a list`,
        {
          hint: 'For example options: "WITH (fillfactor = 70)".',
        },
      );
    }
    const t = new TableBuilder(table, this.#context);
    this.#nested(() => define(t));
    this.#record({
      kind: "create_table",
      table,
      definition: { ...t.build(), ...rest },
      ...(ifNotExists ? { ifNotExists } : {}),
    });
  }

  dropTable(name: string, options: DropTableOptions = {}): void {
    const { prefix, was, wasOptions, ...rest } = options;
    const table = withPrefix(name, { prefix }, this.#context);
    this.#record({
      kind: "drop_table",
      table,
      ...rest,
      ...(was === undefined ? {} : { was: { ...this.#define(table, was), ...wasOptions } }),
    });
  }

  alterTable(
    name: string,
    change: (t: AlterTableBuilder) => void,
    options: PrefixOption = {},
  ): void {
    const table = withPrefix(name, options, this.#context);
    const t = new AlterTableBuilder(table, this.#context);
    this.#nested(() => change(t));
    this.#record({ kind: "alter_table", table, changes: t.build() });
  }

  renameTable(name: string, options: PrefixOption & { readonly to: string }): void {
    this.#record({
      kind: "rename_table",
      table: withPrefix(name, options, this.#context),
      to: givenName(options.to, this.#context),
    });
  }

  renameColumn(
    table: string,
    column: string,
    options: PrefixOption & { readonly to: string },
  ): void {
    const to = givenName(options.to, this.#context);
    this.#record({
      kind: "rename_column",
      table: withPrefix(table, options, this.#context),
      column: givenName(column, this.#context),
      to,
    });
  }

  /** A column is a name, `` sql`lower(title)` ``, or an object with its order, nulls and operator class. */
  createIndex(
    table: string,
    columns: readonly IndexColumnInput[],
    options: IndexOptions & { readonly ifNotExists?: boolean } = {},
  ): void {
    const { ifNotExists, ...rest } = options;
    const definition = index(table, columns, rest, this.#context);
    this.#record({
      kind: "create_index",
      index: definition,
      ...(ifNotExists ? { ifNotExists } : {}),
    });
  }

  /** Drops the index of these columns, or by `{ name }`, which is reversible only when the columns are given too. */
  dropIndex(
    table: string,
    columns: readonly IndexColumnInput[] | { readonly name: string },
    options: IndexOptions & { readonly ifExists?: boolean; readonly cascade?: boolean } = {},
  ): void {
    const { ifExists, cascade, ...rest } = options;
    const definition =
      "name" in columns
        ? indexByName(table, columns.name, rest, this.#context)
        : index(table, columns, rest, this.#context);
    this.#record({
      kind: "drop_index",
      index: definition,
      ...(ifExists ? { ifExists } : {}),
      ...(cascade ? { cascade } : {}),
    });
  }

  /** Renames the index of these columns, or the one of this name. */
  renameIndex(
    table: string,
    from: string | readonly string[],
    options: PrefixOption & { readonly to: string },
  ): void {
    const name =
      typeof from === "string"
        ? givenName(from, this.#context)
        : indexName(table, from, this.#context.identifierLimit);
    this.#record({
      kind: "rename_index",
      table: withPrefix(table, options, this.#context),
      index: name,
      to: givenName(options.to, this.#context),
    });
  }

  createConstraint(table: string, name: string, options: ConstraintOptions & PrefixOption): void {
    const { prefix, ...rest } = options;
    const owner = withPrefix(table, { prefix }, this.#context);
    this.#record({
      kind: "create_constraint",
      table: owner,
      constraint: constraint(owner, name, rest as ConstraintOptions, this.#context),
    });
  }

  dropConstraint(
    table: string,
    name: string,
    options: PrefixOption & {
      readonly ifExists?: boolean;
      readonly cascade?: boolean;
      readonly was?: ConstraintOptions;
    } = {},
  ): void {
    const { prefix, was, ...rest } = options;
    const owner = withPrefix(table, { prefix }, this.#context);
    const before = was === undefined ? {} : { was: constraint(owner, name, was, this.#context) };
    this.#record({
      kind: "drop_constraint",
      table: owner,
      name: givenName(name, this.#context),
      ...rest,
      ...before,
    });
  }

  renameConstraint(
    table: string,
    name: string,
    options: PrefixOption & { readonly to: string },
  ): void {
    const to = givenName(options.to, this.#context);
    this.#record({
      kind: "rename_constraint",
      table: withPrefix(table, options, this.#context),
      constraint: givenName(name, this.#context),
      to,
    });
  }

  /** Checks the rows that were there before a constraint was added with `validate: false`. */
  validateConstraint(table: string, name: string, options: PrefixOption = {}): void {
    this.#record({
      kind: "validate_constraint",
      table: withPrefix(table, options, this.#context),
      name: givenName(name, this.#context),
    });
  }

  createSchema(name: string, options: { readonly ifNotExists?: boolean } = {}): void {
    this.#record({ kind: "create_schema", name: givenName(name, this.#context), ...options });
  }

  dropSchema(
    name: string,
    options: { readonly ifExists?: boolean; readonly cascade?: boolean } = {},
  ): void {
    this.#record({ kind: "drop_schema", name: givenName(name, this.#context), ...options });
  }

  createExtension(
    name: string,
    options: ExtensionOptions & { readonly ifNotExists?: boolean } = {},
  ): void {
    this.#record({ kind: "create_extension", name: givenName(name, this.#context), ...options });
  }

  dropExtension(
    name: string,
    options: {
      readonly ifExists?: boolean;
      readonly cascade?: boolean;
      readonly was?: ExtensionOptions;
    } = {},
  ): void {
    this.#record({ kind: "drop_extension", name: givenName(name, this.#context), ...options });
  }

  createEnum(name: string, values: readonly string[], options: PrefixOption = {}): void {
    this.#record({
      kind: "create_enum",
      enum: withPrefix(name, options, this.#context),
      values: values.map((value) => withinLimit(value, this.#context)),
    });
  }

  dropEnum(
    name: string,
    options: PrefixOption & { readonly ifExists?: boolean; readonly was?: readonly string[] } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.#record({ kind: "drop_enum", enum: withPrefix(name, { prefix }, this.#context), ...rest });
  }

  /** Adds a value to an enum. PostgreSQL cannot take one away again, so this is irreversible. */
  addEnumValue(
    name: string,
    value: string,
    options: PrefixOption & {
      readonly before?: string;
      readonly after?: string;
      readonly ifNotExists?: boolean;
    } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.#record({
      kind: "add_enum_value",
      enum: withPrefix(name, { prefix }, this.#context),
      value: withinLimit(value, this.#context),
      ...rest,
    });
  }

  renameEnumValue(
    name: string,
    value: string,
    options: PrefixOption & { readonly to: string },
  ): void {
    this.#record({
      kind: "rename_enum_value",
      enum: withPrefix(name, options, this.#context),
      value,
      to: withinLimit(options.to, this.#context),
    });
  }

  createSequence(
    name: string,
    options: PrefixOption & SequenceOptions & { readonly ifNotExists?: boolean } = {},
  ): void {
    const { prefix, ifNotExists, ...rest } = options;
    const sequence = withPrefix(name, { prefix }, this.#context);
    this.#record({
      kind: "create_sequence",
      sequence,
      options: rest,
      ...(ifNotExists ? { ifNotExists } : {}),
    });
  }

  dropSequence(
    name: string,
    options: PrefixOption & { readonly ifExists?: boolean; readonly was?: SequenceOptions } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.#record({
      kind: "drop_sequence",
      sequence: withPrefix(name, { prefix }, this.#context),
      ...rest,
    });
  }

  createView(
    name: string,
    definition: ViewDefinition,
    options: PrefixOption & {
      readonly materialized?: boolean;
      readonly orReplace?: boolean;
      readonly was?: ViewDefinition;
    } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.#record({
      kind: "create_view",
      view: withPrefix(name, { prefix }, this.#context),
      definition,
      ...rest,
    });
  }

  dropView(
    name: string,
    options: PrefixOption & {
      readonly materialized?: boolean;
      readonly ifExists?: boolean;
      readonly cascade?: boolean;
      readonly was?: ViewDefinition;
    } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.#record({ kind: "drop_view", view: withPrefix(name, { prefix }, this.#context), ...rest });
  }

  /** Sets or, with `null`, removes the comment of a table. */
  commentOnTable(
    table: string,
    comment: string | null,
    options: PrefixOption & { readonly was?: string | null } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.#record({
      kind: "comment",
      on: "table",
      table: withPrefix(table, { prefix }, this.#context),
      comment,
      ...rest,
    });
  }

  /** Sets or, with `null`, removes the comment of a column. */
  commentOnColumn(
    table: string,
    column: string,
    options: PrefixOption & { readonly comment: string | null; readonly was?: string | null },
  ): void {
    const { prefix, ...rest } = options;
    this.#record({
      kind: "comment",
      on: "column",
      table: withPrefix(table, { prefix }, this.#context),
      column: givenName(column, this.#context),
      ...rest,
    });
  }

  /** Runs SQL, or anything that has `compile()`. Without `down` it is irreversible. */
  execute(statement: string | CompilableQuery, options: ExecuteOptions = {}): void {
    if (typeof statement === "string") {
      this.#record({ kind: "execute", sql: statement, ...options });
      return;
    }
    if (typeof statement?.compile !== "function") {
      throw new InvalidOperation("execute takes SQL as text, or a query that has compile()", {
        hint: 'For example m.execute("create extension citext", { down: "drop extension citext" }).',
      });
    }
    const { sql, parameters } = statement.compile();
    this.#record({ kind: "execute", sql, parameters, ...options });
  }

  /** Runs the SQL of a file; paths are relative to the migration's own file. */
  executeFile(path: string, options: { readonly down?: string } = {}): void {
    this.#record({ kind: "execute_file", path, ...options });
  }

  /** Runs code, on the connection and in the transaction of the migration. Without `down` it is irreversible. */
  run(
    run: RunFunction,
    options: { readonly down?: RunFunction; readonly label?: string } = {},
  ): void {
    if (typeof run !== "function")
      throw new InvalidOperation("run takes a function", { hint: "m.run(async (db) => { … })" });
    this.#record({ kind: "run", run, ...options });
  }

  /** What was recorded, in order. */
  build(): readonly Operation[] {
    return this.#operations;
  }

  #define(table: { readonly name: string }, define: (t: TableBuilder) => void): TableDefinition {
    const t = new TableBuilder(table, this.#context);
    this.#nested(() => define(t));
    return t.build();
  }

  #nested(record: () => unknown): void {
    this.#inTable = true;
    const result = record();
    this.#inTable = false;
    if (result instanceof Promise) throw notSynchronous("the function that describes the table");
  }

  #record(operation: Operation): void {
    if (this.#inTable) {
      throw new InvalidOperation(
        "cannot execute nested commands: an operation was recorded inside a table",
        {
          hint: "Move it behind the table.",
        },
      );
    }
    this.#operations.push(operation);
    this.#onRecord();
  }
}

/** Says that a recording function returned a promise. */
export function notSynchronous(what: string): InvalidOperation {
  return new InvalidOperation(`${what} must not be async: a migration is recorded, not run`, {
    hint: "Put what needs the database into m.run(async (db) => { … }).",
  });
}

export type { DefaultValue };
