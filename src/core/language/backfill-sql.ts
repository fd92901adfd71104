/** The SQL that backfills need, as each kind of database spells it. */
import type { Named } from "../model/named.ts";

/** A column as the catalog has it. */
export type ColumnFacts = {
  readonly name: string;
  /** As the database names it: `bigint`, `varchar(20)`. */
  readonly type: string;
  /**
   * The type under a domain, by the catalog's own name, whatever a session is set to: `int8`, `record`. Default:
   * `type`.
   */
  readonly base: string;
  /** The type under a domain, as a cast takes it. Default: `type`. */
  readonly cast: string;
  /**
   * The collation of a text column, where values of one cannot be compared with those of another (MySQL), or copies
   * lose it (SQLite).
   */
  readonly collation: string | undefined;
  /** The schema of the operators that order the type, on PostgreSQL. Default: operators have no schema. */
  readonly operators?: string | undefined;
  readonly notNull: boolean;
  /** Whether the database gives a new row a value there. */
  readonly hasDefault: boolean;
  /** Whether each change of a row puts the present time there. */
  readonly moves: boolean;
};

/** New values of rows: `values` in the order of `columns`, `key` in that of `keys`, as text. */
export type RowUpdates = {
  readonly table: Named;
  readonly keys: readonly Pick<
    ColumnFacts,
    "name" | "type" | "base" | "cast" | "collation" | "operators"
  >[];
  readonly columns: readonly ColumnFacts[];
  readonly rows: readonly RowUpdate[];
};

export type RowUpdate = { readonly key: readonly string[]; readonly values: readonly unknown[] };

/** Statements for many rows at once, and the rows that need a separate statement each. */
export type UpdateSqls = {
  readonly sqls: readonly string[];
  readonly single: readonly RowUpdate[];
};

/** Whether policies may hide rows: not unless they are meant to. */
export type RowSecurity = "refuse" | "as-role";

/**
 * Queries of signals. A row whose `state` (or `relid`) is NULL is one that this user may not see.
 */
export interface SignalSql {
  /** Replicas: `application_name`, `pid`, `state`, `lag` in milliseconds, `replayed` and `written` as places in the log. */
  readonly replicas: string;
  /** The slot that keeps the most of the log: `slot_name`, and the bytes as `value`. */
  readonly fullestSlot: string;
  /** The place in the log as a number, `value`. */
  readonly log: string;
  /** The vacuum of a table or of its partitions: `relid`, `phase`. */
  vacuum(table: Named): string;
}

/** The SQL of a database that backfills need. */
export interface BackfillSql {
  /** The present time of the server in whole milliseconds, so that no two clocks are ever compared. */
  readonly nowMs: string;
  /** Base types for which the driver gives a number or a date, and loses digits. */
  readonly inexact: RegExp;
  /** Base types whose text does not give the same value back, or has another order. */
  readonly withoutText: RegExp;
  /**
   * The clause that locks rows until the transaction ends. A weaker lock would let others change
   * the values from which new ones are made. Default: none, because every writer waits for the
   * transaction.
   */
  readonly locking?: string;
  /**
   * The same for rows of Slipway's own: with or without waiting for the holder of their locks. Default: as with
   * `locking`.
   */
  readonly lockOwn?: { readonly wait: string; readonly skip: string };
  /** Whether other nodes of a cluster do not see these locks, so that a claim is a lease which is committed. Default: `false`. */
  readonly leasesClaims?: boolean;
  /** Whether a query locks every row that it sorts, and not only those that it gives. Default: `false`. */
  readonly locksSorted?: boolean;
  /** Whether an index finds rows by an order of several columns as one value: `(a, b) > (1, 2)`. Default: `true`. */
  readonly rowValues?: boolean;
  /** Whether a copy of columns by a query loses what orders them, so that they must be declared. Default: `false`. */
  readonly declaresCopies?: boolean;
  /** Ends an INSERT that leaves out rows which are there. Default: `ON CONFLICT DO NOTHING`. */
  skipConflict?(column: string): string;
  /** Statements that limit one transaction. Default: `batchSettings` of the session. */
  limits?(limits: {
    readonly lockTimeoutMs: number;
    readonly timeoutMs: number;
    readonly silenceMs: number;
  }): readonly string[];
  /** The place in the server's log as text, and the bytes that it has written since. Default: there is no such log. */
  readonly log?: { readonly place: string; since(place: string): string };
  /**
   * The server's statistics of a table, and the statement that renews them. Default: it has none.
   */
  readonly statistics?: {
    /** A query for values of a column that part the rows evenly, in order, as `bound`. */
    bounds(table: Named, column: string): string;
    /** Looks, and waits for nobody. */
    gather(table: Named): string;
  };
  /**
   * A query for a text, `value`, that all databases of one server give and no other server. Default: each database counts
   * as a server.
   */
  readonly server?: string;
  /**
   * Queries that only a server with replicas and a vacuum can answer. Default: a throttle that asks
   * for one holds and says why.
   */
  readonly signals?: SignalSql;
  /**
   * Queries for a node of a cluster, each as `Value`: the nanoseconds that it has paused, and the work that it has yet
   * to do.
   */
  readonly cluster?: { readonly pausedNs: string; readonly queue: string };
  /**
   * Queries for columns, unique indexes (partial ones are left out), and the estimated rows and the triggers of a table;
   * `lasting` is its storage engine when that cannot roll back.
   */
  tableFacts(table: Named): {
    readonly columns: string;
    readonly unique: string;
    readonly about: string;
  };
  /**
   * Queries for a `value`, what others are doing on the server: how many connections are at work, and how old the oldest
   * transaction is, in milliseconds. `hidden` is how many there are of which nothing may be seen. Default: nobody can tell.
   */
  readonly activity?: { readonly active: string; readonly oldestMs: string };
  /**
   * The minimum rest after a batch of `batchMs` milliseconds, so that others can write too.
   * Default: 0.
   */
  restMs?(batchMs: number): number;
  /** The first statements of a transaction that reads or writes values as text. Default: none. */
  settings?(rowSecurity: RowSecurity): readonly string[];
  /** Finds a row that has NULL in a primary key. Default: there can be none. */
  nullKeySql?(table: Named, key: readonly string[]): string;
  /** A value of a key as text that gives it back whatever its type is. Default: a cast, for the type of the column. */
  keyText?(expression: string, column: Pick<ColumnFacts, "base">): string;
  /** The value that such a text stands for, in SQL. Default: by the type of the column. */
  keyLiteral?(text: string, column: Pick<ColumnFacts, "cast">): string;
  /** Such a text for people to read. Default: it is. */
  keyShown?(text: string): string;
  /** A comparison of values of one type, by the operators that order it. Default: the sign. */
  compare?(sign: "=" | "<" | "<=" | ">" | ">=", column: Pick<ColumnFacts, "operators">): string;
  /** A column as code is to see it, without a loss. Default: text. */
  exactly?(expression: string, column: Pick<ColumnFacts, "type" | "base">): string;
  /** Writes values as exactly as the database reads them from their text. Default: each row by itself. */
  updateRows?(updates: RowUpdates): UpdateSqls;
}
