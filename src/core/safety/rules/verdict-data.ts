/** What the rules say of a migration, as it is kept with it: a release needs no parser then. Plain data. */

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

/** What is said of one migration. */
export type Verdict = {
  readonly findings: readonly VerdictFinding[];
  /** The tables that it makes: a later migration of the same run may do with them what it likes. */
  readonly makes: readonly string[];
  /** The tables that it found and calls something else: `[before, after]`. Default: none. */
  readonly moves?: readonly (readonly [string, string])[] | undefined;
};
