/** Writes the history that a tenant has in its own schema. */
import type { Dialect } from "../core/language/dialect.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import { versionNumber } from "../core/model/version-key.ts";
import type { Step } from "../core/plan/step.ts";

/** The table of each tenant's history. */
export type HistoryOfTenant = {
  readonly name: string;
  /** Whether it says when a migration ran: Ecto's does, and that of Rails does not. */
  readonly hasTime: boolean;
};

/** Makes the table of a tenant that has nothing yet. */
export function makeOwn({ name, hasTime }: HistoryOfTenant, dialect: Dialect): Statement {
  const { quote: q } = dialect;
  const time = hasTime ? `, ${q("inserted_at")} timestamp(0) NOT NULL` : "";
  return plain(
    `CREATE TABLE IF NOT EXISTS ${q(name)} (${q("version")} bigint NOT NULL PRIMARY KEY${time})`,
  );
}

/** The row of a step in the tenant's own history, for its transaction; in the tenant's schema the table needs no other name. */
export function ownRowOf(
  { name, hasTime }: HistoryOfTenant,
  { file, direction }: Step,
  dialect: Dialect,
): Statement {
  const { quote: q, literal, operator, utcNow } = dialect;
  // Numbers in a column of numbers and in one of texts.
  const number = literal(file.rowNumber ?? versionNumber(file.version));
  if (direction === "down")
    return plain(`DELETE FROM ${q(name)} WHERE ${q("version")} ${operator("=")} ${number}`);
  const columns = ["version", ...(hasTime ? ["inserted_at"] : [])].map(q).join(", ");
  const values = [number, ...(hasTime ? [utcNow] : [])].join(", ");
  return plain(`INSERT INTO ${q(name)} (${columns}) VALUES (${values})`);
}
