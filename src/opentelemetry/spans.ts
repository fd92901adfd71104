/** Begins and ends spans with the work that the channels tell of. */
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { isReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import { redact } from "../core/model/redact.ts";
import { type Traced, type TracedWork, tracedWork } from "../engine/traced.ts";
import type { CurrentSpan } from "./current.ts";
import { batchResult, spanMakers } from "./span-facts.ts";
import { type QueryText, statementError } from "./statement.ts";

/** Hears of the end of each work: its kind, its facts and its duration. */
export type WorkEnded = <Kind extends keyof TracedWork>(
  kind: Kind,
  facts: Traced<Kind>,
  so: { readonly seconds: number; readonly errorType: string | undefined },
) => void;

/** Hears the channels until the function that it gives is called. */
export function traceWork(options: {
  readonly tracer: Tracer;
  readonly queryText: QueryText;
  readonly current: CurrentSpan;
  readonly ended: WorkEnded;
}): () => void {
  const makers = spanMakers(options);
  const stops = (Object.keys(tracedWork) as (keyof TracedWork)[]).map((kind) =>
    traceKind(kind, { ...options, make: makers[kind] as Make }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

type Make = (facts: object) => ReturnType<ReturnType<typeof spanMakers>["run"]>;
type Open = { readonly span: Span; readonly startedAt: number };

function traceKind(
  kind: keyof TracedWork,
  {
    current,
    make,
    tracer,
    ended,
  }: {
    readonly current: CurrentSpan;
    readonly make: Make;
    readonly tracer: Tracer;
    readonly ended: WorkEnded;
  },
): () => void {
  const told = tracedWork[kind];
  const open = new WeakMap<object, Open>();
  const begin = (facts: unknown) => {
    let parent: Context = ROOT_CONTEXT;
    // Whatever a listener throws would end the process.
    try {
      parent = current.parent();
      const { name, ...how } = make(facts as object);
      const span = tracer.startSpan(name, how, parent);
      open.set(facts as object, { span, startedAt: performance.now() });
      return trace.setSpan(parent, span);
    } catch {
      return parent;
    }
  };
  const end = (facts: object) => {
    const found = open.get(facts);
    open.delete(facts);
    if (found === undefined) return;
    const { error, result } = facts as Traced<typeof kind>;
    const seconds = (performance.now() - found.startedAt) / 1000;
    try {
      if (kind === "batch" && "result" in facts) found.span.setAttributes(batchResult(result));
      if (kind === "backfill" && "result" in facts) tellEnd(found.span, result);
      if (kind === "tenant" && "result" in facts) tellTenant(found.span, result);
      const isFailed = "error" in facts && !isAnswer(facts, error);
      const failed = isFailed ? fail(found.span, kind, error) : undefined;
      found.span.end();
      ended(kind, facts as Traced<typeof kind>, { seconds, errorType: failed });
    } catch {
      // Telemetry loses this span, and the run continues.
    }
  };
  told.start.bindStore(current, begin as never);
  const hears = { asyncEnd: end };
  told.subscribe(hears as Parameters<typeof told.subscribe>[0]);
  return () => {
    told.start.unbindStore(current);
    told.unsubscribe(hears as Parameters<typeof told.unsubscribe>[0]);
  };
}

/** A backfill that has stopped is no error of its work: why stands in its end. */
function tellEnd(span: Span, result: unknown): void {
  const { end } = (result ?? {}) as {
    readonly end?: { readonly kind: string; readonly state?: string; readonly reason?: string };
  };
  if (end === undefined) return;
  const { kind, state = kind, reason } = end;
  span.setAttributes({ "slipway.backfill.end": state });
  if (state !== "failed") return;
  span.setAttributes({ "error.type": "backfill_failed" });
  span.setStatus({ code: SpanStatusCode.ERROR, message: redact(reason ?? "rows failed") });
}

/** One that failed throws nothing, because the others go on. */
function tellTenant(span: Span, result: unknown): void {
  const { status, failed, isBusy } = (typeof result === "string" ? { status: result } : result) as {
    readonly status?: string;
    readonly failed?: { readonly reason: string };
    readonly isBusy?: boolean;
  };
  const word = status ?? (isBusy ? "busy" : "failed");
  span.setAttributes({ "slipway.tenant.result": word });
  if (word !== "failed") return;
  span.setAttributes({ "error.type": "tenant_failed" });
  span.setStatus({ code: SpanStatusCode.ERROR, message: redact(failed?.reason ?? "it failed") });
}

function isAnswer(facts: object, error: unknown): boolean {
  return "isAnswer" in facts && (facts as TracedWork["statement"]).isAnswer(error);
}

/** Gives the type of the error. */
function fail(span: Span, kind: keyof TracedWork, error: unknown): string {
  const attributes: Attributes =
    kind === "statement" ? statementError(error) : { "error.type": typeOf(error) };
  span.setAttributes(attributes);
  span.setStatus({ code: SpanStatusCode.ERROR, message: redact(messageOf(error)) });
  return String(attributes["error.type"]);
}

function typeOf(error: unknown): string {
  if (isReleaseError(error)) return error.code;
  return String(statementError(error)["error.type"]);
}
