/** Declares the driver: the one part that an adapter over another package brings itself. */
import type { ConnectionOptions as TlsOptions } from "node:tls";
import type { Row } from "../adapter.ts";

/** A package that connects to PostgreSQL. */
export type PostgresDriver = {
  /** The name of the package to install. */
  readonly package: string;
  /**
   * Makes one connection, or fails with the error of the package or the server.
   *
   * @throws {ReleaseError} `driver_missing`
   */
  connect(request: PostgresDriverRequest): Promise<PostgresConnection>;
};

/** The request for one connection. */
export type PostgresDriverRequest = {
  /** With its password. */
  readonly url: string;
  readonly application: string;
  readonly connectTimeoutMs: number;
  /** TLS settings. Default: those of the URL. */
  readonly ssl?: boolean | TlsOptions | undefined;
  /** Settings of the session, as `-c name=value`. Those of the URL win. */
  readonly options?: string | undefined;
  /** The role that the session begins with, by `withRole`. Default: the user of the URL. */
  readonly role?: string | undefined;
  /** Gives up connecting, where the driver can. Default: the timeout alone does. */
  readonly signal?: AbortSignal | undefined;
};

/** One open connection. Statements on it run in the order in which they were sent. */
export interface PostgresConnection {
  /** The major version of the server, which it tells at the beginning; a pooler may not. */
  readonly serverMajor: number | undefined;
  /** The server process that the connection heard of at the beginning; a pooler makes one up. */
  readonly processId: number | undefined;
  /** Calls these from now on. */
  listen(events: ConnectionEvents): void;
  /**
   * The rows of the last statement. Without parameters by the simple protocol, and several statements in one text; with
   * them by a statement without a name, because a pooler may give the next one to another connection of the server.
   */
  query(sql: string, parameters?: readonly unknown[]): Promise<PostgresResult>;
  /** The rows of each query of a text, but for those of settings. Default: the driver cannot tell them apart. */
  readonly queryAll?: (sql: string) => Promise<readonly (readonly Row[])[]>;
  /** Runs a `COPY … FROM stdin` and gives it these rows. */
  copyFrom(sql: string, rows: string): Promise<void>;
  /** Cancels its statement, in a way that a pooler passes on. Never throws. */
  cancel(): Promise<void>;
  /** Ends the connection without waiting. */
  hangUp(): void;
  /** Says goodbye; to a server that does not answer it hangs up. */
  close(): Promise<void>;
}

/** The events of an open connection. */
export type ConnectionEvents = {
  /** It has ended, or it stays silent for ever. */
  lost(reason: unknown): void;
  notice(notice: DriverNotice): void;
  /** One statement of a text is done. */
  completed(): void;
  /** The server waits for the next text. */
  ready(state: { readonly inTransaction: boolean }): void;
};

/** A notice with the fields that the protocol gives it. */
export type DriverNotice = {
  readonly message?: string | undefined;
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
};

export type PostgresResult = {
  readonly rows: readonly Row[];
  /** How many rows the last statement changed. */
  readonly changed: number;
};

/**
 * Settings with this role among them: as a setting of the session's beginning, `RESET ROLE` and `RESET ALL` come back
 * to it. https://www.postgresql.org/docs/current/sql-set-role.html
 */
export function withRole(options: string | undefined, role: string | undefined) {
  if (role === undefined) return options;
  return [options, `-c role=${role.replace(/[\\\s]/g, "\\$&")}`].filter(Boolean).join(" ");
}

/** How long a server may take to say goodbye. */
export const goodbyeMs = 2_000;
