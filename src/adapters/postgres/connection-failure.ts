/** Why a connection could not be made, and what to do about it. */
import { ConnectionFailed } from "../adapter.ts";
import { type Address, hidePassword } from "./address.ts";
import { codeOf } from "./messages.ts";

/** The URL itself is wrong; it is not shown, for a password may stand anywhere in it. */
export function unreadableUrl(): ConnectionFailed {
  return new ConnectionFailed("the URL cannot be read", {
    hint: "Write it as postgres://user:password@host:port/database, with / @ : # ? % in the password percent-encoded.",
    lasting: true,
  });
}

/** What the driver or the server said, without the password, and a hint by its cause. */
export function connectionFailed(error: unknown, address: Address): ConnectionFailed {
  const cause = firstCause(error);
  const words = cause instanceof Error ? cause.message : String(cause);
  return new ConnectionFailed(hidePassword(words, address), {
    hint: hintFor(codeOf(cause), words, address),
    cause,
    lasting: /^28/.test(codeOf(cause) ?? "") || /password must be a|SSL|certificate/i.test(words),
  });
}

/** A name with several addresses fails once for each, with no message of its own. */
function firstCause(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
}

function hintFor(code: string | undefined, words: string, address: Address): string {
  const { host, port, user, database } = address;
  // A socket that is not there has no file of ours behind it.
  if (/\bopen '/.test(words))
    return "Check sslrootcert, sslcert and sslkey in the URL: each is a file that this user may read.";
  switch (code) {
    case "28P01":
      return `Check the user ${user} and the password in the URL.`;
    case "28000":
      return `Check that the server lets ${user} in from this host, with or without SSL (pg_hba.conf).`;
    case "3D000":
      return `The database ${database} does not exist: create it with slipway create.`;
    case "53300":
      return "The server has no connection left: raise max_connections, or close other clients.";
    case "57P03":
      return "The server is starting or stopping: try again in a moment.";
    case "ECONNREFUSED":
    case "ENOTFOUND":
    case "ENOENT":
    case "EAI_AGAIN":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `Is the server running at ${host}:${port}? Check the host and the port in the URL.`;
  }
  return hintForWords(words, address);
}

/** The driver's own errors have no code. */
function hintForWords(words: string, { host, port }: Address): string {
  if (/password must be a/.test(words))
    return "The server asks for a password: put it into the URL.";
  if (/SSL|certificate|self-signed/i.test(words)) {
    return "Check sslmode in the URL, or give the certificate as connection: { ssl: { ca } }.";
  }
  if (/timeout|ETIMEDOUT/i.test(words)) {
    return `Nothing answered at ${host}:${port} in time: check the host, the port and the firewall, or raise connectTimeoutMs.`;
  }
  return `Check that a PostgreSQL server answers at ${host}:${port}.`;
}
