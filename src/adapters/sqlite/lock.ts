/** The migration lock of a session: a row with an owner, or for a database in memory a claim in this process. */
import type { LockAttempt } from "../adapter.ts";

export interface Lock {
  /** Tries once; never waits for another writer. */
  tryLock(name: string): Promise<LockAttempt>;
  /** Releases the lock. Does nothing the second time. */
  close(): Promise<void>;
}

/** The lock of a session that was opened to work. */
export const noLock: Lock = {
  tryLock: () =>
    Promise.reject(new Error("only a session opened for the role lock can take the lock")),
  close: async () => undefined,
};
