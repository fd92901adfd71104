/** A network that is slow, or that breaks: TCP on loopback that stops passing anything on, without telling either side. */
import { EventEmitter, once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type Proxy = {
  /** The URL of the server, through here. */
  readonly url: string;
  /** From now on nothing is passed on and nobody is told; new connections are accepted and stay silent. */
  cut(): void;
  /** Resolves when somebody sends something in vain. */
  sentInVain(): Promise<unknown>;
  stop(): Promise<void>;
};

/**
 * Starts one.
 *
 * @param options `delayMs`: how long each chunk is on its way. Default: not at all.
 */
export async function startProxy(
  upstream: string,
  { delayMs = 0 }: { readonly delayMs?: number } = {},
): Promise<Proxy> {
  const { hostname, port } = new URL(upstream);
  const sockets = new Set<Socket>();
  let isCut = false;
  const vain = new EventEmitter();
  const server = createServer((client) => {
    const behind = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, behind],
      [behind, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => undefined);
      const later = (work: () => void) => (delayMs === 0 ? work() : setTimeout(work, delayMs));
      from.on("data", (chunk) => later(() => (isCut ? vain.emit("sent") : to.write(chunk))));
      from.on("close", () => {
        sockets.delete(from);
        later(() => isCut || to.destroy());
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
    sentInVain: () => once(vain, "sent"),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
