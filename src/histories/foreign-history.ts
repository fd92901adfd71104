/**
 * Another tool's history, as facts: how to recognise it, which columns to read, and what its rows
 * mean.
 */

import type { FileFacts } from "../core/model/file-facts.ts";

export type { FileFacts };

/** A row of another tool's table. Each value is the text that the database gives for it. */
export type TextRow = { readonly [column: string]: string | undefined };

/** A row's record of one migration. */
export type ForeignRow = {
  /** The tool's name for the migration, as `keys` gives it for a file. */
  readonly key: string;
  /** `failed` may have left a part of the migration; `rolled_back` counts as never having run. */
  readonly state: "applied" | "failed" | "rolled_back";
  /** The reason that people read beside a state that is not `applied`. */
  readonly reason?: string | undefined;
  readonly appliedAt?: Date | undefined;
  /** A checksum of the file when it ran, as the tool writes it. */
  readonly checksum?: string | undefined;
  /** It covers all files up to this version, as the tool writes versions. Default: only one. */
  readonly standsFor?: string | undefined;
  /** The row itself, where it was read from a table. */
  readonly text?: TextRow;
};

/** Checksums as other tools make them. Hexadecimal digits in lower case. */
export type Hashes = {
  readonly md5: (text: string) => string;
  readonly sha1: (text: string) => string;
  readonly sha256: (text: string) => string;
  readonly sha384: (text: string) => string;
  /** As a signed number of 32 bits, as Java writes it. */
  readonly crc32: (text: string) => number;
};

/** The signs that a table belongs to a tool. */
export type TableSign = {
  readonly name: string;
  /** Its schema on PostgreSQL. Default: any. */
  readonly schema?: string | undefined;
  /** Columns that it has. */
  readonly has: readonly string[];
  /** Columns by which it would be another tool's. Default: none. */
  readonly lacks?: readonly string[];
  /** Another table that must exist too, or must not. Default: none. */
  readonly beside?: string;
  readonly notBeside?: string;
};

/** A row by which the tool says that it runs now, or that it died. */
export type ForeignLock = {
  readonly table: string;
  /** The column, and its texts while the lock is held. */
  readonly column: string;
  readonly held: readonly string[];
};

/** One tool. Two pure functions give the meaning of a row and the file's names in it. */
export interface ForeignHistory {
  /** As `--from` takes it. */
  readonly tool: string;
  /** For people. */
  readonly label: string;
  readonly table: TableSign;
  /** Columns that are read, as text. Those that a newer release of the tool added may be missing. */
  readonly columns: readonly string[];
  readonly laterColumns?: readonly string[];
  /** Those that hold `now()` without its zone where the column has none. Default: none, so their times are in UTC. */
  readonly wallClock?: readonly string[];
  /** The columns that order its rows as they ran. */
  readonly order: readonly string[];
  /** Nothing in its rows tells in which order they ran. Default: `order` does. */
  readonly keepsNoOrder?: true;
  /** The meaning of one row; `undefined` for one that is no migration. */
  says(row: TextRow): ForeignRow | undefined;
  /** The meaning of its rows together, in their order. Default: each means what `says` gives. */
  together?(rows: readonly ForeignRow[]): readonly ForeignRow[];
  /** The file's possible names in a row. Empty: the tool would not run it. */
  keys(file: FileFacts, hashes: Hashes): readonly string[];
  /** Checksums of the file, any of which is right. Default: the tool keeps none. */
  checksums?(file: FileFacts, hashes: Hashes): readonly string[];
  /** Whether the row covers this file. Default: no row covers several. */
  covers?(row: ForeignRow, file: FileFacts): boolean;
  /** Whether a row covers all files that are not newer. Default: only its own. */
  readonly upTo?: true;
  /** Default: it says nothing while it runs. */
  readonly lock?: ForeignLock;
}
