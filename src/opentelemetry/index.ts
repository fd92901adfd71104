/** Sends spans of runs to OpenTelemetry. */
import type { Channel } from "node:diagnostics_channel";
import * as api from "@opentelemetry/api";
import {
  endedRuns,
  type RunEnded,
  replicaLags,
  type ToldLag,
  type TracedEvent,
  tracedEvents,
} from "../engine/traced.ts";
import { CurrentSpan } from "./current.ts";
import { sendEvent } from "./events.ts";
import { measure } from "./metrics.ts";
import { traceWork } from "./spans.ts";
import type { QueryText } from "./statement.ts";

export { type AsksReadiness, type WatchOptions, watchPending } from "./pending.ts";
export type { QueryText } from "./statement.ts";

/** The options of `openTelemetry`. */
export type OpenTelemetryOptions = {
  /**
   * How much of the SQL is in `db.query.text`. Default: `redacted`, `?` for each value that stands in it; `whole` has
   * the values too, and `none` leaves it out.
   */
  readonly queryText?: QueryText;
};

/**
 * Sends spans, metrics and events of all runs of this process to the OpenTelemetry SDK that is started, whose exporter
 * the `OTEL_*` variables configure. Call it once, beside `sdk.start()`. A second call changes nothing.
 *
 * @returns the function that stops it
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): { stop(): void } {
  const { queryText = "redacted" } = options;
  const here = globalThis as { [begun]?: true | undefined };
  if (here[begun] === true) return { stop: () => undefined };
  here[begun] = true;
  const tracer = api.trace.getTracer("slipway");
  const current = new CurrentSpan();
  const measuring = measure();
  const stopSpans = traceWork({ tracer, queryText, current, ended: measuring.ended });
  const stops = [
    hear(tracedEvents, (told: TracedEvent) => {
      sendEvent(told, current.parent());
      measuring.hear(told.event);
    }),
    hear(replicaLags, (lag: ToldLag) => measuring.hearLag(lag)),
    hear(endedRuns, (ended: RunEnded) => ended.waitFor(flushAll())),
  ];
  return {
    stop() {
      stopSpans();
      for (const stop of stops) stop();
      here[begun] = undefined;
    },
  };
}

/** A built release may hold this module twice, and the channels are those of the process. */
const begun = Symbol.for("slipway.opentelemetry");

/** Catches the errors of a listener, because one of them would end the process. */
function hear<Message>(channel: Channel, listener: (message: Message) => void): () => void {
  const heard = (message: unknown) => {
    try {
      listener(message as Message);
    } catch {
      // Telemetry loses this message, and the run continues.
    }
  };
  channel.subscribe(heard);
  return () => void channel.unsubscribe(heard);
}

type Flushing = { forceFlush?(): Promise<void>; getDelegate?(): Flushing };

/**
 * A process of a release ends right after its run, so this sends the gathered telemetry first.
 */
async function flushAll(): Promise<void> {
  const { logs } = api as { readonly logs?: { getLoggerProvider(): unknown } };
  const providers = [
    api.trace.getTracerProvider(),
    api.metrics.getMeterProvider(),
    logs?.getLoggerProvider(),
  ] as (Flushing | undefined)[];
  await Promise.allSettled(
    providers.map(async (provider) => {
      await (provider?.getDelegate?.() ?? provider)?.forceFlush?.();
    }),
  );
}
