/** A relay from WebSockets to a server on this machine, as Neon's proxy is one. */
import { once } from "node:events";
import { connect } from "node:net";
import { WebSocketServer } from "ws";

export type Relay = { readonly address: string; stop(): Promise<void> };

/** Each WebSocket asks for `?address=host:port`, and gets the bytes of that server. */
export async function startRelay(): Promise<Relay> {
  const relay = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(relay, "listening");
  relay.on("connection", (socket, request) => {
    const address = new URL(request.url ?? "", "http://relay").searchParams.get("address") ?? "";
    const [host = "", port = ""] = address.split(":");
    const server = connect(Number(port), host);
    server.on("data", (bytes) => socket.send(bytes));
    server.on("error", () => socket.terminate());
    server.on("close", () => socket.close());
    socket.on("message", (bytes: Buffer) => server.write(bytes));
    socket.on("close", () => server.end());
  });
  const bound = relay.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  return {
    address: `127.0.0.1:${bound.port}`,
    stop: async () => {
      for (const client of relay.clients) client.terminate();
      relay.close();
      await once(relay, "close");
    },
  };
}
