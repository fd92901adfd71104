/** Answers with all the headers that keep a page to itself. */

/** A page that runs what carries its nonce, and asks nobody but its own server. */
export function pageAnswer(
  body: string,
  { nonce, status = 200 }: { nonce: string; status?: number | undefined },
): Response {
  return new Response(body, {
    status,
    headers: {
      ...closed,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    },
  });
}

/** One line, where there is no page to show. */
export function textAnswer(
  status: number,
  words: string,
  headers: { readonly [name: string]: string } = {},
): Response {
  return new Response(`${words}\n`, {
    status,
    headers: { ...closed, "content-type": "text/plain; charset=utf-8", ...headers },
  });
}

/** A stream of events, which no proxy gathers up. */
export function eventsAnswer(events: ReadableStream<Uint8Array> | null): Response {
  return new Response(events, {
    headers: { ...closed, "content-type": "text/event-stream", "x-accel-buffering": "no" },
  });
}

/** Sends the browser to another page, with GET. */
export function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { ...closed, location } });
}

/** Kept by nobody, shown in no frame, and its address goes to no other origin. */
const closed = {
  "cache-control": "no-store",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
} as const;
