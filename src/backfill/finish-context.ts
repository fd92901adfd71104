import type { Session } from "../adapters/adapter.ts";
import type { Edge } from "../engine/events.ts";
import type { RunRow } from "./ledger.ts";
import type { BackfillTarget } from "./target.ts";

export type FinishContext = {
  readonly session: Session;
  readonly target: BackfillTarget;
  readonly run: RunRow;
  readonly edge: Edge;
};
