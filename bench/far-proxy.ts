/** A loopback proxy that keeps back what a client says, and counts how often the client waits for an answer. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type FarProxy = {
  /** The address of a database through here. */
  through(url: string): string;
  /** How often clients have waited since the last time that this was asked. */
  waits(): number;
  stop(): Promise<void>;
};

export async function farProxy(upstream: string, delayMs: number): Promise<FarProxy> {
  const { hostname, port } = new URL(upstream);
  const sockets = new Set<Socket>();
  let waits = 0;
  const server = createServer((client) => {
    const behind = connect(Number(port), hostname);
    // Several parts of one answer are one wait; so is an answer to several messages at once.
    let isWaiting = false;
    client.on("data", (chunk: Buffer) => {
      isWaiting = true;
      setTimeout(() => behind.write(chunk), delayMs);
    });
    client.on("end", () => setTimeout(() => behind.end(), delayMs));
    behind.on("data", (chunk: Buffer) => {
      if (isWaiting) waits++;
      isWaiting = false;
      client.write(chunk);
    });
    // A client that ends without a word leaves too: else the server would keep its locks.
    client.on("close", () => setTimeout(() => behind.destroy(), delayMs));
    behind.on("end", () => client.end());
    behind.on("close", () => client.destroy());
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    through(url) {
      const far = new URL(url);
      far.host = `127.0.0.1:${address.port}`;
      return far.href;
    },
    waits() {
      const counted = waits;
      waits = 0;
      return counted;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
