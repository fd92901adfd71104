/** The lock, and the life of a session. */
import { plain } from "../../core/model/statement.ts";
import type { Session } from "../adapter.ts";
import { createPosts, insertTitle, open, type Suite, titles, using } from "./suite.ts";

/** Who is kept out, and for how long. */
export function locks(suite: Suite): void {
  suite.it("a lock keeps a second session out until it is released", async (adapter) => {
    await using(adapter, "lock", (one) =>
      using(adapter, "lock", async (two) => {
        const { lease } = await one.tryLock("a");
        suite.expectEqual(await isFree(two, "a"), false);
        suite.expectEqual(lease?.lost.aborted, false);
        await lease?.release();
        suite.expectEqual(await isFree(two, "a"), true);
        suite.expectEqual(await isFree(one, "a"), true);
      }),
    );
  });

  suite.it("a session without the lock sees who holds it, where the database can say", (adapter) =>
    using(adapter, "lock", (lock) =>
      using(adapter, "work", async (work) => {
        suite.expectEqual(await work.lockHolder?.("a"), undefined);
        if (work.lockHolder === undefined) return;
        const { lease } = await lock.tryLock("a");
        suite.expectEqual(/^\d+$/.test((await work.lockHolder("a"))?.pid ?? ""), true);
        await lease?.release();
        suite.expectEqual(await work.lockHolder("a"), undefined);
      }),
    ),
  );

  suite.it("the end of a session frees its lock, and it was not lost", async (adapter) => {
    await using(adapter, "lock", async (two) => {
      const one = await open(adapter, "lock");
      const { lease } = await one.tryLock("a");
      suite.expectEqual(await isFree(two, "a"), false);
      await one.close();
      suite.expectEqual(await eventuallyFree(two, "a"), true);
      suite.expectEqual(lease?.lost.aborted, false);
    });
  });

  suite.it("work continues beside the lock", async (adapter) => {
    await using(adapter, "lock", async (lock) => {
      await using(adapter, "work", async (work) => {
        const { lease } = await lock.tryLock("a");
        await work.execute(createPosts(work));
        const { begin, commit } = work.dialect;
        const proof = lease?.fence?.proof ?? [];
        await work.execute([plain(begin), ...proof, insertTitle("a"), plain(commit)]);
        suite.expectEqual(await titles(work), ["a"]);
      });
    });
  });
}

/** Which taking of a lock is the later one. */
export function fences(suite: Suite): void {
  suite.it("each taking of a lock has a number, and a later one has a higher number", (adapter) =>
    using(adapter, "lock", (lock) =>
      using(adapter, "work", async (work) => {
        const first = await numberOfTaking(lock, work);
        const second = await numberOfTaking(lock, work);
        suite.expectEqual(second !== undefined && second === (first ?? 0n) + 1n, true);
      }),
    ),
  );
}

async function numberOfTaking(lock: Session, work: Session): Promise<bigint | undefined> {
  const { lease } = await lock.tryLock("a");
  const fence = lease?.fence ?? (await work.takeFence?.({ name: "a", history: { name: "posts" } }));
  await lease?.release();
  return fence && BigInt(fence.number);
}

/** Closing, opening again and describing. */
export function lifetime(suite: Suite): void {
  suite.it("a session can be closed twice, and another one opened", async (adapter) => {
    const session = await open(adapter, "work");
    await session.close();
    await session.close();
    await using(adapter, "work", async (again) => {
      suite.expectEqual(await again.query("SELECT 1 AS one"), [{ one: 1 }]);
    });
  });

  suite.it("its description names it and shows no password", async (adapter) => {
    const { password = "no password" } = suite.tests;
    suite.expectEqual(adapter.describe().includes(password), false);
    suite.expectEqual(adapter.describe() !== "", true);
  });
}

/** Whether the lock can be had; it is given back at once. */
async function isFree(session: Session, name: string): Promise<boolean> {
  const { lease } = await session.tryLock(name);
  await lease?.release();
  return lease !== undefined;
}

/** A server may hear of the end of a connection a moment later. */
async function eventuallyFree(session: Session, name: string): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if (await isFree(session, name)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
