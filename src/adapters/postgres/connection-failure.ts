/** Why a connection could not be made, and what to do about it. */

import { messageOf } from "../../core/model/message-of.ts";
import { redactFor } from "../../core/model/redact.ts";
import { ConnectionFailed } from "../adapter.ts";
import { firstCause, hintOfUnreachable } from "../unreachable.ts";
import type { PostgresAddress } from "./address.ts";
import { codeOf } from "./messages.ts";
import { quote } from "./sql-text.ts";

/** The URL itself is wrong; it is not shown, for a password may stand anywhere in it. */
export function unreadableUrl(): ConnectionFailed {
  return new ConnectionFailed("the URL cannot be read", {
    hint: "Write it as postgres://user:password@host:port/database, with / @ : # ? % in the password percent-encoded.",
    lasting: true,
  });
}

/**
 * The error with the words of the driver or the server, without the password, and with a hint by
 * its cause.
 */
export function connectionFailed(
  error: unknown,
  address: PostgresAddress,
  role?: string,
): ConnectionFailed {
  const cause = firstCause(error);
  const words = messageOf(cause);
  const ofRole = role === undefined ? undefined : roleHint(codeOf(cause), { address, role });
  return new ConnectionFailed(redactFor(address, words), {
    hint: ofRole ?? hintFor(codeOf(cause), words, address),
    cause,
    lasting: /^28/.test(codeOf(cause) ?? "") || /password must be a|SSL|certificate/i.test(words),
  });
}

/** The connection is there, but not as the role that the adapter names. */
export function roleNotTaken(is: string, role: string): ConnectionFailed {
  return new ConnectionFailed(`the session works as ${is} and not as the role ${role}`, {
    hint: `The pooler between drops the options of its clients. ${pastThePooler(is, role)}`,
    lasting: true,
  });
}

function roleHint(
  code: string | undefined,
  { address: { user }, role }: { readonly address: PostgresAddress; readonly role: string },
): string | undefined {
  if (code === "08P01") return `The pooler between passes no role. ${pastThePooler(user, role)}`;
  if (code === "22023" || code === "42501")
    return `Make the role ${quote(role)}, and let ${user} be it: GRANT ${quote(role)} TO ${quote(user)};`;
  return undefined;
}

function pastThePooler(user: string, role: string): string {
  return `Take role out and let the server set it: ALTER ROLE ${quote(user)} SET role = ${quote(role)}; or give directUrl, the address of the server.`;
}

function hintFor(code: string | undefined, words: string, address: PostgresAddress): string {
  const { user, database } = address;
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
      return noConnectionLeft(words, address);
    case "57P03":
      return "The server is starting or stopping: try again in a moment.";
  }
  return hintOfUnreachable(code, address) ?? hintForWords(words, address);
}

/** Which limit it is, stands in the words alone: the server has one code for all. */
function noConnectionLeft(words: string, { user, database }: PostgresAddress): string {
  const two = "Slipway needs two connections at once";
  if (words.includes(`"${user}"`)) return `${two}: ALTER ROLE ${quote(user)} CONNECTION LIMIT -1;`;
  if (words.includes(`"${database}"`))
    return `${two}: ALTER DATABASE ${quote(database)} CONNECTION LIMIT -1;`;
  return `The server has no connection left, and ${two}: raise max_connections, or close other clients.`;
}

/** The driver's own errors have no code. */
function hintForWords(words: string, { host, port }: PostgresAddress): string {
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
