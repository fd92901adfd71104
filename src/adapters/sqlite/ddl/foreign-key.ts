/** Foreign keys. https://www.sqlite.org/foreignkeys.html */
import type {
  Constraint,
  ForeignKey,
  ReferentialAction,
} from "../../../core/language/table-parts.ts";
import { quote, quoteNamed } from "../quote.ts";
import { alwaysValidated, refuse } from "../refuse.ts";

type Reference = Pick<ForeignKey, "onDelete" | "onUpdate" | "match" | "deferrable" | "validate"> & {
  readonly name: string;
  readonly table: ForeignKey["table"];
  readonly columns: readonly string[];
};

/** `CONSTRAINT … REFERENCES …`, to stand behind a column. */
export function columnReference(key: ForeignKey): string {
  return `CONSTRAINT ${quote(key.name)} ${references({ ...key, columns: [key.column] })}`;
}

/** The composite key of a column as a table constraint. */
export function compositeReference(column: string, key: ForeignKey): string {
  const pairs = Object.entries({ [column]: key.column, ...key.with });
  return tableReference({
    kind: "foreign_key",
    ...key,
    columns: pairs.map(([local]) => local),
    references: { table: key.table, columns: pairs.map(([, target]) => target) },
  });
}

/** `CONSTRAINT … FOREIGN KEY (…) REFERENCES …`. */
export function tableReference(key: Extract<Constraint, { kind: "foreign_key" }>): string {
  const columns = key.columns.map(quote).join(", ");
  return `CONSTRAINT ${quote(key.name)} FOREIGN KEY (${columns}) ${references({ ...key, ...key.references })}`;
}

function references(key: Reference): string {
  const { name, match, onDelete, onUpdate, deferrable } = key;
  if (key.validate === false) refuse(`leave constraint ${name} unvalidated`, alwaysValidated);
  if (match !== undefined && match !== "simple") {
    // https://www.sqlite.org/foreignkeys.html#fk_unsupported: parsed, not enforced
    refuse(
      `use match ${match} in constraint ${name}`,
      "Leave match out: SQLite only has match simple.",
    );
  }
  const words = [`REFERENCES ${quoteNamed(key.table)} (${key.columns.map(quote).join(", ")})`];
  if (onDelete !== undefined) words.push(`ON DELETE ${action(onDelete, name)}`);
  if (onUpdate !== undefined) words.push(`ON UPDATE ${action(onUpdate, name)}`);
  if (deferrable !== undefined) words.push(`DEFERRABLE ${deferrable.toUpperCase()}`);
  return words.join(" ");
}

function action(given: ReferentialAction, name: string): string {
  if (typeof given === "string") return given.toUpperCase();
  refuse(
    `set only some columns of constraint ${name}`,
    'Use "set null" or "set default", which set all of its columns.',
  );
}
