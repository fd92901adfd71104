/** The span that is at work, for what begins inside of it. */
import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, context, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";

/**
 * Keeps the context of the span at work, and makes it the active one of OpenTelemetry: spans of a driver or of a
 * migration's own code are inside of it.
 */
export class CurrentSpan extends AsyncLocalStorage<Context> {
  override run<Result, Given extends unknown[]>(
    store: Context,
    work: (...given: Given) => Result,
    ...given: Given
  ): Result {
    return super.run(store, () => context.with(store, work, undefined, ...given));
  }

  /**
   * The parent of a span that begins now: a span of the app, else one of ours, else the
   * `TRACEPARENT` of the process, which is how a pipeline hands on its trace.
   */
  parent(): Context {
    const active = context.active();
    if (trace.getSpan(active) !== undefined) return active;
    return this.getStore() ?? ofProcess(active);
  }
}

function ofProcess(active: Context): Context {
  const { TRACEPARENT: traceparent, TRACESTATE: tracestate = "" } = process.env;
  if (active !== ROOT_CONTEXT || traceparent === undefined) return active;
  return propagation.extract(active, { traceparent, tracestate });
}
