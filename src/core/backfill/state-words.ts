/** How far a backfill is that was begun, in a few words. */
import { describeSeconds } from "../model/blocker.ts";

/** What is known of it. */
export type BackfillSeen = {
  readonly state: string;
  readonly rowsSeen: number;
  readonly rowsExpected: number;
  readonly idleMs?: number | undefined;
  readonly abandoned?: true | undefined;
};

/** `41%`; empty when nobody knows how many rows there are. */
export function backfillShare({ state, rowsSeen, rowsExpected }: BackfillSeen): string {
  if (state === "finished") return "100%";
  return rowsExpected === 0 ? "" : `${Math.min(99, Math.floor((rowsSeen / rowsExpected) * 100))}%`;
}

/** `running`; `running, no worker for 40 s`. */
export function backfillState({ state, idleMs, abandoned }: BackfillSeen): string {
  if (abandoned !== true) return state;
  return idleMs === undefined
    ? `${state}, no worker and no batch yet`
    : `${state}, no worker for ${describeSeconds(idleMs)}`;
}
