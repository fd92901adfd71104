/** Safe forms → the words that people read, from the statement that was written. */
import { addedConstraint } from "./added-constraint.ts";
import { beside } from "./beside.ts";
import { partitionByPartition } from "./partition-by-partition.ts";
import { proveNotNull } from "./prove-not-null.ts";
import type { SafeStatement, WrittenForm } from "./safe-form.ts";
import { typescriptForm } from "./typescript-form.ts";
import type { Written } from "./written.ts";
import { writtenSql } from "./written-sql.ts";

/**
 * The form as SQL and, where the language has it, as TypeScript. `undefined` where the statement has none that leaves
 * the same catalog behind: rather no form than another one.
 */
export function writeForm(form: SafeStatement, written: Written): WrittenForm | undefined {
  const sql = sqlForm(form, written);
  if (sql === undefined) return undefined;
  const dsl = typescriptForm(form, written);
  return dsl === undefined ? { sql } : { sql, dsl };
}

function sqlForm(form: SafeStatement, written: Written): readonly string[] | undefined {
  try {
    switch (form.form) {
      case "concurrently":
        return beside(form, written);
      case "partition by partition":
        return partitionByPartition(form, written);
      case "validate later":
      case "index first":
        return addedConstraint(form, written);
      case "prove not null":
        return proveNotNull(form, written);
      case "then analyze":
        return written.statement.node?.tree.missing_ok === true
          ? undefined
          : [`${writtenSql(written.statement.text).text};`, `ANALYZE ${form.table};`];
    }
  } catch {
    // A statement that cannot be cut into words has no form.
    return undefined;
  }
}
