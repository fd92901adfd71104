/** The migration lock of a session: a row with an owner, or for a database in memory a claim in this process. */
import type { LockHolder } from "../../core/model/errors.ts";
import type { LockAttempt } from "../adapter.ts";

export interface Lock {
  /** Tries once; never waits for another writer. */
  tryLock(name: string): Promise<LockAttempt>;
  /** Releases what is held. Does nothing the second time. */
  close(): Promise<void>;
}

/** The lock of a session that was opened to work. */
export const noLock: Lock = {
  tryLock: () =>
    Promise.reject(new Error("only a session opened for the role lock can take the lock")),
  close: async () => undefined,
};

/** Of each lock of a database in memory how often it was taken, and whether it is now. */
export type Claims = Map<string, { readonly taken: number; readonly isHeld: boolean }>;

/** A lock among the sessions of one adapter value. It cannot be lost, so there is nothing to prove. */
export function memoryLock(claims: Claims): Lock {
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

/** Who holds the lock of a database in memory: this process, or nobody. */
export function claimant(claims: Claims, name: string): LockHolder | undefined {
  return claims.get(name)?.isHeld ? { pid: String(process.pid) } : undefined;
}
