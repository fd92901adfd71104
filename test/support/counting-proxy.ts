/** A loopback proxy before PostgreSQL that counts what goes through: for budgets, which no clock decides. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** What a command costs. */
export type Wired = {
  /** Connections that were opened. */
  readonly connections: number;
  /** Times that the client waits for the server: a query, however many statements are in it. */
  readonly roundTrips: number;
  /** Statements that the server has carried out. */
  readonly statements: number;
  /** What the client has sent, in bytes. */
  readonly bytes: number;
};

export type CountingProxy = {
  /** The address of the server, through here. */
  readonly url: string;
  /** What `work` costs. */
  count(work: () => Promise<unknown>): Promise<Wired>;
  stop(): Promise<void>;
};

const nothing: Wired = { connections: 0, roundTrips: 0, statements: 0, bytes: 0 };

export async function countingProxy(upstream: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(upstream);
  const sockets = new Set<Socket>();
  let counted = nothing;
  const add = (what: keyof Wired, much = 1) => {
    counted = { ...counted, [what]: counted[what] + much };
  };
  const server = createServer((client) => {
    add("connections");
    const behind = connect(Number(port), hostname);
    // What a client says first has no letter.
    const said = heads(true, (letter) => {
      if (letter === "Q" || letter === "S") add("roundTrips");
    });
    const answered = heads(false, (letter) => {
      if (letter === "C") add("statements");
    });
    for (const [from, to, hear] of [
      [client, behind, said],
      [behind, client, answered],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("error", () => undefined);
      from.on("data", (chunk: Buffer) => {
        if (from === client) add("bytes", chunk.length);
        hear(chunk);
        to.write(chunk);
      });
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
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
    async count(work) {
      counted = nothing;
      await work();
      return counted;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/**
 * Hears the letter of each message of a stream.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
function heads(isFirstBare: boolean, hear: (letter: string) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let isBare = isFirstBare;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = isBare ? 0 : 1;
      if (rest.length < head + 4) return;
      const length = head + rest.readInt32BE(head);
      if (rest.length < length) return;
      if (!isBare) hear(String.fromCharCode(rest[0]!));
      isBare = false;
      rest = rest.subarray(length);
    }
  };
}
