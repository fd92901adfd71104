import { afterAll, describe, expect, it } from "vitest";
import { neon } from "../../src/adapters/neon/index.ts";
import { freshDatabase } from "../support/postgres.ts";
import { describePostgresDriver } from "../support/postgres-driver.ts";
import { startRelay } from "../support/websocket-relay.ts";

const database = await freshDatabase();
const relay = await startRelay();
afterAll(async () => {
  await relay.stop();
  await database.drop();
});
const through = { wsProxy: relay.address, useSecureWebSocket: false };

describePostgresDriver(
  {
    folder: "neon",
    name: "neon",
    make: (options) => neon({ ...options, ...through }),
    more: through,
  },
  database,
);

describe("neon and its WebSocket", () => {
  const work = { role: "work", application: "test" } as const;

  it("refuses the HTTP mode by name", async () => {
    await expect(neon({ url: "https://api.example/sql" }).open(work)).rejects.toMatchObject({
      name: "ConnectionFailed",
      message:
        "the HTTP mode of Neon runs each statement by itself, without transactions and locks",
      lasting: true,
    });
  });

  it("says what to do when nobody answers at the proxy", async () => {
    const adapter = neon({ ...through, url: database.url, wsProxy: "127.0.0.1:1" });
    await expect(adapter.open(work)).rejects.toMatchObject({ name: "ConnectionFailed" });
  });

  it("loses its connection when the relay ends, and the process lives", async () => {
    const own = await startRelay();
    const adapter = neon({ ...through, url: database.url, wsProxy: own.address });
    const session = await adapter.open(work);
    await own.stop();
    const error = await session.query("SELECT 1").catch((lost) => lost);
    expect(session.errorKind(error)).toBe("connection_lost");
    await session.close();
  });
});
