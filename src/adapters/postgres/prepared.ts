/**
 * Statements of ours that are sent again and again. To parse and plan the row of a history takes the server longer than
 * to write it, so from the second time on it keeps them. https://www.postgresql.org/docs/current/sql-prepare.html
 */
import type { Statement } from "../../core/model/statement.ts";
import type { RoundTrip } from "./round-trips.ts";

/** A statement as it is sent. */
export type Sent = {
  readonly sql: string;
  /** Which one of the trip it is, or is for. */
  readonly of: number;
  /** The text that it makes. Default: it makes none. */
  readonly makes?: string;
  /** Runs one that was made. */
  readonly isOurs?: true;
  /** Takes prepared statements away. */
  readonly drops?: true;
};

/**
 * The prepared statements that the server keeps for one connection. A pooler in transaction mode
 * gives each transaction another one, so it is off until somebody knows that none stands between. A
 * statement that is missing after all costs a second try of the transaction. Only a whole
 * transaction can be tried again, so only a whole one uses it.
 */
export class Prepared {
  #isOn = false;
  readonly #names = new Map<string, string>();
  readonly #seen = new Set<string>();
  #count = 0;

  allow(): void {
    this.#isOn = true;
  }

  /** Whether this failure is that the server has one of them no more. Then all is sent as it is from now on. */
  isMissing(sent: Sent | undefined, code: string | undefined): boolean {
    const isMissing = code === statementMissing && sent?.isOurs === true;
    if (isMissing) this.#isOn = false;
    return isMissing;
  }

  /** The trip as it is to be sent. */
  sent({ statements }: RoundTrip): readonly Sent[] {
    let isUsed = this.#isOn && isWhole(statements);
    return statements.flatMap((statement, of): readonly Sent[] => {
      const { sql, prepares } = statement;
      if (this.#isOn && prepares === undefined && drops.test(sql)) {
        isUsed = false;
        return [{ sql, of, drops: true }];
      }
      if (!isUsed || prepares === undefined || !this.#seen.has(prepares.text)) return [{ sql, of }];
      const { text, values, mark } = prepares;
      const known = this.#names.get(text);
      const name = known ?? `slipway_${++this.#count}`;
      const list = values.length === 0 ? "" : ` (${values.join(", ")})`;
      const run = {
        sql: `EXECUTE ${name}${list}${mark === undefined ? "" : ` ${mark}`}`,
        of,
        isOurs: true,
      } as const;
      if (known !== undefined) return [run];
      return [{ sql: `PREPARE ${name} AS ${text}`, of, makes: text }, run];
    });
  }

  /** Learns from the first statements that were sent: this many were completed. */
  learn({ statements }: RoundTrip, sent: readonly Sent[], completed: number): void {
    if (!this.#isOn) return;
    for (const { makes, sql, drops } of sent.slice(0, completed)) {
      if (makes !== undefined) this.#names.set(makes, sql.split(" ", 2)[1] ?? "");
      else if (drops) this.#names.clear();
    }
    if (completed < sent.length) return;
    for (const { prepares } of statements)
      if (prepares !== undefined && this.#seen.size < mostKept) this.#seen.add(prepares.text);
  }
}

/** Each takes memory of the server until the connection ends. */
const mostKept = 200;

/** invalid_sql_statement_name. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const statementMissing = "26000";

/** Matches SQL that takes prepared statements away, wherever in a text. */
const drops = /DEALLOCATE|DISCARD\s+(?:ALL|PLANS)/i;

function isWhole(statements: readonly Statement[]): boolean {
  return statements[0]?.sql === "BEGIN" && statements.at(-1)?.sql === "COMMIT";
}
