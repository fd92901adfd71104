/** Sends messages to an address over HTTP: in order, again where that may help, and never for long. */
import { setTimeout } from "node:timers/promises";
import { messageOf } from "../core/model/message-of.ts";

export type Delivery = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Limits = {
  /** How long one try may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How often a message is tried. */
  readonly tries: number;
};

/** More than these wait only behind an address that does not answer. */
const mostWaiting = 1_000;
const firstPauseMs = 200;

/** One message after another, each as a promise that fails when it could not be sent. */
export function deliverer(
  limits: Limits,
): (make: () => Delivery, signal: AbortSignal) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (make, signal) => {
    if (waiting >= mostWaiting)
      return Promise.reject(new Error(`${mostWaiting} messages wait already`));
    waiting += 1;
    const sent = last.then(() => deliver(make(), { ...limits, signal }));
    last = sent
      .catch(() => undefined)
      .then(() => {
        waiting -= 1;
      });
    return sent;
  };
}

/** @throws {Error} which address did not take it, and why */
async function deliver(
  delivery: Delivery,
  { tries, timeoutMs, signal }: Limits & { readonly signal: AbortSignal },
): Promise<void> {
  const wrong = whyNot(delivery.url);
  if (wrong !== undefined) throw new Error(`no message was sent: ${wrong}`);
  for (let attempt = 1, pauseMs = firstPauseMs; ; attempt += 1, pauseMs *= 4) {
    signal.throwIfAborted();
    const answer = await post(delivery, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    if (answer === "taken") return;
    if (!answer.again || attempt >= tries)
      throw new Error(`${hostOf(delivery.url)} did not take the message: ${answer.reason}`);
    await pause(pauseMs * (0.5 + Math.random() / 2), signal);
  }
}

/** The reason why an address cannot be used, without the address. */
function whyNot(url: string): string | undefined {
  if (!URL.canParse(url)) return "the address is no URL";
  const { protocol, username, password } = new URL(url);
  if (!/^https?:$/.test(protocol)) return `the address begins with ${protocol}, not with https:`;
  const hasUser = username !== "" || password !== "";
  return hasUser ? "the address holds a user or a password, which is not sent" : undefined;
}

type Refused = { readonly reason: string; readonly again: boolean };

async function post(
  { url, headers, body }: Delivery,
  signal: AbortSignal,
): Promise<"taken" | Refused> {
  try {
    const answer = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
    // Else the connection stays taken.
    await answer.body?.cancel();
    if (answer.ok) return "taken";
    const { status } = answer;
    const redirects = status >= 300 && status < 400 ? ", a redirect, which is not followed" : "";
    const reason = `HTTP ${status}${redirects}`;
    return { reason, again: status >= 500 || status === 408 || status === 429 };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return { reason: messageOf(cause).replaceAll(url, hostOf(url)), again: true };
  }
}

/** The path and the query of an address may be a secret. */
function hostOf(url: string): string {
  return new URL(url).host;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // The caller looks at the signal itself, so an abort only ends the pause.
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
