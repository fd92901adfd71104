/** The objects of a schema, as far as the rules need to know them. */
import type { Tree, TreeNode } from "../../sql/tree.ts";

/** Where an object comes from. `file` counts the files of the run; -1 is older than the run. */
export type Origin = { run: boolean; file: number };

/** A type as it is written: `varchar(20)[]` is `{ name: "varchar", modifiers: [20], isArray: true }`. */
export type TypeName = {
  readonly schema?: string | undefined;
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
};

export type CatalogColumn = {
  name: string;
  readonly origin: Origin;
  type: TypeName;
  collation?: string | undefined;
  notNull: boolean;
  /** The name of its NOT NULL, where it does not follow from today's names of table and column. */
  notNullName?: string | undefined;
  /**
   * The value of a row that sets none: from an expression, a sequence, an identity, or generated.
   */
  default?:
    | {
        readonly by: "expression" | "identity" | "generated";
        readonly expression?: TreeNode | undefined;
      }
    | undefined;
  /** Generated columns: whether the value is kept in the row. */
  stored?: boolean | undefined;
  readonly isIdentity?: boolean | undefined;
};

export type CatalogConstraint = {
  name: string;
  readonly kind: "check" | "foreign key" | "unique" | "primary key" | "exclude" | "not null";
  columns: readonly string[];
  readonly origin: Origin;
  valid: boolean;
  readonly expression?: TreeNode | undefined;
  readonly references?: { readonly table: Table; readonly columns: readonly string[] } | undefined;
  /** The transaction that added it. */
  readonly transaction: number;
  readonly inherited?: boolean | undefined;
  /** NOT ENFORCED: nothing is checked. Default: it is enforced. */
  enforced?: boolean | undefined;
  readonly noInherit?: boolean | undefined;
};

export type Table = {
  schema: string;
  name: string;
  readonly kind: "table" | "view" | "materialized view" | "foreign table";
  readonly origin: Origin;
  /** Whether its columns and constraints are known; a table that was only heard of is not. */
  readonly known: boolean;
  /** Only a statement that names it is known, not one that made it. */
  readonly heardOf?: boolean | undefined;
  persistence: "p" | "u" | "t";
  accessMethod: string;
  tablespace: string;
  readonly columns: Map<string, CatalogColumn>;
  readonly constraints: Map<string, CatalogConstraint>;
  readonly partitionBy?:
    | { readonly strategy: string; readonly columns: readonly string[] }
    | undefined;
  parent?: Table | undefined;
  bound?: Tree | undefined;
  readonly partitions: Set<Table>;
  readonly inherits: Table[];
  /** Of a materialized view: whether it holds what its query gave. Default: it does. */
  isEmpty?: boolean | undefined;
  /** A view's sources. */
  reads: readonly ViewSource[];
  readonly triggers: Map<string, ReadonlySet<string>>;
  /** The function that each trigger calls. */
  readonly triggerFunctions: Map<string, string>;
  readonly policies: Map<string, ReadonlySet<string>>;
  readonly rules: Set<string>;
  /** Publications, and functions with a body that is parsed: in words, and which columns they read. */
  readonly readers: Map<string, ReadonlySet<string>>;
  /** Extended statistics, and their columns. */
  readonly statistics: Map<string, ReadonlySet<string>>;
  /** The composite type that it is a table OF. */
  ofType?: string | undefined;
};

/** A table that a view reads, and which of its columns. */
export type ViewSource = { readonly table: Table; readonly columns: ReadonlySet<string> };

export type CatalogIndex = {
  schema: string;
  name: string;
  readonly table: Table;
  readonly origin: Origin;
  /** The columns that are keys by themselves, in order; an expression is an empty name. */
  keys: readonly string[];
  /** How many columns it has, INCLUDE with them. */
  readonly columnCount: number;
  /** Every column that it depends on: keys, INCLUDE, expressions and predicate. */
  columns: ReadonlySet<string>;
  readonly unique: boolean;
  readonly isPartial: boolean;
  readonly hasExpressions: boolean;
  /** Whether a key has an order, a collation or an operator class that is not its column's own. */
  readonly isSorted?: boolean | undefined;
  readonly method: string;
  /** On the partitioned table only: not valid until its partitions are attached. */
  readonly only: boolean;
  /** The constraint that owns it. */
  constraint?: string | undefined;
};

export type CatalogSequence = {
  readonly origin: Origin;
  /** The table that it goes along with, as it is shown, and the column that it counts for. */
  ownedBy?: string | undefined;
  readonly column?: CatalogColumn;
};

export type EnumType = {
  schema: string;
  name: string;
  readonly origin: Origin;
  readonly transaction: number;
  readonly values: Map<string, { readonly origin: Origin; readonly transaction: number }>;
};

export type Domain = {
  schema: string;
  name: string;
  readonly origin: Origin;
  readonly base: TypeName;
  notNull: boolean;
  default?: TreeNode | undefined;
  readonly checks: Map<string, { valid: boolean; readonly transaction: number }>;
};

export type DatabaseFunction = {
  readonly volatility: "volatile" | "stable" | "immutable";
  readonly language: string;
  /** The body of a function in SQL that is one SELECT of one expression. */
  readonly body?: unknown;
  /** The types of its parameters, as the parser has them. */
  readonly parameters?: string | undefined;
  /** Whether there is another of the name, so that a call may mean either. */
  readonly isOverloaded?: boolean | undefined;
};

/** A publication of logical replication. */
export type Publication = {
  readonly name: string;
  all: boolean;
  /** `insert`, `update`, `delete`, `truncate`. */
  publishes: ReadonlySet<string>;
  readonly schemas: Set<string>;
  /** Each with the columns that it sends; `undefined` for all. */
  readonly tables: Map<Table, ReadonlySet<string> | undefined>;
  /** The same by name, as facts of production have them. */
  readonly byName: ReadonlyMap<string, ReadonlySet<string> | undefined>;
  /** Whether facts of production say so, whatever migrations have made. */
  readonly isKnown: boolean;
};
