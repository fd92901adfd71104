/** The little of a cluster that a rollout needs: jobs, and pods with an init container that waits. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Balancer } from "./balancer.ts";
import type { Network, Place } from "./network.ts";

/** What a command came to. */
export type Ended = { readonly code: number | null; readonly output: string };

export type Pod = {
  readonly image: string;
  readonly place: Place;
  /** Whether its init container still waits. */
  isWaiting(): boolean;
  /** Resolves when requests reach it; gives what the init container said when it never will. */
  readonly up: Promise<Ended | "ready">;
  /** SIGTERM, and out of the balancer once it has ended. */
  leave(): Promise<void>;
  /** SIGKILL, without a word to anybody. */
  kill(): void;
};

export class Cluster {
  readonly #network: Network;
  readonly #balancer: Balancer;
  readonly #urls: { readonly app: string; readonly reader: string };
  readonly #running = new Set<ChildProcess>();

  constructor(
    network: Network,
    balancer: Balancer,
    urls: { readonly app: string; readonly reader: string },
  ) {
    this.#network = network;
    this.#balancer = balancer;
    this.#urls = urls;
  }

  /** Runs one command of a release to its end. */
  async job(image: string, ...args: readonly string[]): Promise<Ended> {
    return ended(this.#start(await this.#network.place(), image, args, this.#urls.app));
  }

  /** Starts a pod: first `wait`, as a user who may only read, and then the app. */
  async pod(image: string): Promise<Pod> {
    const place = await this.#network.place();
    const init = this.#start(place, image, ["wait", "--timeout", "60"], this.#urls.reader);
    let waiting = true;
    let app: ChildProcess | undefined;
    const up = ended(init).then(async (result): Promise<Ended | "ready"> => {
      waiting = false;
      if (result.code !== 0) return result;
      app = this.#start(place, image, ["start"], this.#urls.app);
      this.#balancer.add(place);
      const end = ended(app);
      while (!this.#balancer.isReady(place)) {
        if (hasEnded(app)) return end;
        await new Promise((done) => setTimeout(done, 50));
      }
      return "ready";
    });
    return {
      image,
      place,
      isWaiting: () => waiting,
      up,
      leave: async () => {
        app?.kill("SIGTERM");
        if (app !== undefined && !hasEnded(app)) await once(app, "exit");
        this.#balancer.remove(place);
      },
      kill: () => app?.kill("SIGKILL"),
    };
  }

  stop(): void {
    for (const child of this.#running) child.kill("SIGKILL");
  }

  #start(place: Place, image: string, args: readonly string[], url: string): ChildProcess {
    const [command, words] = place.wrap(join(image, "bin/my_app"), args);
    const child = spawn(command, words, {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        SLIPWAY_NODE: process.execPath,
        DATABASE_URL: url,
        HOST: place.host,
        PORT: String(place.port),
      },
    });
    this.#running.add(child);
    child.on("exit", () => this.#running.delete(child));
    return child;
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function ended(child: ChildProcess): Promise<Ended> {
  let output = "";
  const take = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout?.on("data", take);
  child.stderr?.on("data", take);
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => done({ code, output }));
  });
}
