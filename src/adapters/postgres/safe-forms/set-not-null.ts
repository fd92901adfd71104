/** NOT NULL without a scan that stops others. */

import { alter, locks, part } from "../../../core/language/safe/parts.ts";
import type { SafePart } from "../../../core/language/safe/safe-part.ts";
import type { Named } from "../../../core/model/named.ts";
import { clauses, quote, quoteNamed } from "../sql-text.ts";

/** The version of the server. Default: unknown, which takes the way that every version knows. */
export type PostgresServer = { readonly major?: number | undefined };

export type NotNull = {
  readonly table: Named;
  readonly column: string;
  readonly proof: string;
};

/**
 * PostgreSQL 18 has NOT NULL constraints that are validated later; before, a check that is valid spares SET NOT NULL
 * its scan. https://www.postgresql.org/docs/18/sql-altertable.html
 */
export function setNotNull(wish: NotNull, server: PostgresServer): readonly SafePart[] {
  const { table, column, proof } = wish;
  const validate = part(`validate ${proof}`, locks.beside, {
    kind: "validate_constraint",
    table,
    name: proof,
  });
  if ((server.major ?? 0) >= 18) return [addNotNull(wish), validate];
  return [
    part(`check in new rows that ${column} is not null`, locks.moment, {
      kind: "create_constraint",
      table,
      constraint: {
        kind: "check",
        name: proof,
        expression: `${quote(column)} IS NOT NULL`,
        validate: false,
      },
    }),
    validate,
    part(
      `set not null on ${column}; drop ${proof}`,
      locks.moment,
      alter(table, { kind: "set_not_null", name: column }),
      { kind: "drop_constraint", table, name: proof },
    ),
  ];
}

function addNotNull({ table, column, proof }: NotNull): SafePart {
  const sql = clauses(
    `ALTER TABLE ${quoteNamed(table)}`,
    `ADD CONSTRAINT ${quote(proof)} NOT NULL ${quote(column)} NOT VALID`,
  );
  return part(`not null on ${column} for new rows`, locks.moment, { kind: "execute", sql });
}
