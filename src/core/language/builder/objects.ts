/** Recording schemas, extensions, enums, sequences and views. */
import { givenName, withinLimit, withPrefix } from "../column.ts";
import type { ExtensionOptions, SequenceOptions, ViewDefinition } from "../operation.ts";
import { ConstraintOperations } from "./constraints.ts";
import type { PrefixOption } from "./recorder.ts";

/** What a database has beside tables. */
export class ObjectOperations extends ConstraintOperations {
  createSchema(name: string, options: { readonly ifNotExists?: boolean } = {}): void {
    this.record({ kind: "create_schema", name: givenName(name, this.context), ...options });
  }

  dropSchema(
    name: string,
    options: { readonly ifExists?: boolean; readonly cascade?: boolean } = {},
  ): void {
    this.record({ kind: "drop_schema", name: givenName(name, this.context), ...options });
  }

  createExtension(
    name: string,
    options: ExtensionOptions & { readonly ifNotExists?: boolean } = {},
  ): void {
    this.record({ kind: "create_extension", name: givenName(name, this.context), ...options });
  }

  dropExtension(
    name: string,
    options: {
      readonly ifExists?: boolean;
      readonly cascade?: boolean;
      readonly was?: ExtensionOptions;
    } = {},
  ): void {
    this.record({ kind: "drop_extension", name: givenName(name, this.context), ...options });
  }

  createEnum(name: string, values: readonly string[], options: PrefixOption = {}): void {
    this.record({
      kind: "create_enum",
      enum: withPrefix(name, options, this.context),
      values: values.map((value) => withinLimit(value, this.context)),
    });
  }

  dropEnum(
    name: string,
    options: PrefixOption & { readonly ifExists?: boolean; readonly was?: readonly string[] } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.record({ kind: "drop_enum", enum: withPrefix(name, { prefix }, this.context), ...rest });
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
    this.record({
      kind: "add_enum_value",
      enum: withPrefix(name, { prefix }, this.context),
      value: withinLimit(value, this.context),
      ...rest,
    });
  }

  renameEnumValue(
    name: string,
    value: string,
    options: PrefixOption & { readonly to: string },
  ): void {
    this.record({
      kind: "rename_enum_value",
      enum: withPrefix(name, options, this.context),
      value,
      to: withinLimit(options.to, this.context),
    });
  }

  createSequence(
    name: string,
    options: PrefixOption & SequenceOptions & { readonly ifNotExists?: boolean } = {},
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

  dropSequence(
    name: string,
    options: PrefixOption & { readonly ifExists?: boolean; readonly was?: SequenceOptions } = {},
  ): void {
    const { prefix, ...rest } = options;
    this.record({
      kind: "drop_sequence",
      sequence: withPrefix(name, { prefix }, this.context),
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
    this.record({
      kind: "create_view",
      view: withPrefix(name, { prefix }, this.context),
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
    this.record({ kind: "drop_view", view: withPrefix(name, { prefix }, this.context), ...rest });
  }
}
