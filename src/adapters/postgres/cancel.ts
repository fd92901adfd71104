/** Cancels the statement of another connection. */
import { connect } from "node:net";

const timeoutMs = 5_000;
const cancelRequestCode = 80877102;

/** The process and the key that the server, or a pooler in its place, sent at the start. */
export type CancelKey = { readonly processId: number; readonly secretKey: number };

/** The message that asks a server to cancel the statement of a connection. */
export function cancelRequest({ processId, secretKey }: CancelKey): Buffer {
  const packet = Buffer.alloc(16);
  for (const [i, word] of [packet.length, cancelRequestCode, processId, secretKey].entries()) {
    packet.writeInt32BE(word | 0, i * 4);
  }
  return packet;
}

/**
 * Asks the server, through a separate connection, to cancel the statement that runs on another one.
 * It goes by the protocol's own request, which needs no login and which a pooler passes on to the
 * right server process.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 * Resolves when the request was sent, or could not be: then the statement continues.
 */
export function cancelQuery(key: CancelKey, server: ServerAddress): Promise<void> {
  const { host, port } = server;
  const target = host.startsWith("/")
    ? { path: `${host}/.s.PGSQL.${port}` }
    : { host, port: Number(port) };
  return new Promise((resolve) => {
    // The server closes it. Closing our side first is an end without a reason to PgBouncer, which 1.18 dies of.
    const socket = connect(target, () => socket.write(cancelRequest(key)));
    socket.setTimeout(timeoutMs, () => socket.destroy());
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
    socket.resume();
  });
}

/** A host, or the folder of a socket. */
export type ServerAddress = { readonly host: string; readonly port: number | string };
