/** PostgreSQL's table locks. https://www.postgresql.org/docs/current/explicit-locking.html */

/** From the weakest to the strongest, as the server numbers them from 1. */
export const lockModes = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const;

export type LockMode = (typeof lockModes)[number];

/** Whether others cannot write while it is held. */
export function blocksWrites(mode: LockMode): boolean {
  return lockModes.indexOf(mode) >= lockModes.indexOf("SHARE");
}

/** Whom a lock keeps waiting, in words. */
export function blockedBy(mode: LockMode): string {
  if (mode === "ACCESS EXCLUSIVE") return "all reads and writes";
  return blocksWrites(mode) ? "all writes" : "other schema changes only";
}

/** The stronger of two. */
export function stronger(a: LockMode, b: LockMode): LockMode {
  return lockModes.indexOf(a) >= lockModes.indexOf(b) ? a : b;
}
