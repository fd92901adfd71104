/** Recording tables and their columns. */
import { givenName, withPrefix } from "../column.ts";
import { InvalidOperation } from "../defaults.ts";
import { describeWith } from "../options/check.ts";
import { alterTableChecks, tableChecks } from "../options/table.ts";
import { AlterTableBuilder, TableBuilder } from "../table-builder.ts";
import { type PrefixOption, Recorder } from "./recorder.ts";

/** The options of a table, beside its columns and constraints. */
export type TableOptions = {
  /** `COMMENT ON TABLE`. Default: none. */
  readonly comment?: string;
  /** Appended to CREATE TABLE as it is. */
  readonly options?: string;
  /** Between CREATE and TABLE: `unlogged`, `temporary`. */
  readonly modifiers?: string;
  /** MySQL. Default there: INNODB. */
  readonly engine?: string;
};

/** The options of a new table. */
export type CreateTableOptions = PrefixOption &
  TableOptions & {
    /** `CREATE TABLE IF NOT EXISTS`. Default: `false`, which fails when it is there. */
    readonly ifNotExists?: boolean;
  };

/** The options of dropping a table. */
export type DropTableOptions = PrefixOption & {
  /** `DROP TABLE IF EXISTS`. Default: `false`, which fails when it is not there. */
  readonly ifExists?: boolean;
  /** Also drops everything that depends on the table, which makes the drop irreversible. */
  readonly cascade?: boolean;
  /**
   * The table as it was, which makes the drop reversible. It leaves out the indexes: drop them
   * before.
   */
  readonly was?: (t: TableBuilder) => void;
  /** The options that it had, beside columns and constraints. */
  readonly wasOptions?: TableOptions;
};

/** Tables and columns. */
export class TableOperations extends Recorder {
  /** `CREATE TABLE posts (…)`, with the columns and constraints of `t`. Going down it is dropped. */
  createTable(
    name: string,
    define: (t: TableBuilder) => void,
    options: CreateTableOptions = {},
  ): void {
    const { prefix, ifNotExists, ...rest } = options;
    const table = withPrefix(name, { prefix }, this.context);
    if (rest.options !== undefined && typeof rest.options !== "string") {
      throw new InvalidOperation(
        `the options of table ${name} must be a string: no database here takes a list`,
        {
          hint: 'For example options: "WITH (fillfactor = 70)".',
        },
      );
    }
    refuseNoFunction("createTable", name, define);
    const t = new TableBuilder(table, this.context);
    this.nested(() => describeWith(t, tableChecks, define));
    this.record({
      kind: "create_table",
      table,
      definition: { ...t.build(), ...rest },
      ...(ifNotExists ? { ifNotExists } : {}),
    });
  }

  /** `DROP TABLE posts`. `was` describes the table, which makes the drop reversible. */
  dropTable(name: string, options: DropTableOptions = {}): void {
    const { prefix, was, wasOptions, ...rest } = options;
    const table = withPrefix(name, { prefix }, this.context);
    this.record({
      kind: "drop_table",
      table,
      ...rest,
      ...(was === undefined ? {} : { was: { ...this.define(table, was), ...wasOptions } }),
    });
  }

  /** `ALTER TABLE posts ADD COLUMN …, ALTER COLUMN …`: all changes of `t`, in their order. */
  alterTable(
    name: string,
    change: (t: AlterTableBuilder) => void,
    options: PrefixOption = {},
  ): void {
    const table = withPrefix(name, options, this.context);
    refuseNoFunction("alterTable", name, change);
    const t = new AlterTableBuilder(table, this.context);
    this.nested(() => describeWith(t, alterTableChecks, change));
    this.record({ kind: "alter_table", table, changes: t.build() });
  }

  /** `ALTER TABLE posts RENAME TO articles`. Code that runs meanwhile fails: `renameTableSafely` keeps both names. */
  renameTable(
    name: string,
    options: PrefixOption & {
      /** The new name. */
      readonly to: string;
    },
  ): void {
    this.record({
      kind: "rename_table",
      table: withPrefix(name, options, this.context),
      to: givenName(options.to, this.context),
    });
  }

  /**
   * `ALTER TABLE posts RENAME COLUMN title TO heading`. Code that runs meanwhile fails: `renameColumnSafely` keeps both
   * names.
   */
  renameColumn(
    table: string,
    column: string,
    options: PrefixOption & {
      /** The new name. */
      readonly to: string;
    },
  ): void {
    const to = givenName(options.to, this.context);
    this.record({
      kind: "rename_column",
      table: withPrefix(table, options, this.context),
      column: givenName(column, this.context),
      to,
    });
  }
}

/** In JavaScript, and as older tools have it, the options may stand in its place, or nothing. */
function refuseNoFunction(operation: string, table: string, given: unknown): void {
  if (typeof given === "function") return;
  throw new InvalidOperation(`${operation} of table ${table} needs a function as second argument`, {
    hint: `For example m.${operation}("${table}", (t) => { … }). Options come third.`,
  });
}
