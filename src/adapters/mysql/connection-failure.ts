/** Why a connection could not be made, and what to do about it. */

import { messageOf } from "../../core/model/message-of.ts";
import { redactFor } from "../../core/model/redact.ts";
import { ConnectionFailed } from "../adapter.ts";
import { firstCause, hintOfUnreachable } from "../unreachable.ts";
import type { MysqlAddress } from "./address.ts";
import { errorCode } from "./messages.ts";

/** The URL itself is wrong; it is not shown, for a password may stand anywhere in it. */
export function unreadableUrl(): ConnectionFailed {
  return new ConnectionFailed("the URL cannot be read", {
    hint: "Write it as mysql://user:password@host:port/database, with / @ : # ? % in the password percent-encoded.",
    lasting: true,
  });
}

/** The URL is right, but this work needs the name of a database in it. */
export function databaseMissing(): ConnectionFailed {
  return new ConnectionFailed("the URL names no database", {
    hint: "Write it as mysql://user:password@host:port/database.",
    lasting: true,
  });
}

/** The URL says something that would be lost. */
export function unknownParameter(name: string): ConnectionFailed {
  return new ConnectionFailed(`the URL has a parameter ${name} that cannot be read`, {
    hint: "Write ssl-mode=REQUIRED, VERIFY_CA, VERIFY_IDENTITY or DISABLED, or give connection: { ssl }.",
    lasting: true,
  });
}

/** The server answers, and does nothing. */
export function cutOffFromCluster(): ConnectionFailed {
  return new ConnectionFailed("this node is cut off from most of its cluster", {
    hint: "Give the address of another node, and look there at SHOW STATUS LIKE 'wsrep_cluster_%';",
  });
}

/**
 * The error with the words of the driver or the server, without the password, and with a hint by
 * its cause.
 */
export function connectionFailed(error: unknown, address: MysqlAddress): ConnectionFailed {
  const cause = firstCause(error);
  const words = messageOf(cause);
  return new ConnectionFailed(redactFor(address, words || (errorCode(cause) ?? "")), {
    hint: hintFor(errorCode(cause), address),
    cause,
    lasting: /^ER_(ACCESS|DBACCESS)_DENIED|_SSL|SECURE_TRANSPORT/.test(errorCode(cause) ?? ""),
  });
}

function hintFor(code: string | undefined, { host, port, user, database }: MysqlAddress): string {
  switch (code) {
    case "ER_ACCESS_DENIED_ERROR":
    case "ER_ACCESS_DENIED_NO_PASSWORD_ERROR":
      return `Check the user ${user} and the password in the URL.`;
    case "ER_DBACCESS_DENIED_ERROR":
      return `Grant ${user} the right to use the database ${database}.`;
    case "ER_BAD_DB_ERROR":
      return `The database ${database} does not exist: create it with slipway create.`;
    case "ER_HOST_NOT_PRIVILEGED":
    case "ER_HOST_IS_BLOCKED":
      return `Check that the server lets ${user} in from this host.`;
    case "ER_CON_COUNT_ERROR":
      return "The server has no connection left: raise max_connections, or close other clients.";
    case "ER_TOO_MANY_USER_CONNECTIONS":
    case "ER_USER_LIMIT_REACHED":
      return `Slipway needs two connections at once: raise max_user_connections, of the server or with ALTER USER ${user} WITH MAX_USER_CONNECTIONS 0;`;
    case "ER_SECURE_TRANSPORT_REQUIRED":
    case "HANDSHAKE_NO_SSL_SUPPORT":
    case "HANDSHAKE_SSL_ERROR":
      return "Check whether the server wants TLS, and give connection: { ssl: true } or { ssl: { ca } }.";
    case "ETIMEDOUT":
      return `Nothing answered at ${host}:${port} in time: check the host, the port and the firewall, or raise connectTimeoutMs.`;
  }
  return (
    hintOfUnreachable(code, { host, port }) ??
    `Check that a MySQL or MariaDB server answers at ${host}:${port}.`
  );
}
