/** Recording safe forms: each is one operation here, and as many statements as the database takes. */

import type { Named } from "../../model/named.ts";
import { column, givenName, withPrefix } from "../column.ts";
import type { WrittenType } from "../column-type.ts";
import { type ConstraintOptions, constraint } from "../constraint.ts";
import { InvalidOperation } from "../defaults.ts";
import {
  type IndexColumnInput,
  type IndexOptions,
  index,
  indexByName,
} from "../index-definition.ts";
import { derivedName, foreignKeyName, notNullProof, uniqueName } from "../names.ts";
import type { SafeForm } from "../safe/safe-form.ts";
import type { Index } from "../table-parts.ts";
import { CodeOperations } from "./code.ts";
import type { PrefixOption } from "./recorder.ts";
import type {
  AddColumnOptions,
  CheckOptions,
  ForeignKeyOptions,
  ReplaceIndexOptions,
  UniqueOptions,
} from "./safe-options.ts";

/** Changes that take several statements, so that nobody has to stop meanwhile. */
export class SafeOperations extends CodeOperations {
  /** `CREATE INDEX CONCURRENTLY name ON posts (columns)`: beside readers and writers. */
  createIndexConcurrently(
    table: string,
    columns: readonly IndexColumnInput[],
    options: Omit<IndexOptions, "concurrently"> & {
      /** `IF NOT EXISTS`. Default: `false`, which fails when it is there. */
      readonly ifNotExists?: boolean;
    } = {},
  ): void {
    const { ifNotExists, ...rest } = options;
    const definition = index(table, columns, rest, this.context);
    this.safely({
      form: "create_index",
      index: definition,
      ...(ifNotExists ? { ifNotExists } : {}),
    });
  }

  /**
   * `DROP INDEX CONCURRENTLY name`: beside readers and writers; by `{ name }` it is reversible only when the columns
   * are given too.
   */
  dropIndexConcurrently(
    table: string,
    columns:
      | readonly IndexColumnInput[]
      | {
          /** The name of the index. */
          readonly name: string;
        },
    options: Omit<IndexOptions, "concurrently"> & {
      /** `IF EXISTS`. Default: `false`, which fails when it is not there. */
      readonly ifExists?: boolean;
    } = {},
  ): void {
    const { ifExists, ...rest } = options;
    const definition = this.#indexOf(table, columns, rest);
    this.safely({ form: "drop_index", index: definition, ...(ifExists ? { ifExists } : {}) });
  }

  /**
   * `CREATE INDEX CONCURRENTLY`, then `DROP INDEX CONCURRENTLY` of the one that it replaces, so that queries are never
   * without.
   */
  replaceIndex(
    table: string,
    columns: readonly IndexColumnInput[],
    options: ReplaceIndexOptions,
  ): void {
    const { replaces, was, keepName = false, ...rest } = options;
    const shared = { ...(rest.prefix === undefined ? {} : { prefix: rest.prefix }) };
    const { columns: wasColumns, ...wasOptions } = was ?? {};
    const old =
      wasColumns === undefined
        ? indexByName(table, replaces, shared, this.context)
        : index(table, wasColumns, { ...wasOptions, ...shared, name: replaces }, this.context);
    const given = index(
      table,
      columns,
      keepName ? { ...rest, name: replaces } : rest,
      this.context,
    );
    const limit = this.context.identifierLimit;
    this.safely({
      form: "replace_index",
      old,
      new: given,
      ...(given.name === old.name ? { meanwhile: derivedName(old.name, "_new", limit) } : {}),
    });
  }

  /**
   * `ADD CONSTRAINT … FOREIGN KEY … NOT VALID` for new rows, then `VALIDATE CONSTRAINT` for the old ones, beside
   * readers and writers.
   */
  addForeignKey(table: string, options: ForeignKeyOptions): void {
    const { name, prefix, comment, deferrable, references: target, ...key } = options;
    const owner = withPrefix(table, { prefix }, this.context);
    const limit = this.context.identifierLimit;
    const foreignKey = {
      ...key,
      ...(target === undefined ? {} : { references: target }),
    };
    this.#addConstraint(owner, name ?? foreignKeyName(owner.name, key.columns, limit), {
      foreignKey,
      ...(comment === undefined ? {} : { comment }),
      ...(deferrable === undefined ? {} : { deferrable }),
    });
  }

  /**
   * `ADD CONSTRAINT … CHECK … NOT VALID` for new rows, then `VALIDATE CONSTRAINT` for the old ones, beside readers and
   * writers.
   */
  addCheck(table: string, name: string, expression: string, options: CheckOptions = {}): void {
    const { prefix, ...rest } = options;
    const owner = withPrefix(table, { prefix }, this.context);
    this.#addConstraint(owner, name, { check: expression, ...rest });
  }

  /** `CREATE UNIQUE INDEX CONCURRENTLY` beside readers and writers, then `ADD CONSTRAINT … UNIQUE USING INDEX`. */
  addUniqueConstraint(
    table: string,
    columns: readonly string[],
    options: UniqueOptions = {},
  ): void {
    const { prefix, name, ...rest } = options;
    const owner = withPrefix(table, { prefix }, this.context);
    const limit = this.context.identifierLimit;
    this.#addConstraint(owner, name ?? uniqueName(owner.name, columns, limit), {
      unique: columns,
      ...rest,
    });
  }

  /** `SET NOT NULL` without a scan that stops others: a check that proves it is validated beside them first. */
  setNotNullSafely(table: string, name: string, options: PrefixOption = {}): void {
    const owner = withPrefix(table, options, this.context);
    const given = givenName(name, this.context);
    this.safely({
      form: "set_not_null",
      table: owner,
      column: given,
      proof: this.#proof(owner, given),
    });
  }

  /**
   * Adds a column, fills the rows that are there batch by batch, and sets NOT NULL at the end when asked to.
   * `fill` is SQL over the columns of a row; by default old rows get the column's default.
   */
  addColumnWithBackfill(
    table: string,
    name: string,
    type: WrittenType,
    options: AddColumnOptions,
  ): void {
    const { prefix, fill, key, ...rest } = options;
    const owner = withPrefix(table, { prefix }, this.context);
    const added = column(name, type, rest, this.context);
    if (fill === undefined && (added.default === undefined || added.default === null)) {
      throw new InvalidOperation(`the rows of ${table} get nothing for column ${name}`, {
        hint: `Give it a default, or fill: sql\`…\` for the rows that are there. Without them, m.alterTable("${table}", (t) => t.add("${name}", "${type}")) is all it takes.`,
      });
    }
    this.safely({
      form: "add_column",
      table: owner,
      column: added,
      proof: this.#proof(owner, name),
      ...(fill === undefined ? {} : { fill: fill.sql }),
      ...(key === undefined ? {} : { key }),
    });
  }

  protected safely(form: SafeForm): void {
    this.record({ kind: "safely", form });
  }

  #addConstraint(table: Named, name: string, options: ConstraintOptions): void {
    const added = constraint(table, name, options, this.context);
    this.safely({ form: "add_constraint", table, constraint: added });
  }

  #proof(table: Named, name: string): string {
    return notNullProof(table.name, name, this.context.identifierLimit);
  }

  #indexOf(
    table: string,
    columns: readonly IndexColumnInput[] | { readonly name: string },
    options: IndexOptions,
  ): Index {
    return "name" in columns
      ? indexByName(table, columns.name, options, this.context)
      : index(table, columns, options, this.context);
  }
}
