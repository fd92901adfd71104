/** Recording indexes. */
import { givenName, withPrefix } from "../column.ts";
import {
  type IndexColumnInput,
  type IndexOptions,
  index,
  indexByName,
} from "../index-definition.ts";
import { indexName } from "../names.ts";
import type { PrefixOption } from "./recorder.ts";
import { TableOperations } from "./tables.ts";

/** Indexes. */
export class IndexOperations extends TableOperations {
  /**
   * `CREATE INDEX name ON posts (columns)`. A column is a name, `` sql`lower(title)` ``, or an object with its order,
   * nulls and operator class.
   */
  createIndex(
    table: string,
    columns: readonly IndexColumnInput[],
    options: IndexOptions & {
      /** `IF NOT EXISTS`. Default: `false`, which fails when it is there. */
      readonly ifNotExists?: boolean;
    } = {},
  ): void {
    const { ifNotExists, ...rest } = options;
    const definition = index(table, columns, rest, this.context);
    this.record({
      kind: "create_index",
      index: definition,
      ...(ifNotExists ? { ifNotExists } : {}),
    });
  }

  /**
   * `DROP INDEX name`: that of these columns, or by `{ name }`, which is reversible only when the columns are given
   * too.
   */
  dropIndex(
    table: string,
    columns:
      | readonly IndexColumnInput[]
      | {
          /** The name of the index. */
          readonly name: string;
        },
    options: IndexOptions & {
      /** `IF EXISTS`. Default: `false`, which fails when it is not there. */
      readonly ifExists?: boolean;
      /** `CASCADE`: also drops everything that depends on it, which makes it irreversible. Default: `false`, which fails then. */
      readonly cascade?: boolean;
    } = {},
  ): void {
    const { ifExists, cascade, ...rest } = options;
    const definition =
      "name" in columns
        ? indexByName(table, columns.name, rest, this.context)
        : index(table, columns, rest, this.context);
    this.record({
      kind: "drop_index",
      index: definition,
      ...(ifExists ? { ifExists } : {}),
      ...(cascade ? { cascade } : {}),
    });
  }

  /** `ALTER INDEX a RENAME TO b`: that of these columns, or the one of this name. */
  renameIndex(
    table: string,
    from: string | readonly string[],
    options: PrefixOption & {
      /** The new name. */
      readonly to: string;
    },
  ): void {
    const name =
      typeof from === "string"
        ? givenName(from, this.context)
        : indexName(table, from, this.context.identifierLimit);
    this.record({
      kind: "rename_index",
      table: withPrefix(table, options, this.context),
      index: name,
      to: givenName(options.to, this.context),
    });
  }
}
