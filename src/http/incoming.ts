/** Reads with suspicion what a request says about itself: each byte of it comes from the client. */
import type { IncomingMessage } from "node:http";

/** A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port: nothing that would move a URL elsewhere. */
const hostForm = /^(?:\[[\da-f:.]+\]|[^\s/?#@\\:[\]]+)(?::\d{1,5})?$/i;

/** The address of the request; nothing where host and path make none. */
export function addressOf(incoming: IncomingMessage): URL | undefined {
  const host = hostOf(incoming);
  const path = pathOf(incoming);
  if (!hostForm.test(host) || path === undefined) return undefined;
  const scheme = "encrypted" in incoming.socket ? "https" : "http";
  // One text, because a path of two slashes that is resolved against a base names a host.
  return URL.parse(`${scheme}://${host}${path}`) ?? undefined;
}

/** As the standard's `Headers` takes them: HTTP/2 has some that are none. */
export function headersOf({ headers }: IncomingMessage): [name: string, value: string][] {
  return Object.entries(headers)
    .filter(([name]) => !name.startsWith(":"))
    .flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one]));
}

/** HTTP/1.0 needs none. */
function hostOf({ headers }: IncomingMessage): string {
  return headers.host ?? (headers[":authority"] as string | undefined) ?? "localhost";
}

/**
 * Express cuts the path that it was mounted on off `url` and keeps the whole of it. A request for a
 * proxy has an address in front; `*` has no path at all.
 */
function pathOf(incoming: IncomingMessage): string | undefined {
  const { url = "/" } = incoming;
  const whole = "originalUrl" in incoming ? String(incoming.originalUrl) : url;
  const path = whole.replace(/^https?:\/\/[^/?#]*/i, "");
  if (path.startsWith("/")) return path;
  return path === "" || path.startsWith("?") ? `/${path}` : undefined;
}
