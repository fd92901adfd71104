/** The lines about a run over many tenants. */
import { describeMs } from "../core/model/blocker.ts";
import type { RunEvent } from "../engine/events.ts";

/** How far a run over tenants is. */
export type FleetProgressEvent = Extract<RunEvent, { readonly type: "fleet_progress" }>;

type FleetEvent = Extract<RunEvent, { type: `fleet_${string}` | "tenant_failed" }>;

const waveWords = {
  canary: "canaries",
  first: "the first 1 %",
  rest: "the rest",
} as const;

/** One line for people. */
export function fleetLine(event: FleetEvent): string {
  const repo = `repo ${event.repo}:`;
  switch (event.type) {
    case "fleet_up_to_date":
      return `${repo} ${tenants(event.tenants)}, nothing to do`;
    case "fleet_quarantined":
      return `warning: ${repo} ${tenants(event.tenants)} that failed before ${event.tenants === 1 ? "is" : "are"} left alone; look at: slipway status --behind, and try again: slipway migrate --repo ${event.repo} --retry-quarantined`;
    case "fleet_started":
      return `${repo} ${tenants(event.behind)} behind, on ${event.connections} ${event.connections === 1 ? "connection" : "connections"}`;
    case "fleet_wave":
      return `${repo} ${waveWords[event.wave]}: ${tenants(event.tenants)}`;
    case "fleet_progress":
      return `${repo} ${fleetProgressWords(event)}`;
    case "tenant_failed":
      return `${repo} tenant ${event.tenant} failed${event.version === "" ? "" : ` at ${event.version} ${event.name}`}: ${event.reason}`;
    case "fleet_ended": {
      const { migrated, failed, left, durationMs } = event;
      const words = [
        `${tenants(migrated)} migrated in ${describeMs(durationMs)}`,
        failed > 0 && `${count(failed)} failed`,
        left > 0 && `${count(left)} not begun`,
      ];
      return `${repo} ${words.filter(Boolean).join(", ")}`;
    }
  }
}

/**
 * `8,120 of 10,000 tenants, 356 a second, 5 s left, 2 failed`; the most important in `most`
 * characters.
 */
export function fleetProgressWords(
  { done, behind, failed, perSecond, leftMs }: FleetProgressEvent,
  most = Number.POSITIVE_INFINITY,
): string {
  const all = `${count(done)} of ${tenants(behind)}`;
  const pace = `${perSecond.toFixed(0)} a second`;
  const left = leftMs === undefined ? [] : [`${describeMs(leftMs)} left`];
  const broken = failed === 0 ? [] : [`${count(failed)} failed`];
  const shorter = [
    [all, pace, ...left, ...broken],
    [all, ...left, ...broken],
    [...left, ...broken],
  ].map((words) => words.join(", "));
  return shorter.find((words) => words.length <= most) ?? shorter.at(-1)!;
}

function tenants(number: number): string {
  return `${count(number)} ${number === 1 ? "tenant" : "tenants"}`;
}

/** `9,998`. */
function count(number: number): string {
  return number.toLocaleString("en-US");
}
