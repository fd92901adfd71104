/**
 * The vocabulary of the rules: the foretold effects of a statement on a database that others use.
 */

import type { Tree } from "../../sql/tree.ts";
import type { NotNullProof, PartitionIndex, SafeStatement } from "../forms/safe-form.ts";
import type {
  CatalogColumn,
  CatalogConstraint,
  CatalogIndex,
  Domain,
  Table,
  TypeName,
} from "./catalog.ts";
import type { LockMode } from "./lock.ts";
import type { PolicyEffect } from "./policy-effect.ts";
import type { SqliteEffect } from "./sqlite-effect.ts";
import type { SubscribedChange } from "./subscribed-change.ts";

/** Why the rows of a table are read while the statement holds its lock. */
export type ScanReason =
  | "set not null"
  | "check"
  | "foreign key"
  | "validate"
  | "domain"
  | "attach"
  | "read";

export type Effect =
  | {
      readonly kind: "lock";
      readonly table: Table;
      readonly mode: LockMode;
      readonly pair?: CatalogConstraint | undefined;
    }
  | {
      readonly kind: "work";
      readonly table: Table | undefined;
      readonly words: string;
      readonly validates?: CatalogConstraint | undefined;
    }
  | {
      readonly kind: "index built";
      readonly table: Table;
      readonly index: string;
      readonly concurrently: boolean;
      readonly columns: readonly string[];
      readonly unique: boolean;
      readonly ifNotExists: boolean;
      readonly only: boolean;
      /** Of a partitioned table: the indexes that its partitions get; `undefined` where they are not all known. */
      readonly partitions?: readonly PartitionIndex[] | undefined;
    }
  | {
      readonly kind: "index dropped";
      readonly table: Table | undefined;
      readonly index: string;
      readonly concurrently: boolean;
      readonly ifExists: boolean;
      readonly was: CatalogIndex | undefined;
    }
  | {
      readonly kind: "index rebuilt";
      readonly what: string;
      readonly concurrently: boolean;
      /** Whether it is known what it is about. */
      readonly isSure: boolean;
      /** Whether CONCURRENTLY builds the same: the index of an exclusion it leaves as it is. */
      readonly hasForm: boolean;
    }
  | {
      readonly kind: "index replaced late";
      readonly dropped: string;
      readonly built: string;
      readonly table: string;
    }
  | { readonly kind: "concurrently in transaction"; readonly words: string }
  | {
      readonly kind: "column added";
      readonly table: Table;
      readonly column: CatalogColumn;
      readonly rewrite?: string | undefined;
      readonly ifNotExists: boolean;
    }
  | { readonly kind: "column required"; readonly table: Table; readonly column: string }
  | {
      readonly kind: "column type changed";
      readonly table: Table;
      readonly column: string;
      /** The column before; `undefined` where an earlier migration made it that is not known. */
      readonly from: CatalogColumn | undefined;
      readonly indexes: readonly CatalogIndex[];
      readonly to: TypeName;
      readonly cost: TypeChangeCost;
    }
  | {
      readonly kind: "statistics lost";
      readonly table: Table;
      readonly column: string;
      /** Extended statistics that go with it. */
      readonly extended: readonly string[];
    }
  | {
      /**
       * The planner gathers its knowledge of the table anew; of all tables where that is
       * `undefined`.
       */
      readonly kind: "analyzed";
      readonly table: Table | undefined;
      /** Default: all columns. */
      readonly columns?: readonly string[] | undefined;
    }
  | {
      readonly kind: "not null enforced";
      readonly table: Table;
      readonly columns: readonly string[];
      readonly by: "set not null" | "not null constraint" | "primary key";
      /**
       * The part of the statement that demands it; `proofs` are constraints that could prove it
       * before.
       */
      readonly written: Tree;
      readonly proofs: readonly NotNullProof[];
    }
  | {
      readonly kind: "not null unproven";
      readonly table: Table;
      readonly partition: Table;
      readonly column: string;
      /** The constraint of the partition that was never validated. */
      readonly name: string;
    }
  | {
      readonly kind: "constraint added";
      readonly table: Table;
      readonly constraint: CatalogConstraint;
      readonly scans: boolean;
      readonly builds: boolean;
      readonly onColumn: boolean;
      /** The part of the statement that adds it. */
      readonly written: Tree;
      /** Of a primary key: what its columns still lack. */
      readonly proofs?: readonly NotNullProof[] | undefined;
    }
  | {
      readonly kind: "constraint validated";
      readonly table: Table;
      readonly constraint: CatalogConstraint | undefined;
      readonly name: string;
      readonly sameTransaction: boolean;
    }
  | {
      readonly kind: "constraint dropped";
      readonly table: Table;
      readonly name: string;
      readonly primaryKey: boolean;
      readonly replaced: boolean;
    }
  | {
      readonly kind: "domain checked";
      readonly name: string;
      readonly domain: Domain | undefined;
      readonly tables: readonly Table[];
      readonly by: "check" | "not null" | "validate";
    }
  | {
      readonly kind: "matview refreshed";
      readonly view: Table;
      readonly concurrently: boolean;
      /** Whether an index is known that CONCURRENTLY can go by. */
      readonly isRefreshable: boolean;
    }
  | {
      readonly kind: "table rewritten";
      readonly table: Table | undefined;
      readonly command: string;
    }
  | {
      readonly kind: "partition detached";
      readonly table: Table;
      readonly partition: Table;
      readonly concurrently: boolean;
      /** The tables that are read for rows that refer to it. */
      readonly reads: readonly Table[];
    }
  | {
      readonly kind: "partition scanned";
      readonly table: Table;
      readonly scanned: Table;
      readonly isDefault: boolean;
    }
  | {
      readonly kind: "work under lock";
      readonly words: string;
      readonly held: Table;
      readonly mode: LockMode;
    }
  | { readonly kind: "tables locked"; readonly tables: readonly Table[] }
  | {
      readonly kind: "enum value used";
      readonly name: string;
      readonly value: string;
      readonly added: boolean;
    }
  | { readonly kind: "transaction control"; readonly why: string }
  | {
      readonly kind: "lost";
      readonly what: "column" | "table" | "schema" | "database" | "rows";
      readonly name: string;
      readonly table?: Table | undefined;
      readonly older: boolean;
    }
  | {
      readonly kind: "cascade";
      readonly what: string;
      readonly older: boolean;
      /** The tables and views that it is about; none where nothing shows them. */
      readonly tables: readonly string[];
    }
  | {
      readonly kind: "renamed";
      readonly what: "column" | "table" | "view" | "materialized view" | "schema" | "enum value";
      readonly from: string;
      readonly to: string;
      readonly table?: Table | undefined;
      readonly older: boolean;
    }
  | {
      readonly kind: "rows changed";
      readonly verb: "UPDATE" | "DELETE" | "MERGE";
      readonly table: Table;
      readonly bounded: boolean;
    }
  | { readonly kind: "identity lost"; readonly table: Table }
  | {
      /** A table that publications send was changed in a way that is not sent, or that stops its subscribers. */
      readonly kind: "published changed";
      readonly table: Table;
      readonly what:
        | "column added"
        | "column type"
        | "column dropped"
        | "renamed"
        | "truncated"
        | "identity lost";
      readonly column: string | undefined;
      readonly publications: readonly string[];
      /** Whether subscribers are sent a TRUNCATE. */
      readonly sendsTruncate: boolean;
    }
  | SubscribedChange
  | { readonly kind: "triggers disabled"; readonly table: Table }
  | { readonly kind: "table locked"; readonly table: Table; readonly mode: LockMode }
  | {
      readonly kind: "fails";
      readonly why: string;
      /** The page that proves it. Default: the rule's. */
      readonly source?: string | undefined;
      readonly refusesTransaction?: true;
      /** A replacement for the statement, as SQL or as a form. Default: none is known. */
      readonly safe?: readonly string[] | SafeStatement | undefined;
    }
  | { readonly kind: "unparsable"; readonly why: string }
  | { readonly kind: "table made"; readonly name: string }
  | { readonly kind: "table moved"; readonly from: string; readonly to: string }
  | MysqlChange
  | { readonly kind: "pragma in transaction"; readonly pragma: string }
  | SqliteEffect
  | PolicyEffect;

/**
 * The best way in which MySQL and MariaDB can change a table. `copy`: by a copy of it, while nobody writes.
 * `shared`: in place, while nobody writes. `rebuild`: in place, beside writers, by building it anew.
 */
export type MysqlChange = {
  readonly kind: "mysql change";
  readonly way: "copy" | "shared" | "rebuild";
  /** `posts`, `blog.posts` */
  readonly table: string;
  /** The server that needs it. Default: both do. */
  readonly only?: "MariaDB" | undefined;
  /** The changed thing, as a noun: `the foreign key of posts`. */
  readonly what: string;
};

/** The cost of a new type for a column. `nothing` changes the catalog alone. */
export type TypeChangeCost =
  | { readonly kind: "nothing" }
  | { readonly kind: "rewrite"; readonly why: string }
  | { readonly kind: "index"; readonly index: Pick<CatalogIndex, "name"> }
  | { readonly kind: "check"; readonly constraint: string };

export type EffectKind = Effect["kind"];
export type EffectOf<Kind extends EffectKind> = Extract<Effect, { readonly kind: Kind }>;
