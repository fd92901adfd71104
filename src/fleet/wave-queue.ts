/** The tenants of a wave that are still to be done, for several connections here and several processes elsewhere. */

/** A tenant that could not be done now, and when it may be tried again. */
type Later = { readonly tenant: string; readonly at: number };

export class WaveQueue {
  #order: readonly string[];
  #next = 0;
  #busy = new Set<string>();
  #later: Later[] = [];

  constructor(order: readonly string[]) {
    this.#order = order;
  }

  /** How many nobody here has begun. */
  get left(): number {
    return this.#order.length - this.#next + this.#later.length;
  }

  /** The next one. `undefined`: none can be begun now. */
  take(now: number): string | undefined {
    const due = this.#later.findIndex(({ at }) => at <= now);
    const [late] = due === -1 ? [] : this.#later.splice(due, 1);
    if (late !== undefined) return late.tenant;
    const tenant = this.#order[this.#next];
    if (tenant !== undefined) this.#next += 1;
    return tenant;
  }

  /** Others are in its way: it is tried again then. */
  postpone(tenant: string, at: number): void {
    this.#later.push({ tenant, at });
  }

  /** When the first that waits may be tried again. Default: none waits. */
  get dueAt(): number | undefined {
    return this.#later.length === 0 ? undefined : Math.min(...this.#later.map(({ at }) => at));
  }

  /** Another process has it, or had it. */
  meet(tenant: string): void {
    this.#busy.add(tenant);
  }

  /**
   * Continues at another place among the tenants that nobody here has begun: two processes that have met at one tenant
   * would meet at every one from there on.
   */
  jump(share: number): void {
    const rest = this.#order.slice(this.#next);
    const at = Math.floor(rest.length * share);
    this.#order = [...rest.slice(at), ...rest.slice(0, at)];
    this.#next = 0;
  }

  /** How many another process had when they were taken, since the last look. */
  get met(): number {
    return this.#busy.size;
  }

  /**
   * Begins anew with the tenants that a look at the database found still to do, from another place
   * than other processes: two processes that have met would meet at every tenant from here on.
   */
  begin(order: readonly string[], share: number): void {
    const at = Math.floor(order.length * share);
    const waits = new Set(this.#later.map(({ tenant }) => tenant));
    this.#order = [...order.slice(at), ...order.slice(0, at)].filter((one) => !waits.has(one));
    this.#next = 0;
    this.#busy = new Set();
  }
}
