import type { RunState } from "./ledger.ts";

/** How it ended. `stopped` waits for a human; after the others, the next run continues it. */
export type BackfillEnd =
  | { readonly kind: "finished" | "time_over" | "interrupted" }
  | { readonly kind: "changed" }
  | { readonly kind: "stopped"; readonly state: RunState; readonly reason: string | undefined };
