/**
 * The closed list of everything that a migration can do, as plain data.
 * What destroys carries what it destroyed (`was`, `down`), so that it can be undone.
 */
import type { ColumnType } from "./column-type.ts";
import type { SafeOperation } from "./safe/safe-form.ts";

/** A table, view, type or sequence. `prefix` is a schema in PostgreSQL, a database in MySQL. */
export type Named = { readonly name: string; readonly prefix?: string | undefined };

/** Raw SQL inside an expression: a default, an index expression. Written as `` sql`now()` ``. */
export type Fragment = { readonly kind: "fragment"; readonly sql: string };

/** Raw SQL as a value. Nothing is escaped, so interpolate constants of your own only. */
export function sql(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Fragment)[]
): Fragment {
  const text = strings.reduce((before, string, i) => {
    const value = values[i - 1];
    return before + (typeof value === "object" ? value.sql : String(value)) + string;
  });
  return { kind: "fragment", sql: text };
}

/** True for what `sql` makes. */
export function isFragment(value: unknown): value is Fragment {
  return (
    typeof value === "object" && value !== null && "kind" in value && value.kind === "fragment"
  );
}

/** A default: a value that is written as a literal, or a fragment. Objects become JSON, arrays become arrays. */
export type DefaultValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Fragment
  | readonly unknown[]
  | { readonly [key: string]: unknown };

/** What happens to a row whose parent goes or changes; with columns, only those are set (PostgreSQL 15 and newer). */
export type ReferentialAction =
  | "cascade"
  | "restrict"
  | "no action"
  | "set null"
  | "set default"
  | { readonly setNull: readonly string[]; readonly setDefault?: never }
  | { readonly setDefault: readonly string[]; readonly setNull?: never };

export type ForeignKey = {
  readonly name: string;
  readonly table: Named;
  /** The column referred to. Default: `id`. */
  readonly column: string;
  /** More pairs of a composite key: local column → referenced column. */
  readonly with?: { readonly [local: string]: string } | undefined;
  readonly onDelete?: ReferentialAction | undefined;
  readonly onUpdate?: ReferentialAction | undefined;
  readonly match?: "full" | "simple" | "partial" | undefined;
  /** `false` adds it NOT VALID: new rows are checked, old ones only by `validateConstraint`. */
  readonly validate?: boolean | undefined;
  readonly deferrable?: "initially immediate" | "initially deferred" | undefined;
};

export type Column = {
  readonly name: string;
  readonly type: ColumnType;
  readonly null?: boolean | undefined;
  readonly default?: DefaultValue | undefined;
  readonly primaryKey?: boolean | undefined;
  readonly size?: number | undefined;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
  readonly comment?: string | undefined;
  readonly collation?: string | undefined;
  /** The whole clause after GENERATED, e.g. `ALWAYS AS (a + b) STORED`. */
  readonly generated?: string | undefined;
  /** Identity columns: the first value and the step. */
  readonly startValue?: number | undefined;
  readonly increment?: number | undefined;
  /** Intervals: `day to second`. */
  readonly fields?: string | undefined;
  /** MySQL: the column that it comes after. */
  readonly after?: string | undefined;
  readonly references?: ForeignKey | undefined;
};

export type IndexColumn = {
  readonly column?: string | undefined;
  readonly expression?: string | undefined;
  readonly order?: "asc" | "desc" | undefined;
  readonly nulls?: "first" | "last" | undefined;
  readonly operatorClass?: string | undefined;
  readonly collation?: string | undefined;
};

export type Index = {
  readonly name: string;
  readonly table: Named;
  /** Empty when only the name is known, as in a drop by name. */
  readonly columns: readonly IndexColumn[];
  readonly unique?: boolean | undefined;
  readonly concurrently?: boolean | undefined;
  readonly using?: string | undefined;
  readonly where?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly nullsDistinct?: boolean | undefined;
  /** PostgreSQL: not on the partitions. */
  readonly only?: boolean | undefined;
  /** PostgreSQL: storage parameters, e.g. `fillfactor = 50`. */
  readonly options?: string | undefined;
  readonly comment?: string | undefined;
};

type ConstraintBase = {
  readonly name: string;
  readonly validate?: boolean | undefined;
  readonly comment?: string | undefined;
  readonly deferrable?: "initially immediate" | "initially deferred" | undefined;
};

export type Constraint =
  | (ConstraintBase & { readonly kind: "check"; readonly expression: string })
  | (ConstraintBase & {
      readonly kind: "exclude";
      readonly using: string;
      readonly elements: string;
      readonly where?: string | undefined;
    })
  | (ConstraintBase & {
      readonly kind: "unique";
      readonly columns: readonly string[];
      readonly nullsDistinct?: boolean | undefined;
      /** PostgreSQL: takes over this unique index instead of building one. */
      readonly usingIndex?: string | undefined;
    })
  | (ConstraintBase & { readonly kind: "primary_key"; readonly columns: readonly string[] })
  | (ConstraintBase & {
      readonly kind: "foreign_key";
      readonly columns: readonly string[];
      readonly references: { readonly table: Named; readonly columns: readonly string[] };
      readonly onDelete?: ReferentialAction | undefined;
      readonly onUpdate?: ReferentialAction | undefined;
      readonly match?: "full" | "simple" | "partial" | undefined;
    });

/** What a table is made of: enough to make it again. */
export type TableDefinition = {
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly comment?: string | undefined;
  /** Appended to CREATE TABLE as it is. */
  readonly options?: string | undefined;
  /** Between CREATE and TABLE: `unlogged`, `temporary`. */
  readonly modifiers?: string | undefined;
  /** MySQL. Default there: INNODB. */
  readonly engine?: string | undefined;
};

/** What a column was before its type changed. */
export type ColumnTypeChange = Pick<
  Column,
  "name" | "type" | "size" | "precision" | "scale" | "collation"
> & {
  /** PostgreSQL: the expression that converts the old value. */
  readonly using?: string | undefined;
};

/** One part of an `alter_table`; all parts of one are one statement where the database can. */
export type ColumnChange =
  | {
      readonly kind: "add_column";
      readonly column: Column;
      readonly ifNotExists?: boolean | undefined;
    }
  | { readonly kind: "modify_column"; readonly column: Column; readonly was?: Column | undefined }
  | {
      readonly kind: "remove_column";
      readonly name: string;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
      readonly was?: Column | undefined;
    }
  | {
      readonly kind: "set_default";
      readonly name: string;
      readonly default: DefaultValue;
      /** The column's type, which says whether a list is an array or JSON. */
      readonly type?: ColumnType | undefined;
      readonly was?: DefaultValue | undefined;
    }
  | {
      readonly kind: "drop_default";
      readonly name: string;
      readonly type?: ColumnType | undefined;
      readonly was?: DefaultValue | undefined;
    }
  | { readonly kind: "set_not_null"; readonly name: string }
  | { readonly kind: "drop_not_null"; readonly name: string }
  | {
      readonly kind: "set_type";
      readonly to: ColumnTypeChange;
      readonly was?: ColumnTypeChange | undefined;
    };

export type SequenceOptions = {
  readonly type?: string | undefined;
  readonly startValue?: number | undefined;
  readonly increment?: number | undefined;
  readonly minValue?: number | undefined;
  readonly maxValue?: number | undefined;
  readonly cache?: number | undefined;
  readonly cycle?: boolean | undefined;
  /** `table.column`: dropped together with it. */
  readonly ownedBy?: string | undefined;
};

/** Which of an extension is installed, and where. */
export type ExtensionOptions = {
  readonly schema?: string | undefined;
  readonly version?: string | undefined;
};

/** What a view selects: enough to make it again. */
export type ViewDefinition = {
  readonly as: string;
  readonly columns?: readonly string[] | undefined;
  readonly withData?: boolean | undefined;
};

/** Everything that can be said as SQL. */
export type SchemaOperation =
  | {
      readonly kind: "create_table";
      readonly table: Named;
      readonly definition: TableDefinition;
      readonly ifNotExists?: boolean | undefined;
    }
  | {
      readonly kind: "drop_table";
      readonly table: Named;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
      readonly was?: TableDefinition | undefined;
    }
  | {
      readonly kind: "alter_table";
      readonly table: Named;
      readonly changes: readonly ColumnChange[];
    }
  | { readonly kind: "rename_table"; readonly table: Named; readonly to: string }
  | {
      readonly kind: "rename_column";
      readonly table: Named;
      readonly column: string;
      readonly to: string;
    }
  | {
      readonly kind: "create_index";
      readonly index: Index;
      readonly ifNotExists?: boolean | undefined;
    }
  | {
      readonly kind: "drop_index";
      readonly index: Index;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
    }
  | {
      readonly kind: "rename_index";
      readonly table: Named;
      readonly index: string;
      readonly to: string;
    }
  | { readonly kind: "create_constraint"; readonly table: Named; readonly constraint: Constraint }
  | {
      readonly kind: "drop_constraint";
      readonly table: Named;
      readonly name: string;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
      readonly was?: Constraint | undefined;
    }
  | {
      readonly kind: "rename_constraint";
      readonly table: Named;
      readonly constraint: string;
      readonly to: string;
    }
  | { readonly kind: "validate_constraint"; readonly table: Named; readonly name: string }
  | {
      readonly kind: "create_schema";
      readonly name: string;
      readonly ifNotExists?: boolean | undefined;
    }
  | {
      readonly kind: "drop_schema";
      readonly name: string;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
    }
  | ({
      readonly kind: "create_extension";
      readonly name: string;
      readonly ifNotExists?: boolean | undefined;
    } & ExtensionOptions)
  | {
      readonly kind: "drop_extension";
      readonly name: string;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
      /** Default: the newest version, in the schema that is the first to be searched. */
      readonly was?: ExtensionOptions | undefined;
    }
  | { readonly kind: "create_enum"; readonly enum: Named; readonly values: readonly string[] }
  | {
      readonly kind: "drop_enum";
      readonly enum: Named;
      readonly ifExists?: boolean | undefined;
      readonly was?: readonly string[] | undefined;
    }
  | {
      readonly kind: "add_enum_value";
      readonly enum: Named;
      readonly value: string;
      readonly before?: string | undefined;
      readonly after?: string | undefined;
      readonly ifNotExists?: boolean | undefined;
    }
  | {
      readonly kind: "rename_enum_value";
      readonly enum: Named;
      readonly value: string;
      readonly to: string;
    }
  | {
      readonly kind: "create_sequence";
      readonly sequence: Named;
      readonly options: SequenceOptions;
      readonly ifNotExists?: boolean | undefined;
    }
  | {
      readonly kind: "drop_sequence";
      readonly sequence: Named;
      readonly ifExists?: boolean | undefined;
      readonly was?: SequenceOptions | undefined;
    }
  | {
      readonly kind: "create_view";
      readonly view: Named;
      readonly definition: ViewDefinition;
      readonly materialized?: boolean | undefined;
      readonly orReplace?: boolean | undefined;
      /** With `orReplace`: the view that is replaced. */
      readonly was?: ViewDefinition | undefined;
    }
  | {
      readonly kind: "drop_view";
      readonly view: Named;
      readonly materialized?: boolean | undefined;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
      readonly was?: ViewDefinition | undefined;
    }
  | {
      readonly kind: "comment";
      readonly on: "table" | "column";
      readonly table: Named;
      readonly column?: string | undefined;
      readonly comment: string | null;
      readonly was?: string | null | undefined;
    }
  | {
      readonly kind: "execute";
      readonly sql: string;
      readonly parameters?: readonly unknown[] | undefined;
      /** The SQL that undoes it; the empty string says that nothing needs to be undone. */
      readonly down?: string | undefined;
      /** The file that the SQL was read from, for people. */
      readonly from?: string | undefined;
    }
  | { readonly kind: "execute_file"; readonly path: string; readonly down?: string | undefined };

/** What a `run` function is given: queries on the connection, and in the transaction, of its migration. */
export interface MigrationDatabase {
  /** Runs one statement and gives its rows. */
  query<Row = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<readonly Row[]>;
  /** Runs one or several statements without parameters; gives nothing back. */
  execute(sql: string): Promise<void>;
}

export type RunFunction = (db: MigrationDatabase) => Promise<unknown> | unknown;

/** The one opaque operation: code. Without `down` it is irreversible. */
export type RunOperation = {
  readonly kind: "run";
  readonly run: RunFunction;
  readonly down?: RunFunction | undefined;
  readonly label?: string | undefined;
};

/** What there is to do, said with the forms that stop nobody not yet taken apart. */
export type Operation = SchemaOperation | RunOperation | SafeOperation;
export type OperationKind = Operation["kind"];
export type OperationOf<Kind extends OperationKind> = Extract<Operation, { readonly kind: Kind }>;
