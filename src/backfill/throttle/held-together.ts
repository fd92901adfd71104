/** Tells once why the backfills of many tenants hold, and not once for each tenant. */
import type { Edge, MigrationRef, RunEvent } from "../../engine/events.ts";

export class HeldTogether {
  readonly #emit: Edge["emit"];
  /** Why each of them holds; the first one is told. */
  readonly #held = new Map<string, string>();
  #told: { readonly migration: MigrationRef; readonly reason: string } | undefined;

  constructor({ emit }: Pick<Edge, "emit">) {
    this.#emit = emit;
  }

  /** Gives the work an edge that hears why the tenant holds, and passes on everything else. */
  async with<Result>(
    tenant: string,
    edge: Edge,
    work: (heard: Edge) => Promise<Result>,
  ): Promise<Result> {
    const emit = (event: RunEvent) =>
      event.type === "backfill_held" ? this.#hear(tenant, event) : edge.emit(event);
    try {
      return await work({ ...edge, emit });
    } finally {
      if (this.#told !== undefined)
        this.#hear(tenant, { migration: this.#told.migration, reason: undefined });
    }
  }

  #hear(
    tenant: string,
    {
      migration,
      reason,
    }: { readonly migration: MigrationRef; readonly reason: string | undefined },
  ): void {
    if (reason === undefined) this.#held.delete(tenant);
    else this.#held.set(tenant, reason);
    const [told] = this.#held.values();
    if (told === this.#told?.reason) return;
    this.#told = told === undefined ? undefined : { migration, reason: told };
    this.#emit({ type: "backfill_held", migration, reason: told });
  }
}
