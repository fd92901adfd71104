/** Cancels what runs on another connection. */
import { connect } from "node:net";
import type { Client } from "pg";

const timeoutMs = 5_000;
const cancelRequestCode = 80877102;

/**
 * Asks the server, through a connection of its own, to cancel the statement that runs on `client`. It goes by the
 * protocol's own request, which needs no login and which a pooler passes on to the right server process.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 * Resolves when the request was sent, or could not be: then the statement goes on.
 */
export function cancelQuery(client: Client): Promise<void> {
  const { processID, secretKey } = identityOf(client);
  if (processID === null || secretKey === null) return Promise.resolve();
  const packet = Buffer.alloc(16);
  for (const [i, word] of [packet.length, cancelRequestCode, processID, secretKey].entries()) {
    packet.writeInt32BE(word, i * 4);
  }
  const { host, port } = client;
  const target = host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  return new Promise((resolve) => {
    // The server closes it. Closing our side first is an end without a reason to PgBouncer, which 1.18 dies of.
    const socket = connect(target, () => socket.write(packet));
    socket.setTimeout(timeoutMs, () => socket.destroy());
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
    socket.resume();
  });
}

/** What the server, or a pooler in its place, said of itself at the start. */
export type Identity = { readonly processID: number | null; readonly secretKey: number | null };

/** The types of the driver leave it out. */
export function identityOf(client: Client): Identity {
  return client as Client & Identity;
}
