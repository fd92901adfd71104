/** How many tenants have failed since a run began, in whatever process: a budget, and a canary, are for all of them. */
import type { Session } from "../adapters/adapter.ts";
import type { FleetContext } from "./fleet-context.ts";
import { unlessMissing } from "./registry.ts";

const askEveryMs = 1_000;

export class Failures {
  #count: number;
  #askedAt = 0;
  readonly #own: readonly unknown[];
  readonly #before: ReadonlySet<string>;
  readonly #tenants: ReadonlySet<string>;
  readonly #context: Beginning["context"];
  /** Canaries that failed before and are left alone: nothing has shown that the others would do better. */
  readonly #canaries: number;

  private constructor(at: Beginning, before: ReadonlySet<string>) {
    this.#own = at.own;
    this.#before = before;
    this.#tenants = new Set(at.tenants);
    this.#context = at.context;
    this.#canaries = at.canaries;
    this.#count = at.canaries;
  }

  static async begin(session: Session, at: Beginning): Promise<Failures> {
    const now = [...(await failedNow(session, at.context))];
    return new Failures(
      at,
      new Set(now.flatMap(([key, one]) => (at.failedBefore(one) ? key : []))),
    );
  }

  get count(): number {
    return Math.max(this.#count, this.#canaries + this.#own.length);
  }

  /** Asks the database, unless it did so a moment ago. */
  async look(session: Session, { now = false }: { readonly now?: boolean } = {}): Promise<void> {
    const at = this.#context.edge.now();
    if (!now && at - this.#askedAt < askEveryMs) return;
    this.#askedAt = at;
    let count = this.#canaries;
    for (const [key, tenant] of await failedNow(session, this.#context))
      if (!this.#before.has(key) && this.#tenants.has(tenant)) count += 1;
    this.#count = count;
  }
}

type Beginning = {
  readonly context: Pick<FleetContext, "tables" | "edge">;
  readonly tenants: readonly string[];
  /** Those that failed here. */
  readonly own: readonly unknown[];
  readonly canaries: number;
  /** Whether a tenant had failed at the first look. */
  readonly failedBefore: (tenant: string) => boolean;
};

/** Tenants that are left alone, by tenant and the run in which they failed. */
async function failedNow(
  session: Session,
  { tables }: Pick<FleetContext, "tables">,
): Promise<ReadonlyMap<string, string>> {
  const { quote: q, quoteNamed, operator } = session.dialect;
  const rows = await unlessMissing(session, () =>
    session.query(
      `SELECT ${q("tenant")}, ${q("run_id")} FROM ${quoteNamed(tables.tenants)} WHERE ${q("state")} ${operator("=")} 'quarantined'`,
    ),
  );
  return new Map(
    rows.map((row) => [JSON.stringify([row.tenant, row.run_id]), String(row.tenant)] as const),
  );
}
