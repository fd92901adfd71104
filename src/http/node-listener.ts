/** From what Node's own server gives to a `Request`, and back: for frameworks that are built on it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { HealthHandler } from "./health.ts";
import { addressOf, headersOf } from "./incoming.ts";

/**
 * Answers requests of `node:http`, and of servers that are built on it, such as Express. Never
 * throws and never rejects: a broken request gets 400, a client that has gone gets nothing.
 */
export function nodeListener(
  handler: HealthHandler,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    for (const stream of [incoming, outgoing]) stream.on("error", ignoreGone);
    try {
      const request = requestOf(incoming);
      const response = typeof request === "number" ? empty(request) : await handler(request);
      if (isStream(response)) return await sendStream(response, outgoing);
      const body = new Uint8Array(await response.arrayBuffer());
      outgoing.writeHead(response.status, {
        ...headersFor(response),
        ...endsConnection(incoming),
      });
      outgoing.end(incoming.method === "HEAD" ? undefined : body);
    } catch {
      // The handler is somebody else's, or the answer has begun already: this connection can carry
      // no other answer.
      outgoing.destroy();
    }
  };
}

/** Events that are sent as they happen have no end to wait for. */
function isStream({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/** Until the one or the other ends it: a client that has gone cancels the stream. */
async function sendStream(response: Response, outgoing: ServerResponse): Promise<void> {
  const reader = response.body?.getReader();
  outgoing.on("close", () => void reader?.cancel().catch(ignoreGone));
  outgoing.writeHead(response.status, headersFor(response));
  outgoing.flushHeaders();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
    if (!outgoing.write(part.value)) await drained(outgoing);
  outgoing.end();
}

/** Until a client that reads slowly has taken what it was sent, or has gone. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((done) => {
    const events = ["drain", "close"];
    const end = () => {
      for (const event of events) outgoing.off(event, end);
      done();
    };
    for (const event of events) outgoing.on(event, end);
    if (outgoing.destroyed) end();
  });
}

/** An answer may set several cookies, each in a header of its own. */
function headersFor({ headers }: Response): Record<string, string | string[]> {
  const cookies = headers.getSetCookie();
  return { ...Object.fromEntries(headers), ...(cookies.length > 0 && { "set-cookie": cookies }) };
}

/** The client hung up: there is nobody to tell. */
function ignoreGone(): void {}

function empty(status: number): Response {
  return new Response(null, { status });
}

/**
 * Closes the connection after an unread body: its rest must not be waited for, or be taken for the
 * next request. HTTP/2 has no such header.
 */
function endsConnection(incoming: IncomingMessage): { readonly connection?: "close" } {
  return incoming.complete || incoming.httpVersionMajor > 1 ? {} : { connection: "close" };
}

/** The request, whose body is read only when the handler asks for it; or the status that refuses it. */
function requestOf(incoming: IncomingMessage): Request | 400 | 405 {
  const { method = "GET" } = incoming;
  const address = addressOf(incoming);
  if (address === undefined) return 400;
  // The standard allows no `Request` with these.
  if (method === "CONNECT" || method === "TRACE" || method === "TRACK") return 405;
  try {
    const headers = headersOf(incoming);
    if (method === "GET" || method === "HEAD") return new Request(address, { method, headers });
    return new Request(address, { method, headers, body: bodyOf(incoming), duplex: "half" });
  } catch {
    return 400;
  }
}

/** A parser of the framework may have read the body already, and then gives it in any shape. */
function bodyOf(incoming: IncomingMessage): NonNullable<RequestInit["body"]> {
  const body = "body" in incoming ? incoming.body : undefined;
  // Whoever stops reading may still have an answer to give, on the same connection.
  if (body === undefined) return ReadableStream.from(incoming.iterator({ destroyOnReturn: false }));
  if (typeof body === "string" || body instanceof Uint8Array) return body as string;
  return new URLSearchParams(body as Record<string, string>);
}
