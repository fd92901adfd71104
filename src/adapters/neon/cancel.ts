/** Cancels the statement of a connection, through a separate WebSocket. */
import type { Client } from "pg";
import { cancelRequest } from "../postgres/cancel.ts";
import { identityOf } from "../postgres/pg-connection.ts";

/** The package's settings for the way to a server. */
export type WebSocketSettings = {
  readonly webSocketConstructor?: typeof WebSocket | undefined;
  readonly useSecureWebSocket: boolean;
  wsProxyAddrForHost(host: string, port: number): string;
};

const timeoutMs = 5_000;

/** Resolves when the request was sent, or could not be: then the statement continues. */
export async function cancelThroughWebSocket(
  client: Client & { readonly neonConfig: WebSocketSettings },
): Promise<void> {
  const { host, port, neonConfig } = client;
  const { processID: processId, secretKey } = identityOf(client);
  if (processId === null || secretKey === null) return;
  const Socket = neonConfig.webSocketConstructor ?? WebSocket;
  const scheme = neonConfig.useSecureWebSocket ? "wss" : "ws";
  const socket = new Socket(`${scheme}://${neonConfig.wsProxyAddrForHost(host, port)}`);
  const late = setTimeout(() => socket.close(), timeoutMs);
  await new Promise<void>((resolve) => {
    socket.addEventListener("open", () => socket.send(cancelRequest({ processId, secretKey })));
    socket.addEventListener("error", () => resolve());
    // The server closes it.
    socket.addEventListener("close", () => resolve());
  });
  clearTimeout(late);
}
