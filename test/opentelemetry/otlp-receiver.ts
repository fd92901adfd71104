/** A collector as small as can be: takes OTLP over HTTP as JSON, and keeps what it was sent. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Value = {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
};
type KeyValue = { readonly key: string; readonly value: Value };
type SentSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly KeyValue[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly KeyValue[] }[];
  readonly status?: { readonly code?: number; readonly message?: string };
};

export type Attributes = { readonly [name: string]: string | number | boolean | undefined };
export type ReceivedSpan = {
  readonly traceId: string;
  readonly id: string;
  readonly parent: string | undefined;
  readonly name: string;
  readonly kind: "internal" | "client" | "other";
  readonly failed: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
};
export type ReceivedMetric = {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly {
    readonly attributes: Attributes;
    readonly value: number;
    readonly count?: number;
  }[];
};
export type ReceivedLog = {
  readonly event: string | undefined;
  readonly severity: number | undefined;
  readonly body: string | undefined;
  readonly spanId: string | undefined;
  readonly attributes: Attributes;
};

export type Receiver = {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  readonly metrics: ReceivedMetric[];
  readonly logs: ReceivedLog[];
  stop(): Promise<void>;
};

export async function otlpReceiver(): Promise<Receiver> {
  const spans: ReceivedSpan[] = [];
  const metrics: ReceivedMetric[] = [];
  const logs: ReceivedLog[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const sent = JSON.parse(body);
    for (const resource of sent.resourceSpans ?? [])
      for (const scope of resource.scopeSpans) spans.push(...scope.spans.map(spanOf));
    for (const resource of sent.resourceMetrics ?? [])
      for (const scope of resource.scopeMetrics) metrics.push(...scope.metrics.map(metricOf));
    for (const resource of sent.resourceLogs ?? [])
      for (const scope of resource.scopeLogs) logs.push(...scope.logRecords.map(logOf));
    response.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, spans, metrics, logs, stop };
}

function spanOf(span: SentSpan): ReceivedSpan {
  const { traceId, spanId: id, parentSpanId, name, status } = span;
  return {
    traceId,
    id,
    parent: parentSpanId || undefined,
    name,
    kind: span.kind === 1 ? "internal" : span.kind === 3 ? "client" : "other",
    failed: status?.code === 2 ? (status.message ?? "") : undefined,
    startMs: Number(BigInt(span.startTimeUnixNano) / 1000n) / 1000,
    endMs: Number(BigInt(span.endTimeUnixNano) / 1000n) / 1000,
    attributes: attributesOf(span.attributes),
    events: (span.events ?? []).map((event) => ({
      name: event.name,
      attributes: attributesOf(event.attributes),
    })),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: it is what a collector is sent, in any of its forms
function metricOf(metric: any): ReceivedMetric {
  const { dataPoints } = metric.sum ?? metric.gauge ?? metric.histogram;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const points = dataPoints.map((point: any) => ({
    attributes: attributesOf(point.attributes),
    value: Number(point.asInt ?? point.asDouble ?? point.sum),
    ...(point.count === undefined ? {} : { count: Number(point.count) }),
  }));
  return { name: metric.name, unit: metric.unit, points };
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function logOf(record: any): ReceivedLog {
  return {
    event: record.eventName,
    severity: record.severityNumber,
    body: record.body?.stringValue,
    spanId: record.spanId || undefined,
    attributes: attributesOf(record.attributes),
  };
}

function attributesOf(sent: readonly KeyValue[] = []): Attributes {
  return Object.fromEntries(
    sent.map(({ key, value }) => [
      key,
      value.stringValue ?? value.boolValue ?? Number(value.intValue ?? value.doubleValue),
    ]),
  );
}

/** The spans as an indented tree, in the order in which they began. */
export function treeOf(spans: readonly ReceivedSpan[]): readonly string[] {
  const known = new Set(spans.map(({ id }) => id));
  const lines: string[] = [];
  const show = (parent: string | undefined, depth: number) => {
    const children = spans.filter((span) =>
      parent === undefined
        ? span.parent === undefined || !known.has(span.parent)
        : span.parent === parent,
    );
    for (const span of children.toSorted((a, b) => a.startMs - b.startMs)) {
      lines.push(`${"  ".repeat(depth)}${span.name}${span.failed === undefined ? "" : " FAILED"}`);
      show(span.id, depth + 1);
    }
  };
  show(undefined, 0);
  return lines;
}
