import type { Adapter } from "../../src/adapters/adapter.ts";

/** Holds the lock meanwhile on a connection of its own: a fence is taken only by who has it. */
export async function whileLocked<Result>(
  adapter: Adapter,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const session = await adapter.open({ role: "lock", application: "slipway test" });
  try {
    const { lease } = await session.tryLock(name);
    if (lease === undefined) throw new Error(`somebody else has the lock ${name}`);
    const result = await work();
    await lease.release();
    return result;
  } finally {
    await session.close();
  }
}
