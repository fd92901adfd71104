/** Tells once why the backfills of many tenants hold, and not once for each tenant. */
import type { Edge, MigrationRef, RunEvent } from "../../engine/events.ts";

export class HeldTogether {
  readonly #emit: Edge["emit"];
  readonly #held = new Set<string>();
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
    else this.#held.add(tenant);
    const told = this.#held.size === 0 ? undefined : (reason ?? this.#told?.reason);
    if (told === this.#told?.reason) return;
    this.#told = told === undefined ? undefined : { migration, reason: told };
    this.#emit({ type: "backfill_held", migration, reason: told });
  }
}
