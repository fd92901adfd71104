/** Where pods live: each in a network namespace of its own where this user may make them, else on ports of loopback. */
import { spawnSync } from "node:child_process";
import { connect, createServer, type Server } from "node:net";
import { freePort } from "../../support/server.ts";

/** The place of one pod. */
export type Place = {
  readonly host: string;
  readonly port: number;
  /** A command as it is run there. */
  wrap(command: string, args: readonly string[]): readonly [string, readonly string[]];
};

export type Network = {
  readonly words: string;
  /** The database as pods reach it. */
  databaseUrl(url: string): string;
  place(): Promise<Place>;
  remove(): Promise<void>;
};

/** Makes the network. `database` is where the server listens, on loopback. */
export async function makeNetwork(database: string): Promise<Network> {
  const name = `slw${process.pid % 10_000}`;
  return canMakeNamespaces(name) ? namespaces(name, database) : loopback();
}

function loopback(): Network {
  return {
    words: "ports of loopback: no network namespaces may be made here",
    databaseUrl: (url) => url,
    place: async () => ({
      host: "127.0.0.1",
      port: await freePort(),
      wrap: (command, args) => [command, args],
    }),
    remove: async () => undefined,
  };
}

/** A bridge of this machine with a namespace for each pod, and a way from it to the database. */
async function namespaces(bridge: string, database: string): Promise<Network> {
  const subnet = `10.213.${process.pid % 200}`;
  const made: string[] = [];
  ip("link", "add", bridge, "type", "bridge");
  ip("addr", "add", `${subnet}.1/24`, "dev", bridge);
  ip("link", "set", bridge, "up");
  const gate = await forward(`${subnet}.1`, new URL(database));
  return {
    words: "a network namespace for each pod, on one bridge",
    databaseUrl: (url) => {
      const there = new URL(url);
      there.host = `${subnet}.1:${gate.port}`;
      return there.href;
    },
    place: async () => {
      const number = made.length + 2;
      const pod = `${bridge}p${number}`;
      made.push(pod);
      ip("netns", "add", pod);
      ip("link", "add", pod, "type", "veth", "peer", "name", "eth0", "netns", pod);
      ip("link", "set", pod, "master", bridge, "up");
      ip("-n", pod, "addr", "add", `${subnet}.${number}/24`, "dev", "eth0");
      ip("-n", pod, "link", "set", "eth0", "up");
      ip("-n", pod, "link", "set", "lo", "up");
      return {
        host: `${subnet}.${number}`,
        port: 8080,
        wrap: (command, args) => ["ip", ["netns", "exec", pod, command, ...args]],
      };
    },
    remove: async () => {
      gate.server.close();
      for (const pod of made) ip("netns", "del", pod);
      ip("link", "del", bridge);
    },
  };
}

async function forward(host: string, to: URL): Promise<{ server: Server; port: number }> {
  const server = createServer((client) => {
    const behind = connect(Number(to.port), to.hostname);
    client.on("error", () => behind.destroy());
    behind.on("error", () => client.destroy());
    client.pipe(behind).pipe(client);
  });
  server.listen(0, host);
  await new Promise((done) => server.once("listening", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { server, port: address.port };
}

function canMakeNamespaces(name: string): boolean {
  const made = spawnSync("ip", ["link", "add", name, "type", "bridge"]).status === 0;
  if (!made) return false;
  // Some may make one and not enter it.
  const inside =
    spawnSync("ip", ["netns", "add", name]).status === 0 &&
    spawnSync("ip", ["netns", "exec", name, "true"]).status === 0;
  spawnSync("ip", ["netns", "del", name]);
  spawnSync("ip", ["link", "del", name]);
  return inside;
}

function ip(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("ip", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr}`);
}
