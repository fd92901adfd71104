/** A connection of the driver `pg`, and of packages that are made of it. */
import type { Client } from "pg";
import { copyFrom } from "./copy.ts";
import {
  type ConnectionEvents,
  goodbyeMs,
  type PostgresConnection,
  type PostgresDriverRequest,
  type PostgresResult,
  withRole,
} from "./driver.ts";

/** The client's class, and how to cancel the statement of a client. */
export type PgKind = {
  readonly Client: new (config: object) => Client;
  cancel(client: Client): Promise<void>;
};

/** A connected client. It hears its own errors, so one that comes while it is idle never ends the process. */
export async function connectPg(
  kind: PgKind,
  request: PostgresDriverRequest,
): Promise<PostgresConnection> {
  const { url, application, connectTimeoutMs, ssl, options, role, signal } = request;
  let client: Client | undefined;
  const giveUp = () => client?.connection.stream.destroy();
  try {
    client = new kind.Client({
      ...(ssl === undefined ? {} : { ssl }),
      ...(options === undefined ? {} : { options }),
      connectionString: url,
      application_name: application,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      // Else the system waits two hours before it asks whether a server that is silent is still there.
      keepAliveInitialDelayMillis: 10_000,
    });
    // The URL may name the application too, and would win. Slipway knows its own connections by
    // this name.
    const { connectionParameters } = client as unknown as {
      readonly connectionParameters: { readonly options?: string };
    };
    Object.assign(connectionParameters, {
      application_name: application,
      options: withRole(connectionParameters.options, role),
    });
    client.on("error", () => {});
    const connection = new PgConnection(client, kind.cancel);
    signal?.addEventListener("abort", giveUp);
    await client.connect();
    return connection;
  } catch (error) {
    // The driver leaves the socket open when it is the one that gives up, and the server waits for it.
    giveUp();
    throw asError(error);
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}

class PgConnection implements PostgresConnection {
  readonly #client: Client;
  readonly #cancel: PgKind["cancel"];
  #serverMajor: number | undefined;
  #ended = false;

  constructor(client: Client, cancel: PgKind["cancel"]) {
    this.#client = client;
    this.#cancel = cancel;
    for (const event of ["error", "end"] as const)
      client.on(event, () => {
        this.#ended = true;
      });
    type Status = { readonly parameterName: string; readonly parameterValue: string };
    client.connection.on("parameterStatus", ({ parameterName, parameterValue }: Status) => {
      const major = Number.parseInt(parameterValue, 10);
      if (parameterName === "server_version" && major > 0) this.#serverMajor = major;
    });
  }

  get serverMajor(): number | undefined {
    return this.#serverMajor;
  }

  get processId(): number | undefined {
    return identityOf(this.#client).processID ?? undefined;
  }

  listen({ lost, notice, completed, ready }: ConnectionEvents): void {
    this.#client.on("error", (error) => lost(asError(error)));
    this.#client.on("end", () => lost(new Error("the connection has ended")));
    this.#client.on("notice", notice);
    const { connection } = this.#client;
    connection.on("commandComplete", completed);
    connection.on("readyForQuery", ({ status }: { readonly status: string }) =>
      ready({ inTransaction: status !== "I" }),
    );
  }

  async query(sql: string, parameters: readonly unknown[] = []): Promise<PostgresResult> {
    // A string of several statements gives a list of results, which the driver's types do not say.
    const results = await (parameters.length === 0
      ? this.#client.query(sql)
      : this.#client.query(sql, [...parameters])
    ).catch((error) => Promise.reject(asError(error)));
    const last = [results].flat().at(-1);
    return { rows: last?.rows ?? [], changed: last?.rowCount ?? 0 };
  }

  queryAll = async (sql: string): Promise<readonly PostgresResult["rows"][]> => {
    const results = await this.#client.query(sql).catch((error) => Promise.reject(asError(error)));
    return [results].flat().flatMap(({ command, rows }) => (command === "SET" ? [] : [rows]));
  };

  copyFrom(sql: string, rows: string): Promise<void> {
    return copyFrom(this.#client, sql, rows);
  }

  cancel(): Promise<void> {
    return this.#cancel(this.#client);
  }

  hangUp(): void {
    this.#client.connection.stream.destroy();
  }

  async close(): Promise<void> {
    // Over a WebSocket that has ended, waiting for the end would never end.
    if (this.#ended) return this.hangUp();
    const hangUp = setTimeout(() => this.hangUp(), goodbyeMs);
    try {
      await this.#client.end();
    } finally {
      clearTimeout(hangUp);
    }
  }
}

/** An error of a WebSocket is an event. */
function asError(error: unknown): unknown {
  if (error instanceof Error || !(error instanceof Event)) return error;
  const words = "message" in error && error.message ? `: ${error.message}` : "";
  return new Error(`Connection terminated${words}`, { cause: error });
}

/** The process and the key that the server, or a pooler in its place, sent at the start. */
export type Identity = { readonly processID: number | null; readonly secretKey: number | null };

/** The types of the driver leave it out. */
export function identityOf(client: Client): Identity {
  return client as Client & Identity;
}
