/** An address with several hosts: of those that answer, the one that takes writes. */
import { isReleaseError } from "../../core/model/errors.ts";
import { messageOf } from "../../core/model/message-of.ts";
import { ConnectionFailed } from "../adapter.ts";
import type { PostgresConnection } from "./driver.ts";
import { hostsIn } from "./hosts.ts";

/**
 * Tries the hosts in their order. A standby would give an old history and take no change, so it is passed by, whatever
 * `target_session_attrs` says. A user that is refused is refused by all, so nothing more is tried.
 *
 * @throws {ConnectionFailed} with the error of each host
 */
export async function connectToPrimary(
  urls: readonly string[],
  connect: (url: string) => Promise<PostgresConnection>,
): Promise<PostgresConnection> {
  const said: string[] = [];
  for (const url of urls) {
    try {
      const connection = await connect(url);
      if (await takesWrites(connection)) return connection;
      said.push(`${hostsIn(url)}: it is a standby`);
    } catch (error) {
      if (isReleaseError(error) || (error instanceof ConnectionFailed && error.lasting))
        throw error;
      said.push(`${hostsIn(url)}: ${messageOf(error)}`);
    }
  }
  throw new ConnectionFailed(`none of the hosts takes writes: ${said.join("; ")}`, {
    hint: "Wait until one of them is the primary, or add the host that is.",
  });
}

/** A connection that is of no use is closed, that of a server which fails in this very moment too. */
async function takesWrites(connection: PostgresConnection): Promise<boolean> {
  let isPrimary = false;
  try {
    const { rows } = await connection.query("SELECT pg_catalog.pg_is_in_recovery() AS is");
    isPrimary = rows[0]?.is === false;
    return isPrimary;
  } finally {
    if (!isPrimary) await connection.close().catch(() => undefined);
  }
}
