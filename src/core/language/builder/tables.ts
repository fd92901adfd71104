/** Recording tables and their columns. */
import { givenName, withPrefix } from "../column.ts";
import { InvalidOperation } from "../defaults.ts";
import { withCheckedOptions } from "../options/check.ts";
import { alterTableChecks, tableChecks } from "../options/table.ts";
import { AlterTableBuilder, TableBuilder } from "../table-builder.ts";
import { type PrefixOption, Recorder } from "./recorder.ts";

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

/** Tables and columns. */
export class TableOperations extends Recorder {
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
    const t = new TableBuilder(table, this.context);
    this.nested(() => define(withCheckedOptions(t, tableChecks)));
    this.record({
      kind: "create_table",
      table,
      definition: { ...t.build(), ...rest },
      ...(ifNotExists ? { ifNotExists } : {}),
    });
  }

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

  alterTable(
    name: string,
    change: (t: AlterTableBuilder) => void,
    options: PrefixOption = {},
  ): void {
    const table = withPrefix(name, options, this.context);
    const t = new AlterTableBuilder(table, this.context);
    this.nested(() => change(withCheckedOptions(t, alterTableChecks)));
    this.record({ kind: "alter_table", table, changes: t.build() });
  }

  renameTable(name: string, options: PrefixOption & { readonly to: string }): void {
    this.record({
      kind: "rename_table",
      table: withPrefix(name, options, this.context),
      to: givenName(options.to, this.context),
    });
  }

  renameColumn(
    table: string,
    column: string,
    options: PrefixOption & { readonly to: string },
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
