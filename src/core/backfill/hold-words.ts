/**
 * Why a throttle holds a run, as the ledger keeps it: in the reason of a run that is to run, so that no column is needed,
 * and an older Slipway shows it too.
 */

/** Times are milliseconds of the server's clock. */
export type KeptHold = {
  readonly sinceMs: number;
  /** When a worker last said so: it says it again and again, unless it was killed. */
  readonly seenMs: number;
  readonly reason: string;
};

const longest = 500;
const shape = /^held since (\S+Z), seen (\S+Z): (.*)$/s;

/** The text of the ledger: `held since 2026-11-29T07:43:53.120Z, seen 2026-11-29T07:47:53.120Z: replica b is …`. */
export function holdText({ sinceMs, seenMs, reason }: KeptHold): string {
  const at = (ms: number) => new Date(ms).toISOString();
  const cut = reason.length > longest ? `${reason.slice(0, longest)}…` : reason;
  return `held since ${at(sinceMs)}, seen ${at(seenMs)}: ${cut}`;
}

/** The hold that a text of the ledger keeps; `undefined` of any other text. */
export function holdIn(text: string | undefined): KeptHold | undefined {
  const [, since = "", seen = "", reason = ""] = shape.exec(text ?? "") ?? [];
  const sinceMs = Date.parse(since);
  const seenMs = Date.parse(seen);
  return Number.isNaN(sinceMs) || Number.isNaN(seenMs) ? undefined : { sinceMs, seenMs, reason };
}

/** A hold of this moment. */
export type Held = {
  readonly reason: string;
  /** For how long it has been held. */
  readonly heldMs: number;
};

/** A worker says it every few seconds, so one that has not for this long is gone. */
const staleMs = 20_000;

/** The hold, unless its worker is gone or batches are made meanwhile. `idleMs`: how long ago the last batch was. */
export function heldNow(
  kept: KeptHold | undefined,
  { nowMs, idleMs }: { readonly nowMs: number; readonly idleMs: number | undefined },
): Held | undefined {
  if (kept === undefined) return undefined;
  const seenAgoMs = nowMs - kept.seenMs;
  if (seenAgoMs > staleMs || (idleMs !== undefined && idleMs < seenAgoMs)) return undefined;
  return { reason: kept.reason, heldMs: Math.max(0, nowMs - kept.sinceMs) };
}
