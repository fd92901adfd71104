/** A process that is out of memory: V8 ends it in the middle of whatever it does. */

/** Whether this child was told to be greedy. */
export function isGreedy(): boolean {
  return JSON.parse(process.env.FAULTS ?? "{}").greedy === true;
}

/** Takes more memory than the process may have, so it never returns. */
export function takeAllMemory(): never {
  const taken: unknown[] = [];
  // A few large pieces: many small ones keep the collector busy for a minute before it gives up.
  for (;;) taken.push(new Array(4_000_000).fill(taken.length + 0.5));
}
