/** Why the backfills of many tenants hold: told once, and always a reason that is so now. */
import { expect, it } from "vitest";
import { HeldTogether } from "../../src/backfill/throttle/held-together.ts";
import type { Edge } from "../../src/engine/events.ts";

const migration = { repo: "main", version: "1", name: "fill" } as never;

it("tells the reason of who has held the longest, and that nobody holds any more", async () => {
  const told: (string | undefined)[] = [];
  const emit: Edge["emit"] = (event) => {
    if (event.type === "backfill_held") told.push(event.reason);
  };
  const together = new HeldTogether({ emit });
  const edge = { emit } as Edge;
  let goOn = () => {};
  const waits = new Promise<void>((done) => {
    goOn = done;
  });
  const holds = (tenant: string, reason: string, end: Promise<void>) =>
    together.with(tenant, edge, async (heard) => {
      heard.emit({ type: "backfill_held", migration, reason });
      await end;
    });
  const first = holds("acme", "replica a is late", waits);
  const second = holds("bolt", "replica b is late", Promise.resolve());
  await second;
  expect(told).toEqual(["replica a is late"]);
  const third = holds("coil", "replica b is late", waits);
  goOn();
  await Promise.all([first, third]);
  expect(told).toEqual(["replica a is late", "replica b is late", undefined]);
});
