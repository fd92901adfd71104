/** A loopback proxy that understands where one protocol message ends, counts them, and stops the world at one. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type Wire = "postgres" | "mysql";
export type Sender = "client" | "server";

/** Where to stop: before the message of this number is passed on, or just after. Counted over all connections, from 1. */
export type StopAt = { readonly message: number; readonly when: "before" | "after" };

export type ProxyOptions = {
  readonly wire: Wire;
  readonly host: string;
  readonly port: number;
  readonly stopAt?: StopAt | undefined;
  /** Ends the client, and resolves when it has ended. Called once. */
  stop?(): Promise<void>;
};

export type Proxy = {
  readonly port: number;
  /** Who sent each message so far. */
  readonly messages: readonly Sender[];
  /** Resolves when the stop that has begun is complete. */
  readonly halted: Promise<void>;
  close(): Promise<void>;
};

export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const messages: Sender[] = [];
  const sockets = new Set<Socket>();
  let halted: Promise<void> | undefined;

  /** The client is dead before a connection is dropped, so that it cannot act on that. */
  const halt = async (last: { readonly to: Socket; readonly message: Buffer } | undefined) => {
    await options.stop?.();
    last?.to.end(last.message);
    for (const socket of sockets) if (socket !== last?.to) socket.destroy();
  };

  const pass = (from: Sender, message: Buffer, to: Socket) => {
    if (halted !== undefined) return;
    messages.push(from);
    const { stopAt } = options;
    if (stopAt?.message !== messages.length) to.write(message);
    else halted = halt(stopAt.when === "after" ? { to, message } : undefined);
  };

  const server = createServer((client) => {
    const upstream = connect(options.port, options.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    const join = (from: Sender, source: Socket, target: Socket) => {
      const frames = new Frames(options.wire, from);
      source.on("data", (chunk) => {
        for (const message of frames.push(chunk)) pass(from, message, target);
      });
      source.on("close", () => {
        if (halted === undefined) target.destroy();
      });
    };
    join("client", client, upstream);
    join("server", upstream, client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    messages,
    get halted() {
      return halted ?? Promise.resolve();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/**
 * Cuts a stream into messages. PostgreSQL: a letter and a length, but for what a client says first, which has no letter
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html). MySQL: a length of three bytes and a number
 * (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html).
 */
class Frames {
  readonly #wire: Wire;
  #first: boolean;
  #rest: Buffer = Buffer.alloc(0);

  constructor(wire: Wire, from: Sender) {
    this.#wire = wire;
    this.#first = wire === "postgres" && from === "client";
  }

  push(chunk: Buffer): readonly Buffer[] {
    const messages: Buffer[] = [];
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let length = this.#length(); length <= this.#rest.length; length = this.#length()) {
      messages.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
      this.#first = false;
    }
    return messages;
  }

  /** Of the message that begins here; endless as long as its head is not there. */
  #length(): number {
    const rest = this.#rest;
    if (rest.length < 5 && !(this.#wire === "mysql" && rest.length === 4)) return Infinity;
    if (this.#wire === "mysql") return 4 + rest.readUIntLE(0, 3);
    return this.#first ? rest.readInt32BE(0) : 1 + rest.readInt32BE(1);
  }
}
