/** The schema of a database as data: one entry for each object, in the order of their ids. */
import type { Named } from "../model/named.ts";

export type SchemaCatalog = {
  readonly objects: readonly SchemaObject[];
  /** Objects that are there and that nobody here can write: `subscription news`. They are named, never passed over. */
  readonly leftOut: readonly string[];
};

/** The fields of every object. */
type Common = {
  /** `table public.posts`, `constraint posts_pkey on public.posts`: no two objects of a database have the same. */
  readonly id: string;
  readonly comment?: string | undefined;
  /** The ids of what must be there before it, in their order. */
  readonly needs: readonly string[];
};

/** A part of a table or a view. */
type PartOf = { readonly name: string; readonly table: Named };

/** A definition as the server itself writes it, every name with its schema. */
type Defined = { readonly definition: string };

/** A table, or what has columns as a table has them. */
export type TableObject = Common & {
  readonly kind: "table";
  readonly named: Named;
  readonly persistence: "permanent" | "unlogged";
  readonly columns: readonly TableColumn[];
  /** Tables that it takes columns from, in their order. Default: none. */
  readonly inherits: readonly Named[];
  /** `RANGE (created_at)`. Default: it has no partitions. */
  readonly partitionBy?: string | undefined;
  readonly partitionOf?: { readonly parent: Named; readonly bound: string } | undefined;
  /** The composite type that it is made of. Default: none. */
  readonly ofType?: Named | undefined;
  /** `fillfactor=70`, in the order in which they were given. */
  readonly options: readonly string[];
  /** The way in which rows are kept, where it is not `heap`. */
  readonly accessMethod?: string | undefined;
  readonly rowSecurity?: "enabled" | "forced" | undefined;
  /** `full`, `nothing`, or the index. Default: the primary key. */
  readonly replicaIdentity?: string | undefined;
  /** The index that `CLUSTER` goes by. */
  readonly clusteredOn?: string | undefined;
};

export type TableColumn = {
  readonly name: string;
  readonly type: string;
  readonly collation?: string | undefined;
  /** The expression as the server writes it. */
  readonly default?: ColumnExpression | undefined;
  readonly generated?: (ColumnExpression & { readonly kept: "stored" | "virtual" }) | undefined;
  readonly identity?: { readonly always: boolean; readonly sequence: SequenceShape } | undefined;
  /** `name` where it is not the one that the server would give. */
  readonly notNull?: NotNullFacts | undefined;
  /** Whether it stands in this table, or only comes from one that it inherits from. */
  readonly isLocal: boolean;
  /** `plain`, `external`, `main`, `extended`, where it is not that of the type. */
  readonly storage?: string | undefined;
  readonly compression?: string | undefined;
  /** How closely `ANALYZE` looks, where that was set. */
  readonly statistics?: number | undefined;
  /** `n_distinct=5`. */
  readonly options: readonly string[];
  readonly comment?: string | undefined;
};

export type ColumnExpression = {
  readonly expression: string;
  /** The ids of what the expression names. */
  readonly needs: readonly string[];
};

export type NotNullFacts = {
  readonly name?: string | undefined;
  readonly noInherit?: true | undefined;
  /** With the name that the server gave, where it did. */
  readonly comment?: { readonly of: string; readonly is: string } | undefined;
  /** Whether the constraint stands in this table, or only comes from one that it inherits from. */
  readonly isLocal: boolean;
};

/** How a sequence counts. Numbers are digits, because they may be beyond 2^53. */
export type SequenceShape = {
  readonly named: Named;
  readonly start: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly cache: string;
  readonly cycle: boolean;
  readonly persistence: "permanent" | "unlogged";
};

export type SequenceObject = Common &
  SequenceShape & {
    readonly kind: "sequence";
    readonly type: string;
    /** The column with which it goes. */
    readonly ownedBy?: { readonly table: Named; readonly column: string } | undefined;
  };

export type ConstraintObject = Common &
  PartOf &
  Defined & {
    readonly kind: "constraint";
    readonly of:
      | "primary key"
      | "unique"
      | "check"
      | "foreign key"
      | "exclusion"
      | "not null"
      | "trigger";
    readonly validated: boolean;
    /** The index of a partitioned table's constraint that the index of this one is a part of. */
    readonly partOf?: Named | undefined;
  };

export type IndexObject = Common &
  PartOf &
  Defined & {
    readonly kind: "index";
    readonly named: Named;
    /** A build that did not end leaves one that is not. */
    readonly valid: boolean;
    readonly partOf?: Named | undefined;
    /** How closely `ANALYZE` looks at an expression, by its place from 1. */
    readonly statistics: readonly (readonly [place: number, target: number])[];
  };

export type ViewObject = Common &
  Defined & {
    readonly kind: "view";
    readonly named: Named;
    readonly materialized: boolean;
    readonly populated: boolean;
    readonly options: readonly string[];
    readonly accessMethod?: string | undefined;
    readonly columns: readonly {
      readonly name: string;
      readonly default?: string | undefined;
      readonly comment?: string | undefined;
    }[];
  };

/** A function, procedure or aggregate. */
export type RoutineObject = Common &
  Defined & {
    readonly kind: "routine";
    readonly of: "function" | "procedure" | "aggregate";
    readonly named: Named;
    /** The arguments that tell it from others of the same name: `integer, text`. */
    readonly arguments: string;
  };

export type TypeObject = Common & { readonly named: Named } & (
    | { readonly kind: "enum"; readonly values: readonly string[] }
    | {
        readonly kind: "domain";
        readonly type: string;
        readonly collation?: string | undefined;
        readonly default?: string | undefined;
        readonly notNull?: NotNullFacts | undefined;
        readonly checks: readonly {
          readonly name: string;
          readonly definition: string;
          readonly validated: boolean;
          readonly comment?: string | undefined;
        }[];
      }
    | {
        readonly kind: "composite";
        readonly attributes: readonly {
          readonly name: string;
          readonly type: string;
          readonly collation?: string | undefined;
          readonly comment?: string | undefined;
        }[];
      }
    | { readonly kind: "range"; readonly options: readonly string[] }
  );

/** A trigger or a rule of a table or a view. */
export type TriggerObject = Common &
  PartOf &
  Defined & {
    readonly kind: "trigger" | "rule";
    readonly enabled: "origin" | "replica" | "always" | "disabled";
  };

export type PolicyObject = Common & PartOf & Defined & { readonly kind: "policy" };

/** An object with a name and one statement that makes it. */
export type PlainObject = Common &
  Defined & {
    readonly kind:
      | "schema"
      | "extension"
      | "collation"
      | "statistics"
      | "event trigger"
      | "publication"
      | "cast"
      | RareKind;
    /** As a comment on it names it: `STATISTICS public.s`. */
    readonly label: string;
    /** Statements after the one that makes it. */
    readonly after: readonly string[];
    /**
     * Of an extension: its version. Default: the one that the server installs by itself, or one
     * that it can only reach from an older database.
     */
    readonly version?: string | undefined;
    /** Of an extension: the version that the server installs by itself. */
    readonly newest?: string | undefined;
  };

/** Kinds of objects that few databases have. */
export type RareKind =
  | "operator"
  | "operator family"
  | "operator class"
  | "conversion"
  | "text search parser"
  | "text search template"
  | "text search dictionary"
  | "text search configuration"
  | "language"
  | "access method"
  | "foreign data wrapper"
  | "server"
  | "foreign table"
  | "transform";

/** An object of a database that keeps the text that made it, and nothing else. */
export type WrittenObject = Common &
  Defined & {
    readonly kind: "written";
    readonly of:
      | "table"
      | "index"
      | "view"
      | "trigger"
      | "sequence"
      | "function"
      | "procedure"
      | "event";
    /** The table that it is of; else its own name. */
    readonly table: Named;
    /** The `sql_mode` in which its text is read. Default: it does not matter. */
    readonly mode?: string | undefined;
  };

export type SchemaObject =
  | TableObject
  | SequenceObject
  | ConstraintObject
  | IndexObject
  | ViewObject
  | RoutineObject
  | TypeObject
  | TriggerObject
  | PolicyObject
  | PlainObject
  | WrittenObject;
