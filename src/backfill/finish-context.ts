import type { Session } from "../adapters/adapter.ts";
import type { Edge } from "../engine/events.ts";
import type { RunRow } from "./ledger.ts";
import type { Target } from "./target.ts";

export type FinishContext = {
  readonly session: Session;
  readonly target: Target;
  readonly run: RunRow;
  readonly edge: Edge;
};
