/** An object that libraries take for a client of `pg`, over the connection of the migration. */
import { EventEmitter } from "node:events";
import type { Send, SentResult } from "./sent.ts";

type Answered = (error: unknown, result?: PgResult) => void;
type PgResult = SentResult & { readonly fields: readonly { readonly name: string }[] };
type PgQuery = {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly rowMode?: string;
};

/** Answers by promise and by callback, as `pg` does. https://node-postgres.com/apis/client */
export class PgClient extends EventEmitter {
  readonly #send: Send;

  constructor(send: Send) {
    super();
    this.#send = send;
  }

  query(
    sql: string | PgQuery,
    values?: readonly unknown[] | Answered,
    answered?: Answered,
  ): Promise<PgResult> | undefined {
    const { text, ...given } = typeof sql === "string" ? { text: sql } : sql;
    const parameters = (typeof values === "function" ? undefined : values) ?? valuesIn(given);
    const callback = typeof values === "function" ? values : answered;
    const result = this.#send(text, parameters).then((sent) => resultOf(sent, given));
    if (callback === undefined) return result;
    result.then((one) => callback(undefined, one), callback);
    return undefined;
  }

  async connect(connected?: (error: unknown, client: this) => void): Promise<this> {
    connected?.(undefined, this);
    return this;
  }

  release(): void {}

  async end(): Promise<void> {}
}

type Connected = (error: unknown, client?: PgClient, release?: () => void) => void;

/** A class that libraries take for `Pool` of `pg`: it always gives the same connection. */
export function pgPool(send: Send): new () => EventEmitter {
  return class extends EventEmitter {
    readonly #client = new PgClient(send);

    connect(connected: Connected): void {
      connected(undefined, this.#client, () => undefined);
    }

    async end(): Promise<void> {}
  };
}

function valuesIn(given: object): readonly unknown[] | undefined {
  return "values" in given ? (given.values as readonly unknown[] | undefined) : undefined;
}

function resultOf(sent: SentResult, given: { readonly rowMode?: string }): PgResult {
  const fields = Object.keys(sent.rows[0] ?? {}).map((name) => ({ name }));
  const rows = given.rowMode === "array" ? sent.rows.map((row) => Object.values(row)) : sent.rows;
  return { ...sent, rows: rows as SentResult["rows"], fields };
}
