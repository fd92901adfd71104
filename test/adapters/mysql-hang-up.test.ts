/** A server that falls silent in the middle: what was asked of it ends when the connection is hung up on. */
import { describe, expect, it } from "vitest";
import { mariadb } from "../../src/adapters/mariadb/index.ts";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { startProxy } from "../faults/support/proxy.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";

const server = await mariadbOfRun();

describe.skipIf(server === undefined)("a server that falls silent", () => {
  it.concurrent.each([
    ["mysql2", mysql],
    ["mariadb", mariadb],
  ])("%s: a lock that is held there is given up", { timeout: 30_000 }, async (_, adapter) => {
    const database = await freshMysql(server?.url ?? "");
    const proxy = await startProxy(database.url);
    const session = await adapter({ url: proxy.url }).open({ role: "lock", application: "test" });
    const { lease } = await session.tryLock("a");
    proxy.cut();
    const asked = session.query("SELECT 1");
    const answer = expect(asked).rejects.toThrow();
    await lease?.release();
    await answer;
    expect(session.errorKind(await asked.catch((error: unknown) => error))).toBe("connection_lost");
    await session.close();
    await proxy.stop();
    await database.dispose();
  });
});
