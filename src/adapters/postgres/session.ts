/** One connection to PostgreSQL. */
import type { Client } from "pg";
import type { Statement } from "../../core/dialect.ts";
import {
  type ErrorKind,
  type LockAttempt,
  type OpenOptions,
  type Row,
  type Session,
  StatementFailed,
} from "../adapter.ts";
import { disconnect } from "./connect.ts";
import { postgresDialect } from "./dialect.ts";
import { HeldLock, tryAdvisoryLock } from "./lock.ts";
import { errorKind, noticeLevel } from "./messages.ts";
import { failedIndex, joinedSql, type RoundTrip, roundTrips } from "./round-trips.ts";

/** One client, and the lock that it may hold. */
export class PostgresSession implements Session {
  readonly dialect = postgresDialect;
  readonly #client: Client;
  readonly #role: OpenOptions["role"];
  readonly #leaseMs: number;
  #inTransaction = false;
  #held: HeldLock | undefined;
  #closing: Promise<void> | undefined;

  constructor(client: Client, options: OpenOptions & { readonly leaseMs: number }) {
    this.#client = client;
    this.#role = options.role;
    this.#leaseMs = options.leaseMs;
    const lose = (reason: unknown) => this.#held?.lose(reason);
    client.on("error", lose);
    client.on("end", () => lose(new Error("the lock connection has ended")));
    client.on("notice", (notice) => {
      if (notice.code === noTransaction) return;
      options.onNotice?.({ level: noticeLevel(notice), message: notice.message ?? "" });
    });
    client.connection.on("readyForQuery", ({ status }: { readonly status: string }) => {
      this.#inTransaction = status !== "I";
    });
  }

  async query(sql: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    // A string of several statements gives a list of results, which the driver's types do not say.
    const result = await (parameters.length === 0
      ? this.#client.query(sql)
      : this.#client.query(sql, [...parameters]));
    return [result].flat().at(-1)?.rows ?? [];
  }

  async execute(statements: readonly Statement[]): Promise<void> {
    for (const trip of roundTrips(statements, { inTransaction: this.#inTransaction })) {
      await this.#send(trip);
    }
  }

  async tryLock(name: string): Promise<LockAttempt> {
    if (this.#role !== "lock") throw new Error("this session was not opened for the lock");
    if (this.#held?.ended === false) throw new Error("this session holds a lock already");
    const connection = {
      query: (sql: string) => this.query(sql),
      hangUp: () => this.#client.connection.stream.destroy(),
    };
    const attempt = await tryAdvisoryLock(connection, { name, leaseMs: this.#leaseMs });
    if (!(attempt instanceof HeldLock)) return attempt;
    this.#held = attempt;
    return { lease: attempt };
  }

  errorKind(error: unknown): ErrorKind {
    return errorKind(error);
  }

  close(): Promise<void> {
    this.#held?.end();
    this.#closing ??= disconnect(this.#client);
    return this.#closing;
  }

  async #send(trip: RoundTrip): Promise<void> {
    let completed = 0;
    const count = () => {
      completed += 1;
    };
    this.#client.connection.on("commandComplete", count);
    try {
      await this.query(joinedSql(trip), trip.statements[0]?.parameters);
    } catch (cause) {
      // What the server is in now is not heard yet; to send one by one is right in any case.
      this.#inTransaction = false;
      const index = failedIndex(trip, { completed, position: positionOf(cause) });
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new StatementFailed(message, { index, cause });
    } finally {
      this.#client.connection.off("commandComplete", count);
    }
  }
}

/** A ROLLBACK after a text that could not be parsed finds no transaction, which is no news. */
const noTransaction = "25P01";

function positionOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("position" in error)) return undefined;
  const position = Number(error.position);
  return position > 0 ? position : undefined;
}
