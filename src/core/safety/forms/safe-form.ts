/**
 * A rule's offer in exchange for a statement, as data. SQL and TypeScript are made of it once, from
 * the statement itself.
 */
import type { Tree } from "../../sql/tree.ts";

/**
 * The closed list. `part` is the subtree of the statement that the form is about: of ALTER TABLE the constraint or the
 * subcommand. Everything else that was written stays as it is.
 */
export type SafeStatement =
  /** The same statement with CONCURRENTLY. */
  | {
      readonly form: "concurrently";
      readonly note?: string | undefined;
      /** Of DROP INDEX: the index, and its table where that is known. */
      readonly drops?:
        | { readonly index: string; readonly table: TableName | undefined }
        | undefined;
    }
  /** The index of the partitioned table alone, then that of each partition, then ATTACH. */
  | {
      readonly form: "partition by partition";
      readonly index: string;
      readonly partitions: readonly PartitionIndex[];
    }
  /** The constraint NOT VALID, then VALIDATE. */
  | { readonly form: "validate later"; readonly part: Tree; readonly constraint: string }
  /** Its unique index CONCURRENTLY, then the constraint that takes it over. */
  | {
      readonly form: "index first";
      readonly part: Tree;
      readonly constraint: string;
      /** Columns that a primary key makes NOT NULL. */
      readonly notNull: readonly NotNullProof[];
    }
  /** The same statement, then ANALYZE of the table, which is given as SQL. */
  | { readonly form: "then analyze"; readonly table: string }
  /** A constraint that proves NOT NULL, validated, then SET NOT NULL. */
  | {
      readonly form: "prove not null";
      readonly part: Tree;
      readonly proofs: readonly NotNullProof[];
    };

type TableName = { readonly schema: string; readonly name: string };

/** A partition, and what its index is called. */
export type PartitionIndex = {
  readonly schema: string;
  readonly name: string;
  readonly index: string;
};

/** A column, and the name of the constraint that proves that it is never NULL. */
export type NotNullProof = { readonly column: string; readonly constraint: string };

/** A form in words: what people read. */
export type WrittenForm = {
  readonly sql: readonly string[];
  readonly dsl?: readonly string[] | undefined;
};

/** Whether it still has to be written. */
export function isForm(safe: SafeStatement | WrittenForm): safe is SafeStatement {
  return "form" in safe;
}
