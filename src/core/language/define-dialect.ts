/**
 * Makes a dialect of its special parts: the rest has the default of standard SQL, or of a database
 * without it.
 */

import { isFragment } from "../model/fragment.ts";
import { splitStatements } from "../sql/statements.ts";
import type { BackfillSql } from "./backfill-sql.ts";
import { type Dialect, type DialectDefinition, UnsupportedOperation } from "./dialect.ts";
import { plainForm } from "./safe/plain-forms.ts";

/** Fills in the defaults, which `DialectDefinition` names member by member. */
export function defineDialect(definition: DialectDefinition): Dialect {
  const { label, syntax, resetSettings = [] } = definition;
  const quote = definition.quote ?? standardQuote;
  const literal = definition.literal ?? standardLiteral;
  const castToText =
    definition.castToText ?? ((expression: string) => `CAST(${expression} AS VARCHAR)`);
  return {
    identifierLimit: { length: 63, unit: "bytes" },
    begin: "BEGIN",
    commit: "COMMIT",
    rollback: "ROLLBACK",
    lockSettings: () => [],
    resetSettings,
    clearSession: resetSettings,
    safely: (form) =>
      plainForm(form, {
        quote,
        concurrently: false,
        note: `${label} lets others wait until it is done`,
        defaultSql: ({ default: value = null }) => literal(value),
      }),
    holdRowsSql: () => "SELECT 1",
    refusesTransaction: () => false,
    splitStatements: (sql) => splitStatements(sql, syntax),
    quote,
    quoteNamed: ({ prefix, name }) =>
      [prefix, name].flatMap((part) => (part === undefined ? [] : quote(part))).join("."),
    literal,
    probeSql: (probe) => {
      throw new UnsupportedOperation(`tell whether ${probe.kind} of a migration is there`, {
        hint: "Run the migration in a transaction.",
      });
    },
    repair: () => [],
    operator: (sign) => sign,
    builtin: (name) => name,
    isOneOf: (expression, values) => `${expression} IN (${values.join(", ")})`,
    catalogOnly: "",
    allRows: "",
    castToText,
    timeToText: castToText,
    backfill: noBackfill,
    connectionId: "NULL",
    elapsedMs: "NULL",
    ...definition,
  };
}

/** `name` as standard SQL quotes it. */
export function standardQuote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A value as standard SQL writes it: dates are ISO 8601 text, arrays and objects JSON text.
 *
 * @throws {UnsupportedOperation} for bytes, a number that is not finite and text with a NUL character
 */
export function standardLiteral(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (isFragment(value)) return value.sql;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (typeof value === "bigint" || Number.isFinite(value)) return String(value);
  if (typeof value === "number") throw unwritable(`the number ${value}`, "Give a finite number.");
  if (value instanceof Uint8Array) throw unwritable("bytes", "Write them with sql`…`.");
  const text =
    value instanceof Date
      ? value.toISOString()
      : typeof value === "string"
        ? value
        : JSON.stringify(value);
  if (text.includes("\0")) throw unwritable("text with a NUL character", "Leave it out.");
  return `'${text.replaceAll("'", "''")}'`;
}

function unwritable(what: string, hint: string): UnsupportedOperation {
  return new UnsupportedOperation(`write ${what}`, { hint });
}

/** Refuses backfills as soon as anything reads one of its members. */
export const noBackfill: BackfillSql = {
  get nowMs(): string {
    return refuseBackfill();
  },
  get inexact(): RegExp {
    return refuseBackfill();
  },
  get withoutText(): RegExp {
    return refuseBackfill();
  },
  tableFacts: refuseBackfill,
};

function refuseBackfill(): never {
  throw new UnsupportedOperation("run a backfill", {
    hint: "Write it as statements of a migration, or give the dialect of the adapter a backfill.",
  });
}
