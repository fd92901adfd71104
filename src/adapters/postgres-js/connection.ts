/** One connection of Postgres.js. */
import type { Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import type { Notice, Sql } from "postgres";
import { type CancelKey, cancelQuery, type ServerAddress } from "../postgres/cancel.ts";
import { piecesOf } from "../postgres/copy.ts";
import {
  type ConnectionEvents,
  goodbyeMs,
  type PostgresConnection,
  type PostgresResult,
} from "../postgres/driver.ts";
import { hearMessages, type Message } from "../postgres/heard-messages.ts";
import { textOf } from "../postgres/text-values.ts";

/** A pool of one connection, and the socket below it. */
export class PostgresJsConnection implements PostgresConnection {
  readonly #server: ServerAddress;
  readonly #socket: Socket;
  readonly #sql: Sql;
  #key: CancelKey | undefined;
  #events: ConnectionEvents | undefined;
  #ended = false;
  readonly #waiting = new Set<(reason: Error) => void>();

  constructor(
    server: ServerAddress,
    socket: Socket,
    open: (hear: (notice: Notice) => void) => Sql,
  ) {
    this.#server = server;
    this.#socket = socket;
    hearMessages(socket, (message) => this.#hear(message));
    socket.on("error", (error) => this.#events?.lost(error));
    socket.on("close", () => this.#end());
    this.#sql = open((notice) => this.#events?.notice(notice));
  }

  get serverMajor(): number | undefined {
    const major = Number.parseInt(String(this.#sql.parameters.server_version), 10);
    return major > 0 ? major : undefined;
  }

  get processId(): number | undefined {
    return this.#key?.processId;
  }

  listen(events: ConnectionEvents): void {
    this.#events = events;
  }

  async query(sql: string, parameters: readonly unknown[] = []): Promise<PostgresResult> {
    const given = await this.#answer(
      this.#sql.unsafe(sql, parameters.map(textOf), { prepare: false }),
    );
    // Several statements with rows give a list of results.
    const last = "command" in given ? given : (given as unknown as (typeof given)[]).at(-1)!;
    return { rows: [...last], changed: last.count ?? 0 };
  }

  async copyFrom(sql: string, rows: string): Promise<void> {
    const { promise: failed, reject } = Promise.withResolvers<never>();
    failed.catch(() => undefined);
    const query = this.#sql.unsafe(sql);
    // The package tells of an error in the rows only here, and the stream would wait for ever.
    const own = query as unknown as { reject(error: unknown): void };
    const { reject: pass } = own;
    own.reject = (error) => {
      pass(error);
      reject(error);
    };
    const copied = query.writable().then((stream) => pipeline(piecesOf(rows), stream));
    await this.#answer(Promise.race([copied, failed]));
  }

  async cancel(): Promise<void> {
    if (this.#key !== undefined) await cancelQuery(this.#key, this.#server);
  }

  hangUp(): void {
    this.#socket.destroy();
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: goodbyeMs / 1000 });
    this.hangUp();
  }

  /** An answer, or the end of the connection, after which the package leaves some waiting. */
  async #answer<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const { promise: end, reject } = Promise.withResolvers<never>();
    this.#waiting.add(reject);
    if (this.#ended) this.#end();
    try {
      return await Promise.race([answer, end]);
    } catch (error) {
      throw asOfPg(error);
    } finally {
      this.#waiting.delete(reject);
    }
  }

  #end(): void {
    const reason = new Error("Connection terminated");
    this.#ended = true;
    this.#events?.lost(reason);
    for (const reject of this.#waiting) setImmediate(reject, reason);
  }

  #hear({ kind, body }: Message): void {
    if (kind === "K")
      this.#key = { processId: body.readInt32BE(0), secretKey: body.readInt32BE(4) };
    else if (kind === "C") this.#events?.completed();
    else if (kind === "Z") this.#events?.ready({ inTransaction: body.toString("latin1") !== "I" });
  }
}

/** An error with the fields that `pg` has too; one of the package's own is about the connection. */
function asOfPg(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ("schema_name" in error) return Object.assign(error, { schema: error.schema_name });
  const code = "code" in error ? String(error.code) : "";
  return /^CONNECT(ION)?_/.test(code)
    ? new Error(`Connection terminated: ${error.message}`, { cause: error })
    : error;
}
