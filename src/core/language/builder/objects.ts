/** Recording schemas, extensions, enums, sequences and views. */
import { givenName, withinLimit, withPrefix } from "../column.ts";
import type { ExtensionOptions, SequenceOptions, ViewDefinition } from "../operation.ts";
import { ConstraintOperations } from "./constraints.ts";
import type { PrefixOption } from "./recorder.ts";

/** Everything in a database beside its tables. */
export class ObjectOperations extends ConstraintOperations {
  /** `CREATE SCHEMA blog` (PostgreSQL); a database on MySQL. */
  createSchema(
    name: string,
    options: {
      /** `IF NOT EXISTS`. Default: `false`, which fails when it is there. */
      readonly ifNotExists?: boolean;
    } = {},
  ): void {
    this.record({ kind: "create_schema", name: givenName(name, this.context), ...options });
  }

  /** `DROP SCHEMA blog`, which must be empty unless `cascade`. Going down it is created again. */
  dropSchema(
    name: string,
    options: {
      /** `IF EXISTS`. Default: `false`, which fails when it is not there. */
      readonly ifExists?: boolean;
      /** `CASCADE`: also drops everything that depends on it, which makes it irreversible. Default: `false`, which fails then. */
      readonly cascade?: boolean;
    } = {},
  ): void {
    this.record({ kind: "drop_schema", name: givenName(name, this.context), ...options });
  }

  /** `CREATE EXTENSION citext` (PostgreSQL). */
  createExtension(
    name: string,
    options: ExtensionOptions & {
      /** `IF NOT EXISTS`. Default: `false`, which fails when it is there. */
      readonly ifNotExists?: boolean;
    } = {},
  ): void {
    this.record({ kind: "create_extension", name: givenName(name, this.context), ...options });
  }

  /** `DROP EXTENSION citext`. Going down it is created again; `was` says in which schema and version. */
  dropExtension(
    name: string,
    options: {
      /** `IF EXISTS`. Default: `false`, which fails when it is not there. */
      readonly ifExists?: boolean;
      /** `CASCADE`: also drops everything that depends on it, which makes it irreversible. Default: `false`, which fails then. */
      readonly cascade?: boolean;
      /** Its schema and version, for the way back. */
      readonly was?: ExtensionOptions;
    } = {},
  ): void {
    this.record({ kind: "drop_extension", name: givenName(name, this.context), ...options });
  }

  /**
   * `ALTER EXTENSION citext UPDATE TO '1.6'` (PostgreSQL). Most extensions have no script for the
   * way back, so without `was` or `down` it is irreversible.
   */
  updateExtension(
    name: string,
    options: {
      /** The version to update to. The server must have scripts that lead there. */
      readonly to: string;
    } & (
      | {
          /** The version before, for an extension that has a script for the way back. Default: none. */
          readonly was?: string;
          readonly down?: never;
        }
      | {
          /** `"keep"`: going down, the new version stays. Default: going down is refused. */
          readonly down?: "keep";
          readonly was?: never;
        }
    ),
  ): void {
    this.record({ kind: "update_extension", name: givenName(name, this.context), ...options });
  }

  /** `CREATE TYPE status AS ENUM ('draft', 'public')` (PostgreSQL). */
  createEnum(name: string, values: readonly string[], options: PrefixOption = {}): void {
    this.record({
      kind: "create_enum",
      enum: withPrefix(name, options, this.context),
      values: values.map((value) => withinLimit(value, this.context)),
    });
  }

  /** `DROP TYPE status`. `was`, its values, makes it reversible. */
  dropEnum(
    name: string,
    options: PrefixOption & {
      /** `IF EXISTS`. Default: `false`, which fails when it is not there. */
      readonly ifExists?: boolean;
      /** Its values, which makes it reversible. */
      readonly was?: readonly string[];
    } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.record({ kind: "drop_enum", enum: withPrefix(name, { prefix }, this.context), ...rest });
  }

  /** `ALTER TYPE status ADD VALUE 'archived'`. PostgreSQL cannot take one away again, so this is irreversible. */
  addEnumValue(
    name: string,
    value: string,
    options: PrefixOption & {
      /** The value that it stands before. Default: it is the last. */
      readonly before?: string;
      /** The value that it stands behind. Default: it is the last. */
      readonly after?: string;
      /** `IF NOT EXISTS`. Default: `false`, which fails when it is there. */
      readonly ifNotExists?: boolean;
    } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.record({
      kind: "add_enum_value",
      enum: withPrefix(name, { prefix }, this.context),
      value: withinLimit(value, this.context),
      ...rest,
    });
  }

  /** `ALTER TYPE status RENAME VALUE 'a' TO 'b'` (PostgreSQL). */
  renameEnumValue(
    name: string,
    value: string,
    options: PrefixOption & {
      /** The new name. */
      readonly to: string;
    },
  ): void {
    this.record({
      kind: "rename_enum_value",
      enum: withPrefix(name, options, this.context),
      value,
      to: withinLimit(options.to, this.context),
    });
  }

  /** `CREATE SEQUENCE invoice_numbers START WITH 1000`. */
  createSequence(
    name: string,
    options: PrefixOption &
      SequenceOptions & {
        /** `IF NOT EXISTS`. Default: `false`, which fails when it is there. */
        readonly ifNotExists?: boolean;
      } = {},
  ): void {
    const { prefix, ifNotExists, ...rest } = options;
    const sequence = withPrefix(name, { prefix }, this.context);
    this.record({
      kind: "create_sequence",
      sequence,
      options: rest,
      ...(ifNotExists ? { ifNotExists } : {}),
    });
  }

  /** `DROP SEQUENCE invoice_numbers`. `was`, its options, makes it reversible. */
  dropSequence(
    name: string,
    options: PrefixOption & {
      /** `IF EXISTS`. Default: `false`, which fails when it is not there. */
      readonly ifExists?: boolean;
      /** Its options, which makes it reversible. */
      readonly was?: SequenceOptions;
    } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.record({
      kind: "drop_sequence",
      sequence: withPrefix(name, { prefix }, this.context),
      ...rest,
    });
  }

  /**
   * `CREATE VIEW recent_posts AS SELECT …`; with `materialized` a MATERIALIZED VIEW, with `orReplace` CREATE OR
   * REPLACE.
   */
  createView(
    name: string,
    definition: ViewDefinition,
    options: PrefixOption & {
      /** `MATERIALIZED VIEW`. Default: `false`. */
      readonly materialized?: boolean;
      /** `CREATE OR REPLACE`. Default: `false`. */
      readonly orReplace?: boolean;
      /** The view that it replaces, which makes `orReplace` reversible. */
      readonly was?: ViewDefinition;
    } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.record({
      kind: "create_view",
      view: withPrefix(name, { prefix }, this.context),
      definition,
      ...rest,
    });
  }

  /** `DROP VIEW recent_posts`. `was`, its query, makes it reversible. */
  dropView(
    name: string,
    options: PrefixOption & {
      /** `MATERIALIZED VIEW`. Default: `false`. */
      readonly materialized?: boolean;
      /** `IF EXISTS`. Default: `false`, which fails when it is not there. */
      readonly ifExists?: boolean;
      /** `CASCADE`: also drops everything that depends on it, which makes it irreversible. Default: `false`, which fails then. */
      readonly cascade?: boolean;
      /** The view as it was, which makes the drop reversible. */
      readonly was?: ViewDefinition;
    } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.record({ kind: "drop_view", view: withPrefix(name, { prefix }, this.context), ...rest });
  }
}
