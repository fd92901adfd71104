import type { Session } from "../adapters/adapter.ts";
import type { Edge } from "../engine/events.ts";
import type { RunRow, RunState } from "./ledger.ts";
import type { Regulator } from "./regulator.ts";
import type { BackfillTarget } from "./target.ts";

/** Why a worker stopped. `done`: no range is open; `surplus`: there are to be fewer. */
export type WorkerEnd =
  | { readonly kind: "done" | "surplus" | "time_over" | "interrupted" }
  | { readonly kind: "stopped"; readonly state: RunState | "changed" }
  | { readonly kind: "failed"; readonly reason: string };

/** The work of a worker, and its means. */
export type WorkerContext = {
  readonly index: number;
  readonly target: BackfillTarget;
  readonly run: RunRow;
  readonly edge: Edge;
  readonly regulator: Regulator;
  /** Opens another connection instead of a lost one. */
  readonly open: () => Promise<Session>;
};
