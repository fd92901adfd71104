import type { RunState } from "./ledger.ts";

/** How it ended. `stopped` waits for a human; after the others it goes on by itself when it is run again. */
export type BackfillEnd =
  | { readonly kind: "finished" | "time_over" | "interrupted" }
  | { readonly kind: "changed" }
  | { readonly kind: "stopped"; readonly state: RunState; readonly reason: string | undefined };
