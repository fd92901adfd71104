/** The connections of earlier holders of the lock: the next holder ends those that nobody needs any more. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Adapter, Session } from "../../src/adapters/adapter.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { freshDatabase } from "../support/postgres.ts";
import { whileLocked } from "../support/while-locked.ts";

const mariadb = await mariadbOfRun();

type Ground = { readonly adapter: Adapter; dispose(): Promise<void> };

async function onPostgres(): Promise<Ground> {
  const { url, drop } = await freshDatabase();
  return { adapter: postgres({ url }), dispose: drop };
}

const grounds: readonly (readonly [string, () => Promise<Ground>, string])[] = [
  ["PostgreSQL", onPostgres, "SELECT pg_sleep(60)"],
  ["MariaDB", () => freshMysql(mariadb?.url ?? ""), "SELECT SLEEP(60)"],
];

describe.each(grounds)("on %s", (name, make, sleeps) => {
  describe.skipIf(name === "MariaDB" && mariadb === undefined)("the next holder", () => {
    let ground: Ground;
    const sessions: Session[] = [];
    beforeEach(async () => {
      ground = await make();
    });
    afterEach(async () => {
      for (const session of sessions.splice(0)) await session.close();
      await ground.dispose();
    });

    async function open(): Promise<Session> {
      const session = await ground.adapter.open({ role: "work", application: "slipway test" });
      sessions.push(session);
      return session;
    }

    async function take(session: Session, lock = "a") {
      const fence = await whileLocked(
        ground.adapter,
        lock,
        async () => await session.takeFence?.({ name: lock, history: { name: "history" } }),
      );
      if (fence === undefined) throw new Error("not taken");
      return fence;
    }

    const lives = (session: Session) =>
      session.query("SELECT 1 AS one").then(
        () => true,
        () => false,
      );

    it("ends the connection of the one before", async () => {
      const [old, young] = [await open(), await open()];
      expect(await take(old)).not.toHaveProperty("endEarlier");
      const fence = await take(young);
      expect(await fence.endEarlier?.()).toBeUndefined();
      expect([await lives(old), await lives(young)]).toEqual([false, true]);
      expect(await fence.endEarlier?.()).toBeUndefined();
    });

    it("leaves one alone that the server works for, says what that is, and ends it after", async () => {
      const [old, young] = [await open(), await open()];
      await take(old);
      const [own] = await old.query(`SELECT ${old.dialect.connectionId} AS id`);
      const id = String(own?.id);
      const asleep = old.query(sleeps).catch(() => undefined);
      await expect.poll(() => young.runningOn?.(id), { timeout: 10_000 }).toContain("60");
      const { endEarlier } = await take(young);
      expect(await endEarlier?.()).toContain("60");
      await old.cancel?.();
      await asleep;
      await expect.poll(() => endEarlier?.(), { timeout: 10_000 }).toBeUndefined();
      expect(await lives(old)).toBe(false);
    });

    it("leaves one alone that has come to its end, or that holds another lock", async () => {
      const [first, other, young] = [await open(), await open(), await open()];
      await (await take(first)).leave?.();
      await take(other, "b");
      expect(await take(young)).not.toHaveProperty("endEarlier");
      expect([await lives(first), await lives(other)]).toEqual([true, true]);
    });

    it("ends also the one before that, when the one between had no time to", async () => {
      const [first, between, young] = [await open(), await open(), await open()];
      await take(first);
      await take(between);
      await between.close();
      const { endEarlier } = await take(young);
      expect(await endEarlier?.()).toBeUndefined();
      expect(await lives(first)).toBe(false);
    });
  });
});
