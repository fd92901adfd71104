/** A network that can break: TCP on loopback that stops passing anything on, without telling either side. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type Proxy = {
  /** The URL of the server, through here. */
  readonly url: string;
  /** From now on nothing is passed on and nobody is told; new connections are accepted and stay silent. */
  cut(): void;
  stop(): Promise<void>;
};

export async function startProxy(upstream: string): Promise<Proxy> {
  const { hostname, port } = new URL(upstream);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    const behind = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, behind],
      [behind, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => undefined);
      from.on("data", (chunk) => {
        if (!isCut) to.write(chunk);
      });
      from.on("close", () => {
        sockets.delete(from);
        if (!isCut) to.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = new URL(upstream);
  if (address !== null && typeof address === "object") url.host = `127.0.0.1:${address.port}`;
  return {
    url: url.href,
    cut: () => {
      isCut = true;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
