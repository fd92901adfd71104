/**
 * Facts about a database that decide how long a migration takes and whom it stops. Plain data, with
 * no row of anybody's.
 */

/**
 * A table, with the schema in its name where that is not the usual one. Unknown facts are left out.
 */
export type MeasuredTable = {
  readonly name: string;
  readonly kind: "table" | "partitioned" | "materialized view";
  /** The table that it is a partition of. */
  readonly partitionOf?: string | undefined;
  /** The server's estimate, without its partitions. */
  readonly rows?: number | undefined;
  /** Its files, without its indexes. */
  readonly bytes?: number | undefined;
  readonly indexBytes?: number | undefined;
  /** How often rows were written since the server began to count. */
  readonly writes?: {
    readonly inserts: number;
    readonly updates: number;
    readonly deletes: number;
  };
  /** PostgreSQL: what a subscriber finds a changed row by. */
  readonly replicaIdentity?: "default" | "nothing" | "full" | "index" | undefined;
};

export type IndexFacts = {
  readonly name: string;
  readonly table: string;
  readonly unique: boolean;
  readonly valid: boolean;
  readonly bytes?: number | undefined;
  /** How often it was used since the server began to count. */
  readonly scans?: number | undefined;
};

/** A publication of PostgreSQL's logical replication. */
export type PublicationFacts = {
  readonly name: string;
  /** Whether it has every table, those that are made later too. */
  readonly allTables: boolean;
  /** `insert`, `update`, `delete`, `truncate`. */
  readonly publishes: readonly string[];
  readonly tables: readonly PublishedTable[];
};

export type PublishedTable = {
  readonly table: string;
  /** Default: all columns, those that are added later too. */
  readonly columns?: readonly string[] | undefined;
  /** Which rows. Default: all. */
  readonly where?: string | undefined;
};

export type SubscriptionFacts = {
  readonly name: string;
  readonly publications: readonly string[];
  readonly tables: readonly string[];
};

/**
 * The readers of this server's changes: standbys, and slots of logical replication. No address of
 * anybody's.
 */
export type ReplicaFacts = {
  readonly name: string;
  readonly kind: "standby" | "physical slot" | "logical slot";
  readonly plugin?: string | undefined;
  readonly active: boolean;
};

/**
 * How a function of an extension computes: `mixed` where forms of the same name differ, or where its
 * body decides.
 */
export type FunctionFacts = {
  readonly name: string;
  readonly volatility: "volatile" | "stable" | "immutable" | "mixed";
};

/** Heavy work that a server has done in an earlier migration, as its events have it. */
export type MeasuredWork = {
  readonly does: "scan" | "index" | "rewrite";
  readonly rows: number;
  readonly bytes: number;
  readonly durationMs: number;
};

/** The facts that judge changes of tables: publications, subscriptions, and what functions of extensions compute. */
export type KnownPublications = Pick<DatabaseFacts, "publications" | "tables" | "functions"> &
  Partial<Pick<DatabaseFacts, "subscriptions">>;

export type DatabaseFacts = {
  readonly server: {
    readonly version: string;
    readonly major: number;
    /** As the server writes them, with their unit. */
    readonly settings: { readonly [name: string]: string };
  };
  /** Of tables, columns, constraints and indexes, whatever is in them: two databases with the same one have the same schema. */
  readonly fingerprint?: string | undefined;
  /** When the server began to count writes and scans, in UTC. */
  readonly countedSince?: string | undefined;
  readonly bytes?: number | undefined;
  readonly tables: readonly MeasuredTable[];
  readonly indexes: readonly IndexFacts[];
  readonly publications: readonly PublicationFacts[];
  readonly subscriptions: readonly SubscriptionFacts[];
  readonly replicas: readonly ReplicaFacts[];
  /** Functions of extensions, but for names that the database has itself. Default: not read. */
  readonly functions?: readonly FunctionFacts[] | undefined;
  /** The facts that could not be read, and why. */
  readonly unknown: readonly string[];
};
