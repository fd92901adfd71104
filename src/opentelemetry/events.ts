/** Events of a run as OpenTelemetry has them: on the span that is at work, and as records of a log. */
import * as api from "@opentelemetry/api";
import type { RunEvent } from "../engine/events.ts";
import { withoutQueries } from "../engine/told-event.ts";
import type { TracedEvent } from "../engine/traced.ts";
import { terminal } from "../reporters/terminal.ts";

/** As the numbers of OpenTelemetry's severities. */
const severities = { info: 9, warn: 13, error: 17 } as const;

/**
 * The severity of each event that becomes a log record. The others are in spans and metrics
 * already, or are SQL.
 */
const told: { readonly [Type in RunEvent["type"]]?: keyof typeof severities } = {
  warning: "warn",
  nothing_to_do: "info",
  lock_waiting: "warn",
  waiting: "info",
  lock_taken: "info",
  migration_started: "info",
  migration_finished: "info",
  migration_failed: "error",
  notice: "info",
  blocked: "warn",
  waits_for: "warn",
  locks_held: "info",
  blocker_ended: "warn",
  backfill_started: "info",
  backfill_held: "warn",
  backfill_ended: "info",
  fleet_started: "info",
  fleet_ended: "info",
  fleet_quarantined: "warn",
  tenant_failed: "error",
};

/** Sends one event. `parent` is the work that it happened in. */
export function sendEvent({ app, runId, event }: TracedEvent, parent: api.Context): void {
  const severity = told[event.type];
  if (severity === undefined) return;
  const body = lineOf(event);
  const attributes = { "slipway.app": app, "slipway.run.id": runId, ...subjectOf(event) };
  const eventName = `slipway.${event.type}`;
  api.trace.getSpan(parent)?.addEvent(eventName, { ...attributes, "slipway.message": body });
  const severityNumber = severities[severity];
  const severityText = severity.toUpperCase();
  // Versions of the API before 1.10 have no logs.
  const { logs } = api as { readonly logs?: typeof api.logs };
  logs?.getLogger("slipway").emit({
    ...{ eventName, body, severityNumber, severityText, attributes },
    context: parent,
  });
}

function lineOf(event: RunEvent): string {
  let line = "";
  const write = (text: string) => {
    line = text.trimEnd();
  };
  terminal({ write })(withoutQueries(event));
  return line;
}

function subjectOf(event: RunEvent): api.Attributes {
  if ("migration" in event) {
    const { repo, version, name } = event.migration;
    const about = { "slipway.repo": repo, "slipway.migration.version": version };
    const attempt = event.type === "blocked" ? { "slipway.attempt": event.attempt } : {};
    return { ...about, "slipway.migration.name": name, ...attempt };
  }
  const code = event.type === "warning" ? { "slipway.warning": event.code } : {};
  return { "slipway.repo": event.repo, ...code };
}
