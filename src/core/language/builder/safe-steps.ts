/** Recording safe forms of two steps: the first in one release, the second when no running code needs the old any more. */

import type { Named } from "../../model/named.ts";
import type { ColumnSpec } from "../column.ts";
import { columnFromSpec, givenName, withPrefix } from "../column.ts";
import type { WrittenType } from "../column-type.ts";
import { index } from "../index-definition.ts";
import { derivedName } from "../names.ts";
import type { Stage } from "../safe/safe-form.ts";
import type { Column, Index } from "../table-parts.ts";
import type { PrefixOption } from "./recorder.ts";
import { SafeOperations } from "./safe.ts";
import type { ChangeTypeOptions, FinishChangeTypeOptions } from "./safe-options.ts";

type RenameOptions = PrefixOption & { readonly to: string };
type DropOptions = PrefixOption & {
  /** The column as it was, which makes dropping it reversible. */
  readonly was?: WrittenType | ColumnSpec;
};

/** Expanding, and contracting a release later. */
export class SafeSteps extends SafeOperations {
  /**
   * `ALTER TABLE posts RENAME TO posts__table`, and a `CREATE VIEW posts` with both names of the column, which live until
   * `finishRenameColumn` (PostgreSQL).
   */
  renameColumnSafely(table: string, column: string, options: RenameOptions): void {
    this.#renameColumn("begin", table, column, options);
  }

  /** `DROP VIEW`, and `RENAME COLUMN` for good: takes the old name of a column away. No running code uses it any more. */
  finishRenameColumn(table: string, column: string, options: RenameOptions): void {
    this.#renameColumn("finish", table, column, options);
  }

  /**
   * `ALTER TABLE posts RENAME TO articles`, and a `CREATE VIEW posts` that keeps the old name alive until
   * `finishRenameTable` (PostgreSQL).
   */
  renameTableSafely(table: string, options: RenameOptions): void {
    this.#renameTable("begin", table, options);
  }

  /** `DROP VIEW posts`: takes the old name of a table away. No running code uses it any more. */
  finishRenameTable(table: string, options: RenameOptions): void {
    this.#renameTable("finish", table, options);
  }

  /**
   * `RENAME COLUMN` and `DROP NOT NULL`: takes a column out of sight without losing it. Code that still needs it fails at
   * once, and going down brings it back with its rows. `finishDropColumn` drops it for good.
   */
  dropColumnSafely(table: string, column: string, options: DropOptions = {}): void {
    this.#dropColumn("begin", table, column, options);
  }

  /** `DROP COLUMN` of the column that `dropColumnSafely` hid. Its rows are lost. */
  finishDropColumn(table: string, column: string, options: DropOptions = {}): void {
    this.#dropColumn("finish", table, column, options);
  }

  /**
   * `ADD COLUMN` of another type, kept alike by a trigger: it is filled batch by batch and put in its place. Until
   * `finishChangeType` the old one follows, so that going down loses nothing.
   */
  changeTypeSafely(
    table: string,
    name: string,
    type: WrittenType,
    options: ChangeTypeOptions,
  ): void {
    const { prefix, was, using, back, indexes, key, ...spec } = options;
    const owner = withPrefix(table, { prefix }, this.context);
    this.safely({
      form: "change_type",
      stage: "begin",
      table: owner,
      column: columnFromSpec(owner, name, { type, ...spec }, this.context),
      was: this.#was(owner, name, was),
      incoming: this.#derived(name, "_new"),
      outgoing: this.#derived(name, "_old"),
      indexes: this.#indexes(table, options),
      ...(using === undefined ? {} : { using: using.sql }),
      ...(back === undefined ? {} : { back: back.sql }),
      ...(key === undefined ? {} : { key }),
    });
  }

  /**
   * `DROP COLUMN` of the old type, with the trigger that filled it. With `was`, going down brings it back, filled batch by
   * batch from the new one.
   */
  finishChangeType(table: string, name: string, options: FinishChangeTypeOptions = {}): void {
    const { prefix, was, back, key } = options;
    const owner = withPrefix(table, { prefix }, this.context);
    this.safely({
      form: "finish_change_type",
      stage: "finish",
      table: owner,
      column: givenName(name, this.context),
      outgoing: this.#derived(name, "_old"),
      ...(was === undefined ? {} : { was: this.#was(owner, name, was) }),
      indexes: this.#indexes(table, options),
      ...(back === undefined ? {} : { back: back.sql }),
      ...(key === undefined ? {} : { key }),
    });
  }

  #was(owner: Named, name: string, was: WrittenType | ColumnSpec): Column {
    const spec = typeof was === "string" ? { type: was } : was;
    return columnFromSpec(owner, name, spec, this.context);
  }

  #indexes(
    table: string,
    { prefix, indexes = [] }: Pick<ChangeTypeOptions, "prefix" | "indexes">,
  ): readonly Index[] {
    return indexes.map(({ columns, ...rest }) =>
      index(table, columns, { ...rest, ...(prefix === undefined ? {} : { prefix }) }, this.context),
    );
  }

  #renameColumn(stage: Stage, table: string, column: string, options: RenameOptions): void {
    const owner = withPrefix(table, options, this.context);
    this.safely({
      form: "rename_column",
      stage,
      table: owner,
      column: givenName(column, this.context),
      to: givenName(options.to, this.context),
      base: this.#derived(owner.name, "_table"),
    });
  }

  #renameTable(stage: Stage, table: string, options: RenameOptions): void {
    const owner = withPrefix(table, options, this.context);
    const to = givenName(options.to, this.context);
    this.safely({ form: "rename_table", stage, table: owner, to });
  }

  #dropColumn(stage: Stage, table: string, column: string, options: DropOptions): void {
    const { prefix, was } = options;
    const owner = withPrefix(table, { prefix }, this.context);
    const spec = typeof was === "string" ? { type: was } : was;
    this.safely({
      form: "drop_column",
      stage,
      table: owner,
      column: givenName(column, this.context),
      hidden: this.#derived(column, "_dropped"),
      ...(spec === undefined ? {} : { was: columnFromSpec(owner, column, spec, this.context) }),
    });
  }

  #derived(name: string, suffix: string): string {
    return derivedName(name, suffix, this.context.identifierLimit);
  }
}
