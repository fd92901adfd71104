/** Foreign keys, always as constraints of a table. */
import type { ForeignKeyConstraint } from "../../../core/language/reference-constraint.ts";
import type { ReferentialAction } from "../../../core/language/table-parts.ts";
import { refuse, refuseOptions } from "../refuse.ts";
import { clauses, quoteList, quoteNamed } from "../sql-text.ts";

/**
 * The clause of a foreign key behind the name of its constraint.
 *
 * @throws {UnsupportedOperation} for an option that InnoDB ignores, and for one that it refuses
 */
export function foreignKeyClause(constraint: ForeignKeyConstraint): string {
  const { name, columns, references, onDelete, onUpdate, match } = constraint;
  const what = `the foreign key ${name}`;
  refuseOptions(constraint, what, { deferrable: "Leave it out: InnoDB checks each row at once." });
  if (match !== undefined && match !== "simple") {
    // The server takes the word and then ignores it. https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
    refuse(`check ${what} with MATCH ${match.toUpperCase()}`, 'Leave match out: it is "simple".');
  }
  return clauses(
    `FOREIGN KEY ${quoteList(columns)}`,
    `REFERENCES ${quoteNamed(references.table)} ${quoteList(references.columns)}`,
    onDelete && `ON DELETE ${actionClause(onDelete, what)}`,
    onUpdate && `ON UPDATE ${actionClause(onUpdate, what)}`,
  );
}

function actionClause(action: ReferentialAction, what: string): string {
  if (typeof action !== "string") {
    return refuse(`set only some columns of ${what}`, 'Use "set null", which sets all of them.');
  }
  if (action !== "set default") return action.toUpperCase();
  return refuse(`set the default of ${what}`, 'Use "set null", "cascade" or "restrict".');
}
