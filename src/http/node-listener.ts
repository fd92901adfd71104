/** From what Node's own server gives to a `Request`, and back: for frameworks that are built on it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { HealthHandler } from "./health.ts";

/** The most that a request may bring: the form of the page is smaller. */
const mostBytes = 65_536;

/** Answers requests of `node:http`, and of what is built on it, such as Express. */
export function nodeListener(
  handler: HealthHandler,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const request = await requestOf(incoming);
    const response =
      request === undefined ? new Response(null, { status: 413 }) : await handler(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(incoming.method === "HEAD" ? undefined : await response.text());
  };
}

/** Express cuts the path that it was mounted on off `url` and keeps the whole of it. */
async function requestOf(incoming: IncomingMessage): Promise<Request | undefined> {
  const { method = "GET", url = "/", headers } = incoming;
  const path = "originalUrl" in incoming ? String(incoming.originalUrl) : url;
  const scheme = "encrypted" in incoming.socket ? "https" : "http";
  const absolute = new URL(path, `${scheme}://${headers.host ?? "localhost"}`);
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  if (method === "GET" || method === "HEAD")
    return new Request(absolute, { method, headers: pairs });
  const body = await bodyOf(incoming);
  return body === undefined ? undefined : new Request(absolute, { method, headers: pairs, body });
}

async function bodyOf(incoming: IncomingMessage): Promise<string | undefined> {
  // A parser of the framework's may have read it before.
  if ("body" in incoming && incoming.body !== undefined) {
    const { body } = incoming;
    if (typeof body === "string") return body;
    return new URLSearchParams(body as Record<string, string>).toString();
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += (chunk as Buffer).length;
    if (length > mostBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}
