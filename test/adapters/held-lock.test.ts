/** The heartbeat that PostgreSQL and MySQL share. Their suites run it on servers; here are its edges, by the clock. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { heldLock, type LockKeeping } from "../../src/adapter.ts";

const never = () => new Promise<never>(() => undefined);
const gone = () => Promise.reject(new Error("connection reset"));

/** A lock of 30 seconds, and how often each of its ways was gone. */
function lock(ways: Partial<LockKeeping> = {}) {
  const calls = { isHeld: 0, unlock: 0, hangUp: 0 };
  const held = heldLock({
    leaseMs: 30_000,
    isHeld: () => {
      calls.isHeld += 1;
      return ways.isHeld?.() ?? Promise.resolve(true);
    },
    unlock: () => {
      calls.unlock += 1;
      return ways.unlock?.() ?? Promise.resolve(true);
    },
    hangUp: () => {
      calls.hangUp += 1;
      ways.hangUp?.();
    },
  });
  return { held, calls };
}

describe("a held lock", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("asks three times in the length of the lease, until it is released", async () => {
    const { held, calls } = lock();
    await vi.advanceTimersByTimeAsync(90_000);
    expect(calls).toEqual({ isHeld: 9, unlock: 0, hangUp: 0 });
    expect([held.ended, held.lost.aborted]).toEqual([false, false]);
    await held.release();
    await held.release();
    await vi.advanceTimersByTimeAsync(90_000);
    expect(calls).toEqual({ isHeld: 9, unlock: 1, hangUp: 0 });
    expect([held.ended, held.lost.aborted]).toEqual([true, false]);
  });

  it("is lost within the lease when the server is silent, and hangs up", async () => {
    const { held, calls } = lock({ isHeld: never });
    await vi.advanceTimersByTimeAsync(29_999);
    expect(held.lost.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(held.lost.reason).toEqual(new Error("the server did not answer on the lock connection"));
    expect(calls).toEqual({ isHeld: 1, unlock: 0, hangUp: 1 });
  });

  it("lives on when a late answer comes within the lease", async () => {
    const { held } = lock({
      isHeld: () => new Promise((resolve) => setTimeout(() => resolve(true), 19_000)),
    });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(held.lost.aborted).toBe(false);
  });

  it.each([
    ["the server says no", async () => false, "the server does not know of the lock any more"],
    ["the connection is gone", gone, "connection reset"],
  ])("is lost at the next beat when %s", async (_, isHeld, reason) => {
    const { held, calls } = lock({ isHeld });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(held.lost.reason).toEqual(new Error(reason));
    await held.release();
    await vi.advanceTimersByTimeAsync(90_000);
    expect(calls).toEqual({ isHeld: 1, unlock: 0, hangUp: 0 });
  });

  it("says so when it was gone before its release, and not when the connection was", async () => {
    await expect(lock({ unlock: async () => false }).held.release()).rejects.toThrow(
      "the lock was gone before it was released",
    );
    await expect(lock({ unlock: gone }).held.release()).resolves.toBe(undefined);
  });

  it("hangs up on a server that does not answer the release for five seconds", async () => {
    let answer = (_: Error) => {};
    const { held, calls } = lock({
      unlock: () => new Promise((_, reject) => (answer = reject)),
      hangUp: () => answer(new Error("closed")),
    });
    const released = held.release();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(calls.hangUp).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls.hangUp).toBe(1);
    await expect(released).resolves.toBe(undefined);
  });

  it("tells nobody of a loss after its session has ended it", () => {
    const { held } = lock();
    held.end();
    held.lose(new Error("the connection was closed"));
    expect([held.ended, held.lost.aborted]).toEqual([true, false]);
  });
});
