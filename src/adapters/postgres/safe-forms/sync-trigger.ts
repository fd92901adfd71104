/** A trigger that keeps one column in step with another. */
import { derivedName } from "../../../core/language/names.ts";
import type { SchemaOperation } from "../../../core/language/operation.ts";
import type { Named } from "../../../core/model/named.ts";
import { identifierLimit, quote, quoteNamed } from "../sql-text.ts";

/** What keeps a column in step with another one. */
export type InStep = {
  readonly name: string;
  readonly target: string;
  /** SQL over the columns of the row that is written. */
  readonly value: string;
  /** The type of `target`, as PostgreSQL spells it. */
  readonly type: string;
};

/**
 * A time is read by the time zone of the migration, as the plain change reads it, whoever writes the row: the fill
 * and each writer would have their own.
 */
export function keepInStep(table: Named, step: InStep): readonly SchemaOperation[] {
  const { trigger, procedure } = namesOf(table, step.name);
  const zone = /^timestamp/i.test(step.type) ? " SET TimeZone FROM CURRENT" : "";
  return [
    execute(`CREATE FUNCTION ${procedure}() RETURNS trigger LANGUAGE plpgsql${zone} AS $slipway$
BEGIN
  NEW.${quote(step.target)} := (SELECT ${step.value} FROM (SELECT NEW.*) AS written);
  RETURN NEW;
END
$slipway$`),
    execute(
      `CREATE TRIGGER ${trigger} BEFORE INSERT OR UPDATE ON ${quoteNamed(table)} FOR EACH ROW EXECUTE FUNCTION ${procedure}()`,
    ),
    // For rows that a subscription writes too: https://www.postgresql.org/docs/current/logical-replication-architecture.html
    execute(`ALTER TABLE ${quoteNamed(table)} ENABLE ALWAYS TRIGGER ${trigger}`),
  ];
}

/** Takes the trigger of a column away. */
export function stopKeepingInStep(table: Named, column: string): readonly SchemaOperation[] {
  const { trigger, procedure } = namesOf(table, column);
  return [
    execute(`DROP TRIGGER ${trigger} ON ${quoteNamed(table)}`),
    execute(`DROP FUNCTION ${procedure}()`),
  ];
}

/** Triggers fire in the order of their names, and this one must see the row as the others have left it. */
function namesOf(table: Named, column: string) {
  const name = derivedName(`zz_slipway_${table.name}_${column}`, "sync", identifierLimit);
  return { trigger: quote(name), procedure: quoteNamed({ ...table, name }) };
}

function execute(sql: string): SchemaOperation {
  return { kind: "execute", sql };
}
