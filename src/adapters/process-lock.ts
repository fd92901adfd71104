/** The migration lock of a database that no other process can open meanwhile: a claim in this process. */
import type { LockHolder } from "../core/model/errors.ts";
import type { LockAttempt } from "./adapter.ts";

/** Of each lock of one database how often it was taken, and whether it is now. One map for all sessions of the database. */
export type Claims = Map<string, { readonly taken: number; readonly isHeld: boolean }>;

/** The lock of one session. */
export interface ProcessLock {
  /** Tries once; never waits. */
  tryLock(name: string): Promise<LockAttempt>;
  /** Releases the lock. Does nothing the second time. */
  close(): Promise<void>;
}

/** A lock among the sessions that share these claims. It cannot be lost, so there is nothing to prove. */
export function processLock(claims: Claims): ProcessLock {
  const held = new Set<string>();
  const taken = (name: string) => claims.get(name)?.taken ?? 0;
  const release = (name: string) => {
    if (held.delete(name)) claims.set(name, { taken: taken(name), isHeld: false });
  };
  return {
    tryLock: async (name) => {
      if (claims.get(name)?.isHeld) return { holder: claimant(claims, name) };
      claims.set(name, { taken: taken(name) + 1, isHeld: true });
      held.add(name);
      const lost = new AbortController().signal;
      const fence = { number: String(taken(name)), proof: [] };
      return { lease: { lost, fence, release: async () => release(name) } };
    },
    close: async () => held.forEach(release),
  };
}

/** Who holds the lock: this process, or nobody. */
export function claimant(claims: Claims, name: string): LockHolder | undefined {
  return claims.get(name)?.isHeld ? { pid: String(process.pid) } : undefined;
}
