/** Chooses the events that somebody wants. */
import type { ToldEvent } from "../engine/told-event.ts";

/** The name of an event. */
export type EventName = ToldEvent["event"]["type"];

export type EventChoice = {
  /**
   * Which events. Default: what ended and what failed: `migration_finished`, `migration_failed`, `backfill_ended`,
   * `tenant_failed`, `fleet_ended`.
   */
  readonly events?: readonly EventName[];
};

const usual: readonly EventName[] = [
  "migration_finished",
  "migration_failed",
  "backfill_ended",
  "tenant_failed",
  "fleet_ended",
];

/** Whether an event is among those. */
export function wants({ events = usual }: EventChoice, { event }: ToldEvent): boolean {
  return events.includes(event.type);
}
