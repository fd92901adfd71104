/** How far a backfill is that was begun, in a few words. */
import { describeSeconds } from "../model/blocker.ts";
import type { Held } from "./hold-words.ts";

/** The visible facts about a backfill. */
export type BackfillSeen = {
  readonly state: string;
  readonly rowsSeen: number;
  readonly rowsExpected: number;
  readonly idleMs?: number | undefined;
  /** How long ago its last batch was, or its beginning, when it is to run. */
  readonly restsMs?: number | undefined;
  readonly abandoned?: true | undefined;
  /** Why its throttle lets nothing run. */
  readonly held?: Held | undefined;
};

/** `41%`; empty when nobody knows how many rows there are. */
export function backfillShare({ state, rowsSeen, rowsExpected }: BackfillSeen): string {
  if (state === "finished") return "100%";
  return rowsExpected === 0 ? "" : `${Math.min(99, Math.floor((rowsSeen / rowsExpected) * 100))}%`;
}

/** A batch ends sooner, and the pause behind it too. */
const restMs = 10_000;

/** Whether it is to run and makes no batches: a throttle holds its workers, or what they send waits. */
export function restsLong({ state, restsMs = 0, abandoned, held }: BackfillSeen): boolean {
  if (held !== undefined) return state === "running";
  return state === "running" && abandoned !== true && restsMs > restMs;
}

/** The command that lifts what holds a backfill. */
export function liftCommand(version: string): string {
  return `slipway backfill set ${version} throttle=off`;
}

/** `running`; `running, held for 4 min`; `running, no batch for 12 s`; `running, no worker for 40 s`. */
export function backfillState(seen: BackfillSeen): string {
  const { state, idleMs, abandoned, held, restsMs = 0 } = seen;
  if (held !== undefined && restsLong(seen))
    return `${state}, held for ${describeSeconds(held.heldMs)}`;
  if (restsLong(seen)) return `${state}, no batch for ${describeSeconds(restsMs)}`;
  if (abandoned !== true) return state;
  return idleMs === undefined
    ? `${state}, no worker and no batch yet`
    : `${state}, no worker for ${describeSeconds(idleMs)}`;
}
