/** Makes `Column` and `ForeignKey` of the user's words: fills in defaults, refuses nonsense. */

import type { Named } from "../model/named.ts";
import { wordDistance } from "../model/word-distance.ts";
import { type ColumnType, portableTypes, type WrittenType } from "./column-type.ts";
import { databaseTypes } from "./database-types.ts";
import { InvalidOperation, PrefixMismatch, type RecordContext } from "./defaults.ts";
import { foreignKeyName, nameLength } from "./names.ts";
import type { Column, ForeignKey } from "./table-parts.ts";
import { keepable, shownValue } from "./values.ts";

/** The options of a foreign key, beside its table. */
export type ReferenceOptions = Partial<Omit<ForeignKey, "table" | "column">> & {
  /** Default: `id`, or the repo's. */
  readonly column?: string;
  /** Default: the type that refers to the repo's primary key. */
  readonly type?: WrittenType;
  /** Default: the prefix of the referencing table. */
  readonly prefix?: string;
};

/** The options of a column, beside its name and type. */
export type ColumnOptions = Partial<Omit<Column, "name" | "type" | "references">>;

/** The options of a column with a foreign key. */
export type ReferenceColumnOptions = ReferenceOptions &
  Omit<ColumnOptions, "primaryKey" | "generated" | "startValue" | "increment"> & {
    /** Whether it is the table's primary key too. Default: `false`. */
    readonly primaryKey?: boolean;
  };

/** A column as it was: its type and options, with its foreign key. */
export type ColumnSpec = ColumnOptions & {
  /** Its type, as in `t.column`. */
  readonly type: WrittenType;
  /** The foreign key that it had: the table, and the options of `t.references`. Default: none. */
  readonly references?: ReferenceOptions & {
    /** The table that it referred to. */
    readonly table: string;
  };
};

/** Checks a given name: it must not be empty, and must keep to the identifier limit. */
export function givenName(name: unknown, context: RecordContext): string {
  if (typeof name !== "string" || name === "") {
    throw new InvalidOperation(`a name is missing: got ${describeValue(name)}`, {
      hint: "Give it a name.",
    });
  }
  return withinLimit(name, context);
}

/** Checks a name, or a value of an enum, against the identifier limit: a database would cut it silently. */
export function withinLimit(name: string, context: RecordContext): string {
  if (nameLength(name, context.identifierLimit) > context.identifierLimit.length) {
    const { length, unit } = context.identifierLimit;
    throw new InvalidOperation(`the name ${name} is longer than ${length} ${unit}`, {
      hint: "Give it a shorter name.",
    });
  }
  return name;
}

/** A table, view or type with the prefix that counts: the given one, the run's, the repo's. */
export function withPrefix(
  name: string,
  options: { readonly prefix?: string | undefined },
  context: RecordContext,
): Named {
  const { prefix: given } = options;
  if (given !== undefined && context.prefix !== undefined && given !== context.prefix) {
    throw new PrefixMismatch({ given, expected: context.prefix });
  }
  const prefix = given ?? context.prefix ?? context.defaults.prefix;
  return prefix === undefined
    ? { name: givenName(name, context) }
    : { name: givenName(name, context), prefix: givenName(prefix, context) };
}

/** @throws {InvalidOperation} when the type or the options make no sense. */
export function column(
  name: string,
  type: ColumnType,
  options: ColumnOptions,
  context: RecordContext,
): Column {
  givenName(name, context);
  if (typeof type !== "string" || type === "") {
    throw new InvalidOperation(
      `invalid migration type for column ${name}: ${describeValue(type)}`,
      {
        hint: 'Give a type as text, for example "string".',
      },
    );
  }
  refuseSlip(name, type);
  if (type === "datetime") {
    throw new InvalidOperation(`the type datetime of column ${name} is not supported`, {
      hint: 'Use "utc_datetime" or "naive_datetime".',
    });
  }
  if (options.scale !== undefined && options.precision === undefined) {
    throw new InvalidOperation(`column ${name} is missing precision option`, {
      hint: "Give precision together with scale.",
    });
  }
  if (options.generated !== undefined && typeof options.generated !== "string") {
    throw new InvalidOperation(
      `the generated option of column ${name} only accepts strings, received: ${describeValue(options.generated)}`,
      {
        hint: 'For example generated: "ALWAYS AS (a + b) STORED".',
      },
    );
  }
  return keepable({ name, type: meantType(type, options, context), ...options }, `column ${name}`);
}

/** A letter away from a portable type, and no type that a database has. */
function refuseSlip(name: string, type: string): void {
  const bare = type.replace(/\[\]$/, "");
  const isKnown = [...portableTypes, ...databaseTypes].some((one) => one === bare);
  if (isKnown || !/^\w{4,}$/.test(bare)) return;
  const meant = portableTypes.find((one) => wordDistance(bare, one) === 1);
  if (meant === undefined) return;
  throw new InvalidOperation(`column ${name} has the type ${type}, which nobody knows`, {
    hint: `Did you mean ${meant}? Write your own type of that name with its schema: "public.${type}".`,
  });
}

/** Replaces `string` and `string[]` by the repo's type; with a size, the type stays. */
export function meantType(
  type: ColumnType,
  { size }: { readonly size?: number | undefined },
  { defaults }: RecordContext,
): ColumnType {
  const meant = defaults.strings?.type;
  if (meant === undefined || size !== undefined) return type;
  if (type === "string") return meant;
  return type === "string[]" ? `${meant}[]` : type;
}

/** A column with its foreign key. */
export function referenceColumn(
  owner: Named,
  name: string,
  table: string,
  options: ReferenceColumnOptions,
  context: RecordContext,
): Column {
  const {
    name: constraint,
    column: target,
    type,
    prefix,
    with: pairs,
    onDelete,
    onUpdate,
    match,
    validate,
    deferrable,
    ...rest
  } = options;
  const references = foreignKey(
    owner,
    name,
    {
      name: constraint,
      column: target,
      prefix,
      with: pairs,
      onDelete,
      onUpdate,
      match,
      validate,
      deferrable,
      table,
    },
    context,
  );
  return { ...column(name, type ?? referenceType(context), rest, context), references };
}

/** A column as `was` describes it. */
export function columnFromSpec(
  owner: Named,
  name: string,
  spec: ColumnSpec,
  context: RecordContext,
): Column {
  const { type, references, ...options } = spec;
  const plain = column(name, type, options, context);
  return references === undefined
    ? plain
    : { ...plain, references: foreignKey(owner, name, references, context) };
}

function foreignKey(
  owner: Named,
  name: string,
  reference: { readonly [Key in keyof ReferenceOptions]?: ReferenceOptions[Key] | undefined } & {
    readonly table: string;
  },
  context: RecordContext,
): ForeignKey {
  const { name: given, table, column: target, type: _type, prefix, ...rest } = reference;
  const columns = [name, ...Object.keys(rest.with ?? {})];
  const referred = prefix ?? context.defaults.foreignKey?.prefix ?? owner.prefix;
  return {
    ...rest,
    name:
      given === undefined
        ? foreignKeyName(owner.name, [name], context.identifierLimit)
        : givenName(given, context),
    table:
      referred === undefined
        ? { name: givenName(table, context) }
        : { name: givenName(table, context), prefix: referred },
    column: target ?? context.defaults.foreignKey?.column ?? "id",
    ...(columns.length > 1 ? { with: rest.with } : {}),
  };
}

/** The type of a column that refers to the repo's primary key. */
function referenceType(context: RecordContext): ColumnType {
  const { foreignKey: defaults, primaryKey } = context.defaults;
  if (defaults?.type !== undefined) return defaults.type;
  const key = primaryKey?.type ?? "bigserial";
  if (key === "bigserial" || key === "identity") return "bigint";
  if (key === "serial" || key === "id") return "integer";
  return key;
}

function describeValue(value: unknown): string {
  if (typeof value === "function") return `function ${value.name}`;
  try {
    return JSON.stringify(value) ?? "nothing";
  } catch {
    return shownValue(value);
  }
}
