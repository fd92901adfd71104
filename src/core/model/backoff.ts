/** Pauses between tries: they grow, and differ, so that two that are in each other's way do not meet again. */

const growth = 1.6;

/** A pause of half the time to half as much again. */
export function jittered(ms: number, { random }: { readonly random: () => number }): number {
  return ms * (0.5 + random());
}

/** The pause after this one. */
export function nextPauseMs(ms: number, longestMs: number): number {
  return Math.min(ms * growth, longestMs);
}
