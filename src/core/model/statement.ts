/** One SQL statement, as data. */
import type { Probe } from "./probe.ts";

/**
 * How a statement is to be treated when it runs.
 * `plain`: as it is. `locking`: it takes a lock that makes others wait, so it gets a short lock budget and retries.
 * `online`: it runs long beside others and refuses a transaction; a lock timeout would leave a half-made object.
 */
export type StatementPolicy = {
  readonly kind: "plain" | "locking" | "online";
  /** MySQL may copy the table for it while nobody writes. Default: the server is to refuse that. */
  readonly mayCopy?: true | undefined;
};

/** One SQL statement with nothing left to decide. */
export type Statement = {
  readonly sql: string;
  readonly parameters?: readonly unknown[] | undefined;
  readonly policy: StatementPolicy;
  /** It refuses a transaction, or ends the one it is in, so it cannot be made one with its journal. */
  readonly alone?: true | undefined;
  /** The rows that `COPY … FROM stdin` reads. */
  readonly stdin?: string | undefined;
  /** A file's own `BEGIN` or `COMMIT`, in a migration that runs without a transaction of ours. */
  readonly boundary?: "begin" | "end" | undefined;
  /** How to see after a crash whether it had its effect. Default: nobody can tell. */
  readonly probe?: Probe | undefined;
  /** A setting that does nothing inside a transaction: what goes around it in its place, once for each transaction. */
  readonly around?: Around | undefined;
  /** The same with its values apart, for a session that makes a statement once and runs it often. Default: it is sent as it is. */
  readonly prepares?: Prepares | undefined;
  /**
   * Work that needs the catalog first (SQLite's table rebuild): the session carries it out instead
   * of `sql`, which then only describes it. Plain data that belongs to the dialect that made it.
   */
  readonly procedure?: { readonly name: string; readonly input: unknown } | undefined;
  /**
   * One of ours: Slipway may send it together with its neighbours, because nobody needs to know
   * which of them failed.
   */
  readonly joins?: true | undefined;
};

/** A statement with nothing special about it. */
export function plain(sql: string): Statement {
  return { sql, policy: { kind: "plain" } };
}

/** A statement of ours that differs from another one by its values alone. */
export type Prepares = {
  /** With `$1` and so on instead of the values. */
  readonly text: string;
  /** As literals. */
  readonly values: readonly string[];
  /** The comment that the statement ends in. Default: none. */
  readonly mark?: string | undefined;
};

/**
 * The statements around the transaction of a migration, in this order; `atEnd` also when it fails.
 */
export type Around = {
  readonly [Place in "beforeBegin" | "afterBegin" | "beforeCommit" | "atEnd"]: Statement;
};

/** A statement of an SQL file. */
export type SqlStatement = {
  /** Without the closing semicolon. */
  readonly sql: string;
  /** Where it starts in the file, from 1. */
  readonly line: number;
  /** Its words in upper case without comments, strings and names in quotes: enough to recognise it. */
  readonly words: readonly string[];
  /** The rows that `COPY … FROM stdin` reads. */
  readonly stdin?: string;
};
