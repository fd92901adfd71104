/** Events of runs as signed requests. */
import { createHmac, randomUUID } from "node:crypto";
import type { OnEvent, ToldEvent } from "../engine/told-event.ts";
import { type Delivery, deliverer, type Limits } from "./deliver.ts";
import { type EventChoice, wants } from "./wants.ts";

/** A text, or what gives it when the first event is sent: a release opens nothing and reads no environment before. */
export type TextSource = string | (() => string | undefined);

/** The options of `webhook`. */
export type WebhookOptions = EventChoice & {
  /** Where to send. Nothing is sent where a function gives `undefined` or an empty text. */
  readonly url: TextSource;
  /** Signs each request: `whsec_` with base64, or any text. Default: it is not signed. */
  readonly secret?: TextSource;
  /** How long one try may take, in milliseconds. Default: 2000. */
  readonly timeoutMs?: number;
  /** How often a request is tried. Default: 3. */
  readonly tries?: number;
};

/**
 * Sends each event as JSON to an address, for `onEvent` of a release. The request has the headers of Standard Webhooks:
 * `webhook-id`, which stays the same when it is tried again, `webhook-timestamp` and, with a secret,
 * `webhook-signature`: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64.
 */
export function webhook(options: WebhookOptions): OnEvent {
  const { url, secret, timeoutMs = 2_000, tries = 3 } = options;
  const send = deliverer({ timeoutMs, tries } satisfies Limits);
  return (told, { signal }) => {
    if (!wants(options, told)) return undefined;
    const to = textOf(url);
    return to === "" ? undefined : send(() => request(told, to, textOf(secret)), signal);
  };
}

function request(told: ToldEvent, url: string, secret: string): Delivery {
  const id = randomUUID();
  const timestamp = String(Math.floor(told.at.getTime() / 1000));
  const body = JSON.stringify({ type: told.event.type, timestamp: told.at, data: told });
  const signature =
    secret === "" ? {} : { "webhook-signature": signed(secret, `${id}.${timestamp}.${body}`) };
  return {
    url,
    body,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      ...signature,
    },
  };
}

function signed(secret: string, content: string): string {
  const key = secret.startsWith("whsec_")
    ? Buffer.from(secret.slice("whsec_".length), "base64")
    : Buffer.from(secret);
  return `v1,${createHmac("sha256", key).update(content).digest("base64")}`;
}

/** The text, empty where there is none. */
export function textOf(given: TextSource | undefined): string {
  return (typeof given === "function" ? given() : given) ?? "";
}
