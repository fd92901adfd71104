/**
 * What stands before the pods: sends each request to one that says it is ready. Like the proxies that are used for this,
 * it asks another one when a pod breaks off, unless the request must not be made twice.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Place } from "./network.ts";

export type Balancer = {
  readonly port: number;
  /** How often another pod was asked. */
  readonly retries: () => number;
  add(place: Place): void;
  remove(place: Place): void;
  isReady(place: Place): boolean;
  stop(): Promise<void>;
};

const checkEveryMs = 100;
const tries = 4;
/** After so many checks that failed a pod gets no more requests, as in Kubernetes. */
const failureThreshold = 3;

type Answer = { readonly status: number; readonly body: string };
type Asked = { readonly method: string; readonly path: string };

export async function startBalancer(): Promise<Balancer> {
  const ready = new Map<Place, boolean>();
  const missed = new Map<Place, number>();
  let turn = 0;
  let retries = 0;
  const next = (asked: ReadonlySet<Place>) => {
    const open = [...ready].filter(([place, isReady]) => isReady && !asked.has(place));
    turn += 1;
    return open[turn % Math.max(1, open.length)]?.[0];
  };
  const pass = async (asked: Asked): Promise<Answer> => {
    const tried = new Set<Place>();
    for (let i = 0; i < tries; i++) {
      const place = next(tried);
      if (place === undefined) break;
      tried.add(place);
      try {
        return await ask(place, asked);
      } catch {
        ready.has(place) && ready.set(place, false);
        retries += 1;
      }
    }
    return { status: 503, body: "no pod is ready" };
  };
  const server = createServer(async (incoming: IncomingMessage, response) => {
    incoming.resume();
    const { method = "GET", url: path = "/" } = incoming;
    const { status, body } = await pass({ method, path });
    response.writeHead(status).end(body);
  });
  const checks = setInterval(async () => {
    for (const place of ready.keys()) void check(place);
  }, checkEveryMs);
  const check = async (place: Place) => {
    const found = await ask(place, { method: "GET", path: "/health/ready" }).catch(() => undefined);
    const isReady = found?.status === 200;
    const misses = isReady ? 0 : (missed.get(place) ?? 0) + 1;
    missed.set(place, misses);
    if (ready.has(place) && (isReady || misses >= failureThreshold)) ready.set(place, isReady);
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    retries: () => retries,
    add: (place) => ready.set(place, false),
    remove: (place) => ready.delete(place),
    isReady: (place) => ready.get(place) ?? false,
    stop: async () => {
      clearInterval(checks);
      server.close();
      server.closeAllConnections();
    },
  };
}

function ask({ host, port }: Place, { method, path }: Asked): Promise<Answer> {
  return new Promise((done, failed) => {
    const sent = request(
      { host, port, method, path, agent: false, timeout: 20_000 },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          body += text;
        });
        response.on("end", () => done({ status: response.statusCode ?? 0, body }));
        response.on("error", failed);
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("timeout")));
    sent.on("error", failed);
    sent.end();
  });
}
