/**
 * The rules' verdict on a migration. It is kept with the migration, so that a release needs no
 * parser. Plain data.
 */

import type { HeavyWork } from "../forecast/heavy-work.ts";

/** A finding that nobody has answered. Plain data. */
export type VerdictFinding = {
  readonly rule: string;
  readonly message: string;
  /** In an SQL file, from 1. */
  readonly line?: number | undefined;
  readonly statement: string;
  /** The tables that it is about. */
  readonly tables: readonly string[];
};

/** A statement of an SQL file that has a form which stops nobody. Plain data. */
export type SaferStatement = {
  /** Its place among the statements of the file, from 0. */
  readonly statement: number;
  /** The tables that it is about. */
  readonly tables: readonly string[];
  /** The statements that replace it, each in a separate transaction. */
  readonly sql: readonly string[];
  /** The statements for a server before 18. Default: the same. */
  readonly before18?: readonly string[] | undefined;
  /** The facts that the database must confirm first. Default: nothing. */
  readonly asks?: AskedOfTables | undefined;
};

/** A form for tables that no migration made: it is the same where each is a plain table, which the catalog tells. */
export type AskedOfTables = {
  readonly tables: readonly string[];
  /** The findings about the statement that are gone with it: their rules and their text. */
  readonly rules: readonly string[];
  readonly text: string;
};

/** A finding that is one where its table is published, which the database tells. Plain data. */
export type IfPublished = VerdictFinding & {
  /** A publication with a list of columns may leave it out. Default: it is about the whole table. */
  readonly column?: string | undefined;
};

/** Stands in the message of such a finding until the names of the publications replace it. */
export const someFeed = "{publications}";

/** The verdict on one migration. */
export type Verdict = {
  readonly findings: readonly VerdictFinding[];
  /** The tables that it makes: a later migration of the same run may do with them what it likes. */
  readonly makes: readonly string[];
  /** The tables that it found and calls something else: `[before, after]`. Default: none. */
  readonly moves?: readonly (readonly [string, string])[] | undefined;
  /** The work that takes longer the more rows there are. Default: nothing. */
  readonly heavy?: readonly HeavyWork[] | undefined;
  /**
   * The statements that `safe: "auto"` replaces; `findings` holds those that remain then. Default:
   * nothing.
   */
  readonly safer?: readonly SaferStatement[] | undefined;
  /** The findings that count only if their table is published. Default: nothing. */
  readonly ifPublished?: readonly IfPublished[] | undefined;
};
