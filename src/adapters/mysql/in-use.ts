/** Whether a connection is in use. */
export class InUse {
  #asking = 0;

  /** The connection is in use while this is done. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#asking += 1;
    try {
      return await work();
    } finally {
      this.#asking -= 1;
    }
  }

  get isIdle(): boolean {
    return this.#asking === 0;
  }
}
