/** What the rules say of a migration, as it is kept with it: a release needs no parser then. Plain data. */

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
  /** What is sent in its place, each a transaction of its own. */
  readonly sql: readonly string[];
  /** What is sent to a server before 18. Default: the same. */
  readonly before18?: readonly string[] | undefined;
  /** What the database must say first. Default: nothing. */
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

/** What stands in the message of such a finding for the publications. */
export const someFeed = "{publications}";

/** What is said of one migration. */
export type Verdict = {
  readonly findings: readonly VerdictFinding[];
  /** The tables that it makes: a later migration of the same run may do with them what it likes. */
  readonly makes: readonly string[];
  /** The tables that it found and calls something else: `[before, after]`. Default: none. */
  readonly moves?: readonly (readonly [string, string])[] | undefined;
  /** What of it lasts as long as there are rows. Default: nothing. */
  readonly heavy?: readonly HeavyWork[] | undefined;
  /** What `safe: "auto"` replaces in it; the findings are those that are left then. Default: nothing. */
  readonly safer?: readonly SaferStatement[] | undefined;
  /** What is found where a table of it is published. Default: nothing. */
  readonly ifPublished?: readonly IfPublished[] | undefined;
};
