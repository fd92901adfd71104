/** Requests without a pause for as long as a rollout takes, and what became of them. */

/** So many at most, whatever happens. */
const mostRequests = 20_000;
const pauseMs = 15;
const clients = 4;

export type Figures = {
  readonly requests: number;
  /** Each that was not answered with 200, in words. */
  readonly failed: readonly string[];
  readonly medianMs: number;
  readonly slowestMs: number;
};

export type Load = { stop(): Promise<Figures> };

/** Reads and writes in turn, on several connections. */
export function startLoad(port: number): Load {
  const times: number[] = [];
  const failed: string[] = [];
  let stopped = false;
  const client = async (number: number) => {
    for (let i = 0; !stopped && times.length + failed.length < mostRequests; i++) {
      const started = performance.now();
      const write = i % 4 === 3;
      const url = `http://127.0.0.1:${port}/posts/${write ? number * 1000 + (i % 50) : ""}`;
      const problem = await ask(url, write ? "PUT" : "GET");
      if (problem === undefined) times.push(performance.now() - started);
      else failed.push(problem);
      await new Promise((done) => setTimeout(done, pauseMs));
    }
  };
  const running = Promise.all(Array.from({ length: clients }, (_, i) => client(i + 1)));
  return {
    stop: async () => {
      stopped = true;
      await running;
      const sorted = times.toSorted((a, b) => a - b);
      return {
        requests: times.length + failed.length,
        failed,
        medianMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
        slowestMs: Math.round(sorted.at(-1) ?? 0),
      };
    },
  };
}

/** What was wrong with the answer, if anything. */
async function ask(url: string, method: "GET" | "PUT"): Promise<string | undefined> {
  try {
    const response = await fetch(url, { method });
    const body = await response.text();
    return response.status === 200 ? undefined : `${response.status} ${body}`;
  } catch (error) {
    return String(error);
  }
}
