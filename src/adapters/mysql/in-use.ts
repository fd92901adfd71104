/** Whether a connection is in use, and for how long it has not been. */
export class InUse {
  #asking = 0;
  #endedAt = performance.now();

  /** The connection is in use while this is done. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#asking += 1;
    try {
      return await work();
    } finally {
      this.#asking -= 1;
      this.#endedAt = performance.now();
    }
  }

  /** Whether it has been idle for this many milliseconds. */
  isIdleFor(ms: number): boolean {
    return this.#asking === 0 && performance.now() - this.#endedAt >= ms;
  }
}
