/** A load balancer that hands single reads of one connection to a standby, which may be behind. */
import type { Refusal, Row } from "../adapter.ts";

type Query = (sql: string) => Promise<readonly Row[]>;

/** Reads and writes of one connection reach two servers. */
export class ReadsElsewhere extends Error {
  constructor() {
    super("a load balancer stands between, and sends reads of this connection to a standby");
  }
}

/**
 * Whether a statement by itself reaches a server that only reads. Pgpool-II sends a `SHOW` to the node that it chose for
 * the reads of the session, inside of transactions too, and several statements in one text to the primary.
 * https://www.pgpool.net/docs/latest/en/html/runtime-config-load-balancing.html
 */
export async function readsElsewhere(query: Query): Promise<boolean> {
  const [row] = await query("SHOW transaction_read_only");
  return row?.transaction_read_only === "on";
}

/** Whoever takes the lock asks the same with it. */
export async function refuseStaleReads(query: Query): Promise<void> {
  if (await readsElsewhere(query)) throw new ReadsElsewhere();
}

export function balancedRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof ReadsElsewhere)) return undefined;
  return {
    reason: error.message,
    hint: "Give the adapter directUrl, the address of the primary: what Slipway and your migrations read must not be older than what they write.",
  };
}
