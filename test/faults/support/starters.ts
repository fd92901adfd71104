/** Processes that are already there, so that any number of them can start on a new database in the same moment. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { bundleChild } from "./bundle.ts";

export type Starters = {
  /**
   * All of them migrate the database at this URL, or each at the URL that its number is given. Resolves with what went
   * wrong, when the last one is done.
   */
  start(url: string | ((index: number) => string)): Promise<readonly string[]>;
  end(): Promise<void>;
};

export async function starters(count: number): Promise<Starters> {
  const script = await bundleChild("starter.ts");
  const all = await Promise.all(Array.from({ length: count }, () => oneStarter(script)));
  return {
    start: async (url) => {
      const endings = await Promise.all(
        all.map((one, index) => one.start(typeof url === "string" ? url : url(index))),
      );
      return endings.filter((ending) => ending !== "done");
    },
    end: async () => {
      await Promise.all(all.map((one) => one.end()));
    },
  };
}

async function oneStarter(script: string) {
  const child = spawn(process.execPath, ["--max-old-space-size=128", script], {
    env: { PATH: process.env.PATH },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "close").then(() => ["ended"]);
  const line = async () => String((await Promise.race([once(lines, "line"), ended]))[0]);
  await line();
  return {
    start: (url: string) => {
      child.stdin.write(`${url}\n`);
      return line();
    },
    end: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
